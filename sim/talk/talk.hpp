#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/base/random.hpp"
#include "radio/radio.hpp"
#include "sim/ether/ether.hpp"
#include "sim/queue/queue.hpp"
#include "sim/talk/witness.hpp"

/// Meshtastic radios that do nothing but say and relay what they are given, on an ether: for meshes
/// without nodes of ours, large ones, and comparison with other simulators. One thread; the seed
/// decides all.

namespace compot::talk {

/// What was said and what became of it.
struct Tally {
    std::uint64_t messages = 0;
    std::uint64_t transmissions = 0;
    Duration air{};                ///< of all transmissions
    std::uint64_t useful = 0;      ///< deliveries to somebody who had not said it
    std::uint64_t events = 0;      ///< taken from the queue
    std::vector<Duration> delays;  ///< from a message's time to each copy that was decoded
};

class Talk {
public:
    Talk(radio::Settings settings, std::unique_ptr<ether::Ether> ether, std::uint64_t seed);

    /// Radios are numbered from 0, as the ether's stations; links may be set afterwards.
    std::size_t add(const ether::Antenna& antenna, radio::Role role) {
        return add(antenna, role, settings_);
    }

    /// Set differently from the others: somebody else's mesh on the same frequency. REQUIRES: the
    /// same modem.
    std::size_t add(const ether::Antenna& antenna, radio::Role role,
                    std::shared_ptr<const radio::Settings> settings);

    [[nodiscard]] ether::Ether& ether() { return *ether_; }

    [[nodiscard]] const ether::Ether& ether() const { return *ether_; }

    /// A text of `bytes` to everybody, with want_ack as phones send it. REQUIRES: `at` is not past;
    /// at most 200 bytes.
    void say(std::size_t who, Time at, std::size_t bytes);

    /// A packet now, as its client would give it to the radio; nothing while it has no power. What
    /// is said so is not in tally().messages and delays.
    void submit(std::size_t who, const radio::Packet& packet);

    /// Off: what it sends is cut, what it had queued and knew is lost. On: it begins anew.
    void set_power(std::size_t who, bool on);

    [[nodiscard]] bool has_power(std::size_t who) const { return voices_[who].on; }

    /// Told of everything from now on; outlives the run. Null: nobody.
    void set_witness(Witness* witness) { witness_ = witness; }

    void run_until(Time until);

    /// One event. REQUIRES: next_at() != kNever.
    void step();

    /// The clock alone, for who has something to submit then. REQUIRES: not past, and nothing of
    /// ours is due before it.
    void set_now(Time now);

    [[nodiscard]] Time now() const { return now_; }

    /// When the next event is due; kNever when nothing is left to happen.
    [[nodiscard]] Time next_at() const { return queue_.empty() ? kNever : queue_.next().at; }

    [[nodiscard]] std::size_t size() const { return voices_.size(); }

    [[nodiscard]] static NodeId id_of(std::size_t who);

    [[nodiscard]] const Tally& tally() const { return tally_; }

    [[nodiscard]] const radio::Radio& radio(std::size_t who) const { return voices_[who].radio; }

private:
    enum class Kind : std::uint32_t { Says, Wakes, Checked, Seen, FlightEnds };

    struct Voice {
        radio::Radio radio;
        Time checks = kNever;  ///< other answers to channel checks in the queue are stale
        std::uint32_t boots = 0;
        bool on = true;
    };

    struct Said {
        std::uint32_t who = 0;
        std::uint16_t bytes = 0;
        Time at{};
    };

    struct Flying {
        std::uint32_t who = 0;
        std::uint32_t boots = 0;  ///< of the sender: it may have begun anew meanwhile
        radio::Frame frame;
    };

    void push(Time at, Kind kind, std::size_t subject);
    void dispatch(const queue::Event& event);
    void tell(std::size_t who, const radio::Event& event);
    void carry_out(std::size_t who, const radio::Effect& effect);
    void transmit(std::size_t who, const radio::Transmit& sent);
    void say_now(std::size_t message);
    void end_flight(ether::Flight flight);
    void arrive(const ether::Arrival& arrival, const Flying& flying, Duration airtime);
    /// Decoded once for all, where nothing is encrypted.
    [[nodiscard]] std::optional<mesh::Data> open(const Flying& flying) const;
    void count_copies(const Flying& flying);
    void look_ahead(std::size_t arrival, bool far) const;
    void look_ahead_to_next() const;

    std::shared_ptr<const radio::Settings> settings_;
    std::unique_ptr<ether::Ether> ether_;
    std::uint64_t seed_;
    Time now_{};
    queue::Queue queue_;
    std::vector<Voice> voices_;
    /// Of each voice; other wake-ups in the queue are stale. Most are, so they are told from the
    /// others by what fits a near cache.
    std::vector<Time> wakes_;
    std::vector<Said> said_;
    std::vector<Flying> flights_;  ///< by the ether's number
    std::vector<ether::Arrival> arrivals_;
    std::optional<mesh::Data> opened_;  ///< of the flight that is ending
    std::vector<Heard> heard_;
    radio::Effects effects_;
    std::shared_ptr<radio::Names> names_ = std::make_shared<radio::Names>();
    Witness* witness_ = nullptr;
    Tally tally_;
};

}  // namespace compot::talk
