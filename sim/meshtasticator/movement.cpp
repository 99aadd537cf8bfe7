#include "sim/meshtasticator/movement.hpp"

#include <algorithm>
#include <array>

#include "core/base/check.hpp"
#include "core/base/fixed_math.hpp"

namespace compot::meshtasticator {

namespace {

constexpr std::uint32_t kFrequencyKhz = 908'750;
constexpr std::array<std::int32_t, 3> kMinuteCm{9'600, 39'000,
                                                150'000};  // on foot, bicycle, wheels
constexpr std::int64_t kEveryUs = 60'000'000;
constexpr std::uint64_t kWaits = 0x59A3;
constexpr std::uint32_t kFullTurn = 65'536;

std::int32_t part_of(std::int32_t distance_cm, std::int32_t q15) {
    return static_cast<std::int32_t>(static_cast<std::int64_t>(distance_cm) * q15 / 32'768);
}

}  // namespace

Movement::Movement(const Scenario& scenario, std::uint64_t seed)
    : loss_(kFrequencyKhz, ether::Macrocell::Ground::Suburb), last_(Time{scenario.until}) {
    if (!scenario.places) return;
    places_ = scenario.places->starts;
    border_cm_ = scenario.places->side_cm / 2;
    for (const ether::Position& from : places_)
        for (const ether::Position& to : places_) losses_cdb_.push_back(loss_.loss_cdb(from, to));
    for (std::uint16_t node = 0; node < scenario.nodes; ++node) {
        if (!scenario.places->moves[node]) continue;
        Walker walker{node, 0, PythonRandom(node), Random(seed, node, kWaits), Time{}};
        // Its first two numbers decided that it moves, and whether it tells where it is: the kept
        // run has both.
        static_cast<void>(walker.walk.unit());
        static_cast<void>(walker.walk.unit());
        walker.minute_cm = kMinuteCm[walker.walk.below(kMinuteCm.size())];
        walkers_.push_back(walker);
    }
}

std::vector<Movement::Walker>::iterator Movement::first() {
    return std::min_element(walkers_.begin(), walkers_.end(),
                            [](const Walker& a, const Walker& b) { return a.next < b.next; });
}

Time Movement::next_at() const {
    Time at = kNever;
    for (const Walker& each : walkers_) at = std::min(at, each.next);
    return at;
}

ether::Position Movement::stepped(Walker& walker) const {
    const auto turn = static_cast<std::uint16_t>(walker.walk.unit() * kFullTurn);
    const auto distance = static_cast<std::int32_t>(walker.walk.unit() * walker.minute_cm);
    ether::Position at = places_[walker.node];
    at.x_cm = std::clamp(at.x_cm + part_of(distance, cosine_q15(turn)), -border_cm_, border_cm_);
    at.y_cm = std::clamp(at.y_cm + part_of(distance, sine_q15(turn)), -border_cm_, border_cm_);
    return at;
}

std::uint16_t Movement::step(std::vector<std::int32_t>& rssi_mdbm) {
    const auto walker = first();
    COMPOT_CHECK(walker != walkers_.end() && walker->next != kNever);
    const std::uint16_t node = walker->node;
    places_[node] = stepped(*walker);
    const std::size_t nodes = places_.size();
    for (std::size_t other = 0; other < nodes; ++other) {
        if (other == node) continue;
        // As in its levels from the start, the higher of two antennas is the base.
        const std::int32_t loss_cdb = loss_.loss_cdb(places_[node], places_[other]);
        for (const std::size_t cell : {node * nodes + other, other * nodes + node}) {
            if (rssi_mdbm[cell] != kInaudible)
                rssi_mdbm[cell] += 10 * (losses_cdb_[cell] - loss_cdb);
            losses_cdb_[cell] = loss_cdb;
        }
    }
    walker->next += Duration{exponential(walker->waits, kEveryUs)};
    if (walker->next >= last_) walker->next = kNever;
    return node;
}

}  // namespace compot::meshtasticator
