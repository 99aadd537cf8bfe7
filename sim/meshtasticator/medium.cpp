#include "sim/meshtasticator/medium.hpp"

#include <algorithm>
#include <utility>

#include "core/air/modem.hpp"

namespace compot::meshtasticator {

namespace {

// LONG_FAST: -174 + 10 log10(250 kHz) + 6 - 17.5, and a channel check hears 3 dB more.
constexpr std::int32_t kSensitivityMdbm = -131'500;
constexpr std::int32_t kDetectionMdbm = kSensitivityMdbm - 3'000;
constexpr std::int32_t kCaptureMdb = 6'000;
constexpr std::uint8_t kPreambleSymbols = 16;
constexpr std::uint8_t kPreambleNeeded = 5;
constexpr std::uint8_t kExtraCoding = 4;  // defect 1: (4/5) + 4

/// As air::airtime, with any coding rate: the wrong one is none that a radio has.
Duration airtime_of(std::uint16_t frame_bytes, std::uint8_t coding_rate) {
    constexpr int kSpreading = 11;
    constexpr std::int64_t kSymbolUs = 8192;
    const int bits = 8 * frame_bytes - 4 * kSpreading + 28 + 16;
    const int groups = std::max(0, (bits + 4 * kSpreading - 1) / (4 * kSpreading));
    const std::int64_t quarter_symbols =
        4 * (kPreambleSymbols + 8 + static_cast<std::int64_t>(groups) * coding_rate) + 17;
    return Duration{quarter_symbols * kSymbolUs / 4};
}

}  // namespace

Medium::Medium(const Scenario& scenario, const Fixes& fixes)
    : nodes_(scenario.nodes),
      fixes_(fixes),
      airtime_(airtime_of(static_cast<std::uint16_t>(scenario.payload_bytes + air::kHeaderBytes),
                          static_cast<std::uint8_t>(
                              fixes.airtime || scenario.airtime_fixed ? 5 : 5 + kExtraCoding))),
      reaches_(nodes_) {
    const std::int64_t spare_us = (kPreambleSymbols - kPreambleNeeded) * 8192;
    unharmed_ = Duration{fixes.preamble ? spare_us : spare_us / 1000};  // defect 2
    for (std::size_t from = 0; from < nodes_; ++from)
        reaches_[from] = reach_of(from, scenario.rssi_mdbm);
}

std::shared_ptr<const Reach> Medium::reach_of(std::size_t sender,
                                              const std::vector<std::int32_t>& rssi_mdbm) const {
    Reach reach;
    reach.detected.resize(nodes_);
    for (std::size_t to = 0; to < nodes_; ++to) {
        const std::int32_t level = rssi_mdbm[sender * nodes_ + to];
        reach.detected[to] = level != kInaudible && level >= kDetectionMdbm;
        if (level != kInaudible && level >= kSensitivityMdbm)
            reach.ears.push_back({static_cast<std::uint16_t>(to), true, false, true, level});
    }
    return std::make_shared<const Reach>(std::move(reach));
}

void Medium::set_levels(const std::vector<std::int32_t>& rssi_mdbm, std::uint16_t moved) {
    for (std::size_t from = 0; from < nodes_; ++from) {
        const bool reached = reaches_[from]->detected[moved];
        const bool reaches = rssi_mdbm[from * nodes_ + moved] >= kDetectionMdbm;
        if (from == moved || reached || reaches) reaches_[from] = reach_of(from, rssi_mdbm);
    }
}

std::size_t Medium::begin(std::uint16_t sender, std::uint32_t packet,
                          std::shared_ptr<const Reach> reach, Time now) {
    if (free_.empty()) {
        free_.push_back(pool_.size());
        pool_.emplace_back();
    }
    const std::size_t slot = free_.back();
    free_.pop_back();
    Transmission& sent = pool_[slot];
    sent.sender = sender;
    sent.packet = packet;
    sent.began = now;
    sent.ends = now + airtime_;
    sent.ears = reach->ears;
    sent.reach = std::move(reach);
    collide(sent, now);
    on_air_.push_back(slot);
    return slot;
}

void Medium::collide(Transmission& sent, Time now) {
    for (const std::size_t slot : on_air_) {
        Transmission& other = pool_[slot];
        if (now + unharmed_ >= other.ends) continue;
        // Both lists are in order of receivers: one walk finds who hears both.
        auto theirs = other.ears.begin();
        for (Ear& ear : sent.ears) {
            while (theirs != other.ears.end() && theirs->receiver < ear.receiver) ++theirs;
            if (theirs == other.ears.end()) break;
            if (theirs->receiver != ear.receiver || !theirs->interferes) continue;
            const std::int32_t louder = ear.rssi_mdbm - theirs->rssi_mdbm;
            if (louder < kCaptureMdb) ear.collided = true;
            if (louder > -kCaptureMdb) theirs->collided = true;
        }
    }
    if (fixes_.lost_interferes) return;
    for (Ear& ear : sent.ears) ear.interferes = !ear.collided;
}

void Medium::finish(std::size_t slot) {
    const Transmission& sent = pool_[slot];
    on_air_.erase(std::find(on_air_.begin(), on_air_.end(), slot));
    free_.push_back(slot);
    if (ended_ != sent.ends) just_ended_.clear();
    ended_ = sent.ends;
    just_ended_.push_back({sent.reach, sent.sender});
}

bool Medium::busy(std::uint16_t node, Time now) const {
    const auto heard = [node](const auto& other) {
        return other.sender != node && other.reach->detected[node];
    };
    if (ended_ == now && std::any_of(just_ended_.begin(), just_ended_.end(), heard)) return true;
    return std::any_of(on_air_.begin(), on_air_.end(), [&](std::size_t slot) {
        return pool_[slot].began + kSlot <= now && heard(pool_[slot]);
    });
}

}  // namespace compot::meshtasticator
