#include "observe/report/slots.hpp"

#include <algorithm>

namespace compot::report {

namespace {

constexpr std::size_t kSlotsMost = 240;
/// Beyond these a picture of single nodes says nothing.
constexpr std::size_t kSeriesNodesMost = 64;

Slot joined(const Slot& a, const Slot& b) {
    Slot slot = b;
    slot.airtime_own += a.airtime_own;
    slot.airtime_relayed += a.airtime_relayed;
    slot.airtime_foreign += a.airtime_foreign;
    slot.busy_most_permille = std::max(a.busy_most_permille, b.busy_most_permille);
    slot.busy_sum_permille += a.busy_sum_permille;
    slot.busy_nodes += a.busy_nodes;
    for (std::size_t i = 0; i < kFates; ++i) slot.fates[i] += a.fates[i];
    return slot;
}

NodeSlot joined(const NodeSlot& a, const NodeSlot& b) {
    NodeSlot slot = b;
    slot.airtime += a.airtime;
    slot.purse_lowest = std::min(a.purse_lowest, b.purse_lowest);
    slot.busy_permille = std::max(a.busy_permille, b.busy_permille);
    return slot;
}

template <typename Items>
void join_each_two(Items& items) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i + 1 < items.size(); i += 2)
        items[kept++] = joined(items[i], items[i + 1]);
    items.resize(kept);
}

}  // namespace

void Slots::advance(Time now, const std::vector<NodeAccount>& nodes) {
    while (begin_ + length_ <= now) {
        close(begin_ + length_, nodes);
        begin_ += length_;
        if (slots_.size() == kSlotsMost) join_pairs();
    }
}

NodeSlot& Slots::current(Who who) {
    if (who >= now_.size()) {
        now_.resize(who + 1);
        touched_.resize(who + 1);
    }
    return now_[who];
}

void Slots::transmission(Whose whose, Who who, Time begin, Time end) {
    flying_.push_back({whose, who, begin, end});
}

void Slots::fate(observe::Fate fate) { ++slot_.fates[static_cast<std::size_t>(fate)]; }

void Slots::purse(Who who, Duration balance) {
    NodeSlot& slot = current(who);
    slot.purse_lowest = touched_[who] ? std::min(slot.purse_lowest, balance) : balance;
    touched_[who] = true;
}

/// What of each transmission lies in the slot that ends at `end`.
void Slots::spread(Time end) {
    for (const Flying& flying : flying_) {
        const Duration part = std::min(flying.end, end) - std::max(flying.begin, begin_);
        if (part <= Duration{}) continue;
        switch (flying.whose) {
            case Whose::Own: slot_.airtime_own += part; break;
            case Whose::Relayed: slot_.airtime_relayed += part; break;
            case Whose::Foreign: slot_.airtime_foreign += part; break;
        }
        if (flying.whose != Whose::Foreign && !too_many_nodes_) current(flying.who).airtime += part;
    }
    std::erase_if(flying_, [end](const Flying& flying) { return flying.end <= end; });
}

void Slots::sample(const std::vector<NodeAccount>& nodes) {
    too_many_nodes_ = too_many_nodes_ || nodes.size() > kSeriesNodesMost;
    for (Who who = 0; who < nodes.size(); ++who) {
        const NodeAccount& node = nodes[who];
        if (!node.ours) continue;
        if (node.alive) {
            slot_.busy_most_permille = std::max(slot_.busy_most_permille, node.busy_now);
            slot_.busy_sum_permille += node.busy_now;
            ++slot_.busy_nodes;
        }
        if (too_many_nodes_) continue;
        NodeSlot& slot = current(who);
        if (!touched_[who]) slot.purse_lowest = node.purse_now;
        slot.battery_permille = node.battery_permille;
        slot.busy_permille = node.alive ? node.busy_now : std::uint16_t{0};
    }
}

void Slots::close(Time end, const std::vector<NodeAccount>& nodes) {
    spread(end);
    sample(nodes);
    slots_.push_back(slot_);
    slot_ = {};
    if (!too_many_nodes_) {
        if (series_.size() < now_.size()) series_.resize(now_.size());
        for (std::size_t who = 0; who < now_.size(); ++who) {
            series_[who].resize(slots_.size());  // a node that came later was nothing before
            series_[who].back() = now_[who];
        }
    } else {
        series_.clear();
    }
    std::fill(now_.begin(), now_.end(), NodeSlot{});
    std::fill(touched_.begin(), touched_.end(), false);
}

void Slots::join_pairs() {
    join_each_two(slots_);
    for (auto& one : series_) join_each_two(one);
    length_ *= 2;
}

void Slots::finish(Time until, Account& account) {
    advance(until, account.nodes);
    if (until > begin_) close(until, account.nodes);
    account.slot = length_;
    account.slots = std::move(slots_);
    account.series = std::move(series_);
}

}  // namespace compot::report
