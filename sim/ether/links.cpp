// Who hears whom how strongly: kept as a list for each station, so that a flight asks nobody else.
#include <algorithm>
#include <limits>

#include "core/base/check.hpp"
#include "core/base/fixed_math.hpp"
#include "core/base/random.hpp"
#include "radio/growth.hpp"
#include "sim/ether/ether.hpp"

namespace compot::ether {

namespace {

constexpr std::uint64_t kShadowing = 0x5AD0;
constexpr std::uint64_t kAsymmetry = 0xA579;
constexpr std::int32_t kNotMeasured = std::numeric_limits<std::int32_t>::min();

/// What is this far below the noise neither disturbs nor is heard: 10 dB below SF12's least.
constexpr std::int32_t kAudibleCdb = -3000;
/// normal() is never farther from its mean than this many hundredths of a deviation.
constexpr std::int32_t kDeviationsMostHundredths = 630;
/// A signal's level has sixteen bits; no receiver stands so much.
constexpr std::int32_t kLevelMostCdbm = std::numeric_limits<std::int16_t>::max();
/// A frame survives what ends before its last five preamble symbols. SOURCE: Bor et al. 2016.
constexpr int kLockSymbols = 5;

std::uint64_t pair_key(Station a, Station b) { return static_cast<std::uint64_t>(a) << 32U | b; }

}  // namespace

Ether::Ether(Terms terms, std::unique_ptr<PathLoss> path_loss)
    : terms_(std::move(terms)),
      path_loss_(std::move(path_loss)),
      power_most_cdbm_(std::numeric_limits<std::int32_t>::min()),
      gain_most_cdb_(std::numeric_limits<std::int32_t>::min()),
      noise_least_cdbm_(std::numeric_limits<std::int32_t>::max()) {}

std::uint8_t Ether::ear_of(const air::Modem& modem) {
    const auto known = std::find_if(ears_.begin(), ears_.end(),
                                    [&](const Ear& each) { return each.modem == modem; });
    if (known != ears_.end()) return static_cast<std::uint8_t>(known - ears_.begin());
    COMPOT_CHECK(ears_.size() < std::numeric_limits<std::uint8_t>::max());
    Ear ear;
    ear.modem = modem;
    ear.symbol = air::symbol(modem);
    ear.locks_after = ear.symbol * kLockSymbols;
    ear.needs_after = ear.symbol * std::max(0, modem.preamble_symbols - kLockSymbols);
    ear.noise_cdbm = noise_floor_cdbm(modem.bandwidth_hz, terms_.noise_figure_cdb);
    ear.least_cdbm = ear.noise_cdbm + snr_least_cdb(modem.spreading_factor);
    noise_least_cdbm_ = std::min(noise_least_cdbm_, ear.noise_cdbm);
    ears_.push_back(ear);
    return static_cast<std::uint8_t>(ears_.size() - 1);
}

Station Ether::add(const Antenna& antenna) {
    const auto station = static_cast<Station>(receivers_.size());
    radio::make_room(receivers_, 1);
    receivers_.emplace_back();
    links_.add_station();
    receivers_.back().ear = ear_of(antenna.modem);
    radio::make_room(masts_, 1);
    masts_.push_back({antenna.at, antenna.power_cdbm, antenna.gain_cdb});
    power_most_cdbm_ = std::max(power_most_cdbm_, antenna.power_cdbm + antenna.gain_cdb);
    gain_most_cdb_ = std::max(gain_most_cdb_, antenna.gain_cdb);
    enter_grid(station);
    keep_links_of_flights();
    relink_near(station, antenna.at);
    return station;
}

void Ether::move(Station station, const Position& to) {
    const Position from = masts_[station].at;
    masts_[station].at = to;
    keep_links_of_flights();
    if (grid_) {
        grid_->remove(station, from);
        grid_->add(station, to);
        relink_near(station, from);
    }
    relink_near(station, to);
}

void Ether::set_loss(Station from, Station to, std::int32_t loss_cdb) {
    COMPOT_CHECK(from < receivers_.size() && to < receivers_.size());
    if (measured_.size() < receivers_.size()) measured_.resize(receivers_.size());
    auto& row = measured_[from];
    if (row.size() < receivers_.size()) row.resize(receivers_.size(), kNotMeasured);
    row[to] = loss_cdb;
    keep_links_of_flights();
    if (from != to) link(from, to);
}

std::int32_t Ether::loss_between(Station from, Station to) const {
    if (from < measured_.size() && to < measured_[from].size() &&
        measured_[from][to] != kNotMeasured) {
        return measured_[from][to];
    }
    const Position& a = masts_[from].at;
    const Position& b = masts_[to].at;
    std::int32_t loss = path_loss_->loss_cdb(a, b);
    for (const Ridge& ridge : terms_.ridges) {
        if (crosses(ridge, a, b)) loss += ridge.loss_cdb;
    }
    if (terms_.shadowing_cdb > 0) {
        Random both(terms_.seed, pair_key(std::min(from, to), std::max(from, to)), kShadowing);
        loss += normal(both, terms_.shadowing_cdb);
    }
    if (terms_.asymmetry_cdb > 0) {
        Random one(terms_.seed, pair_key(from, to), kAsymmetry);
        loss += normal(one, terms_.asymmetry_cdb);
    }
    return loss;
}

std::int32_t Ether::level_cdbm(Station from, Station to) const {
    const Mast& sender = masts_[from];
    return sender.power_cdbm + sender.gain_cdb + masts_[to].gain_cdb - loss_between(from, to);
}

std::int32_t Ether::snr_cdb(Station from, Station to) const {
    return level_cdbm(from, to) - ears_[receivers_[to].ear].noise_cdbm;
}

void Ether::hearers(Station from, std::int32_t snr_least_cdb, std::vector<Station>& out) const {
    out.clear();
    for (const Link& link : links_.of(from)) {
        const Receiver& receiver = receivers_[link.to];
        if (link.level_cdbm - ears_[receiver.ear].noise_cdbm >= snr_least_cdb)
            out.push_back(link.to);
    }
}

void Ether::keep_links_of_flights() {
    for (FlightState& flight : flights_) {
        if (!flight.flying || flight.relinked) continue;
        const std::span<const Link> links = links_.of(flight.from);
        flight.began_with.assign(links.begin(), links.end());
        flight.relinked = true;
    }
}

void Ether::link(Station from, Station to) {
    const std::int32_t level = std::min(level_cdbm(from, to), kLevelMostCdbm);
    const bool audible = level - ears_[receivers_[to].ear].noise_cdbm >= kAudibleCdb;
    if (audible) {
        links_.set(from, {to, level});
    } else {
        links_.remove(from, to);
    }
}

/// The most that may be lost between any two stations of which one is audible to the other decides
/// how far one has to look. Below 0 when that can't be said.
std::int64_t Ether::audible_within_cm() {
    std::int32_t loss = power_most_cdbm_ + gain_most_cdb_ - noise_least_cdbm_ - kAudibleCdb;
    for (const Ridge& ridge : terms_.ridges) loss += std::max(0, -ridge.loss_cdb);
    const std::int32_t deviations =
        std::max(0, terms_.shadowing_cdb) + std::max(0, terms_.asymmetry_cdb);
    loss += deviations * kDeviationsMostHundredths / 100 + 1;
    if (reach_cm_ < 0 || loss != reach_loss_cdb_) {
        reach_loss_cdb_ = loss;
        reach_cm_ = path_loss_->reach_cm(loss).value_or(-1);
    }
    return reach_cm_;
}

/// The squares are as wide as the first station that comes can reach.
void Ether::enter_grid(Station station) {
    if (station == 0 && audible_within_cm() > 0) grid_.emplace(audible_within_cm());
    if (grid_) grid_->add(station, masts_[station].at);
}

void Ether::relink_near(Station station, const Position& place) {
    const auto both_ways = [&](Station other) {
        if (other == station) return;
        link(station, other);
        link(other, station);
    };
    if (grid_ && measured_.empty() &&
        grid_->near(place, audible_within_cm(), receivers_.size(), both_ways)) {
        return;
    }
    for (Station other = 0; other < receivers_.size(); ++other) both_ways(other);
}

}  // namespace compot::ether
