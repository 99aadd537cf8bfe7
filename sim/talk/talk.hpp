#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/random.hpp"
#include "radio/radio.hpp"
#include "sim/ether/ether.hpp"
#include "sim/queue/queue.hpp"

/// Meshtastic radios that do nothing but say and relay texts, on an ether: for meshes without nodes
/// of ours, large ones, and comparison with other simulators. One thread; the seed decides all.

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
    std::size_t add(const ether::Antenna& antenna, radio::Role role);

    [[nodiscard]] ether::Ether& ether() { return *ether_; }

    /// A text of `bytes` to everybody, with want_ack as phones send it. REQUIRES: `at` is not past;
    /// at most 200 bytes.
    void say(std::size_t who, Time at, std::size_t bytes);

    void run_until(Time until);

    [[nodiscard]] const Tally& tally() const { return tally_; }

    [[nodiscard]] const radio::Radio& radio(std::size_t who) const { return voices_[who].radio; }

private:
    enum class Kind : std::uint32_t { Says, Wakes, Checked, Seen, FlightEnds };

    struct Voice {
        radio::Radio radio;
        Time wakes = kNever;
    };

    struct Said {
        std::uint32_t who = 0;
        std::uint16_t bytes = 0;
        Time at{};
    };

    struct Flying {
        std::uint32_t who = 0;
        radio::Frame frame;
    };

    void push(Time at, Kind kind, std::size_t subject);
    void dispatch(const queue::Event& event);
    void tell(std::size_t who, const radio::Event& event);
    void carry_out(std::size_t who, const radio::Effect& effect);
    void submit(std::size_t message);
    void end_flight(ether::Flight flight);

    std::shared_ptr<const radio::Settings> settings_;
    std::unique_ptr<ether::Ether> ether_;
    std::uint64_t seed_;
    Time now_{};
    queue::Queue queue_;
    std::vector<Voice> voices_;
    std::vector<Said> said_;
    std::vector<Flying> flights_;  ///< by the ether's number
    std::vector<ether::Arrival> arrivals_;
    Tally tally_;
};

}  // namespace compot::talk
