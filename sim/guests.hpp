#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "core/base/random.hpp"
#include "radio/frame.hpp"
#include "sim/ether/ether.hpp"
#include "sim/scenario/scenario.hpp"

/// Antennas in our ether whose radios are programs elsewhere: a real firmware in the loop. What
/// such a program sends goes on the air here as soon as its antenna hears nobody; its own channel
/// check is done here, since it is told of a frame only when the frame is over. What frames say is
/// not known.

namespace compot::sim {

/// What an antenna of a guest received.
class GuestListener {
public:
    virtual ~GuestListener() = default;
    virtual void heard(std::size_t guest, BytesView frame, std::int16_t rssi_cdbm,
                       std::int16_t snr_cdb) = 0;
};

class Guests {
public:
    /// As many frames as a Meshtastic radio's own queue holds; more are refused.
    static constexpr std::size_t kQueueMax = 16;

    Guests(const air::Modem& modem, std::uint64_t seed) : modem_(modem), seed_(seed) {}

    void add(const scenario::FirmwarePlan& plan, const ether::Position& at, ether::Ether& ether);

    [[nodiscard]] std::size_t size() const { return guests_.size(); }

    [[nodiscard]] std::optional<std::size_t> at(ether::Station station) const;

    [[nodiscard]] ether::Station station(std::size_t which) const { return guests_[which].station; }

    /// False when too many wait; else whether a turn() must be planned for now.
    struct Taken {
        bool accepted = false;
        bool plan_turn = false;
    };

    [[nodiscard]] Taken submit(std::size_t which, BytesView frame);

    struct Turn {
        std::optional<radio::Frame> frame;  ///< goes out now
        std::optional<Time> next;           ///< when there is another turn
    };

    /// REQUIRES: that this turn was planned.
    [[nodiscard]] Turn turn(std::size_t which, const ether::Ether& ether, Time now);

private:
    struct Guest {
        ether::Station station = 0;
        Random random;
        std::deque<radio::Frame> waiting;
        bool planned = false;
    };

    [[nodiscard]] Duration backoff(Guest& guest) const;

    air::Modem modem_;
    std::uint64_t seed_;
    std::vector<Guest> guests_;
};

}  // namespace compot::sim
