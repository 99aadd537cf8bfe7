#include "sim/guests.hpp"

#include "core/base/check.hpp"
#include "radio/contention.hpp"

namespace compot::sim {

namespace {

constexpr std::uint64_t kPurpose = 0x6E57;

}  // namespace

void Guests::add(const scenario::FirmwarePlan& plan, const ether::Position& at,
                 ether::Ether& ether) {
    ether::Antenna antenna;
    antenna.at = at;
    antenna.power_cdbm = plan.power_cdbm;
    antenna.gain_cdb = plan.gain_cdb;
    antenna.modem = modem_;
    guests_.push_back(
        Guest{ether.add(antenna), Random(seed_, guests_.size(), kPurpose), {}, false});
}

std::optional<std::size_t> Guests::at(ether::Station station) const {
    for (std::size_t i = 0; i < guests_.size(); ++i) {
        if (guests_[i].station == station) return i;
    }
    return std::nullopt;
}

Guests::Taken Guests::submit(std::size_t which, BytesView frame) {
    Guest& guest = guests_[which];
    radio::Frame copy;
    if (guest.waiting.size() >= kQueueMax || frame.empty() || !copy.assign(frame)) return {};
    guest.waiting.push_back(copy);
    const bool plan_turn = !guest.planned;
    guest.planned = true;
    return {true, plan_turn};
}

/// The firmware has waited its own window already; on a busy channel it draws another.
/// SOURCE: radio/contention.hpp.
Duration Guests::backoff(Guest& guest) const {
    const radio::Window window = radio::own_window(0);
    return air::slot(modem_) * (1 + window.first + guest.random.below(window.width));
}

Guests::Turn Guests::turn(std::size_t which, const ether::Ether& ether, Time now) {
    Guest& guest = guests_[which];
    COMPOT_CHECK(guest.planned && !guest.waiting.empty());
    if (ether.sending(guest.station, now) || ether.receiving(guest.station, now) ||
        ether.carrier(guest.station, now)) {
        return {std::nullopt, now + backoff(guest)};
    }
    Turn turn;
    turn.frame = guest.waiting.front();
    guest.waiting.pop_front();
    guest.planned = !guest.waiting.empty();
    if (guest.planned) {
        const auto airtime = air::airtime(modem_, turn.frame->size());
        COMPOT_CHECK(airtime.ok());
        turn.next = now + *airtime + backoff(guest);
    }
    return turn;
}

}  // namespace compot::sim
