#include "radio/history.hpp"

#include <algorithm>
#include <utility>

#include "core/base/check.hpp"

namespace compot::radio {
namespace {

// A head: three bits of hop limit, three of the number of relayers, and what else there is.
constexpr std::uint8_t kHopLimitMask = 0x07;
constexpr unsigned kRelayersShift = 3;
constexpr std::uint8_t kHasOwnHopLimit = 0x40;
constexpr std::uint8_t kHasNextHop = 0x80;

constexpr std::size_t relayers_of(std::uint8_t head) { return (head >> kRelayersShift) & 7U; }

/// Bytes in details.
constexpr std::size_t details_of(std::uint8_t head) {
    return relayers_of(head) + ((head & kHasOwnHopLimit) != 0 ? 1 : 0) +
           ((head & kHasNextHop) != 0 ? 1 : 0);
}

/// A record as it is kept.
struct Packed {
    std::uint8_t head = 0;
    std::uint8_t size = 0;
    std::array<std::uint8_t, History::kRelayersMax + 2> details{};
};

Packed pack(const History::Record& record) {
    COMPOT_CHECK(record.hop_limit <= kHopsMax);
    Packed packed;
    unsigned head = record.hop_limit;
    if (record.own_hop_limit != 0) {
        head |= kHasOwnHopLimit;
        packed.details[packed.size++] = record.own_hop_limit;
    }
    if (record.next_hop != kNoHop) {
        head |= kHasNextHop;
        packed.details[packed.size++] = record.next_hop;
    }
    unsigned relayers = 0;
    for (const std::uint8_t node : record.relayers) {
        if (node == kNoHop) break;
        packed.details[packed.size++] = node;
        ++relayers;
    }
    packed.head = static_cast<std::uint8_t>(head | relayers << kRelayersShift);
    return packed;
}

/// Room for some more, but never for more than there can be: doubling would waste half.
template <typename T>
void make_room(std::vector<T>& list, std::size_t capacity) {
    if (list.size() < list.capacity()) return;
    list.reserve(std::min(capacity, list.size() + list.size() / 4 + 8));
}

}  // namespace

bool History::Record::relayed_by(std::uint8_t node) const {
    return node != kNoHop && std::find(relayers.begin(), relayers.end(), node) != relayers.end();
}

bool History::Record::relayed_only_by(std::uint8_t node) const {
    return relayed_by(node) &&
           std::all_of(relayers.begin(), relayers.end(),
                       [&](std::uint8_t each) { return each == node || each == kNoHop; });
}

void History::Record::add_relayer(std::uint8_t node) {
    if (node == kNoHop || relayed_by(node)) return;
    std::copy_backward(relayers.begin(), relayers.end() - 1, relayers.end());
    relayers[0] = node;
}

void History::Record::sent_by(std::uint8_t us, std::uint8_t with_hop_limit) {
    own_hop_limit = with_hop_limit;
    add_relayer(us);
}

void History::Record::heard_from(std::uint8_t us, const Header& header) {
    // One hop less than ours, or as many where a hop between routers is free.
    const bool after_us =
        header.hop_limit == own_hop_limit || header.hop_limit + 1 == own_hop_limit;
    if (after_us && relayed_by(us)) add_relayer(header.relay_node);
}

History::History(std::uint16_t capacity, std::shared_ptr<Names> names)
    : all_names_(names != nullptr ? std::move(names) : std::make_shared<Names>()),
      capacity_(capacity) {
    COMPOT_CHECK(capacity > 0);
}

History::~History() {
    for (const Names::Name name : names_) all_names_->drop(name);
}

History::Place History::find(NodeId from, PacketId id) const {
    const Names::Name name = all_names_->find(from, id);
    if (name == Names::kUnknown) return kNowhere;
    // Youngest first, by blocks that the compiler compares at once.
    constexpr std::size_t kBlock = 16;
    const Names::Name* const first = names_.data();
    std::size_t end = names_.size();
    while (end >= kBlock) {
        const Names::Name* const block = first + end - kBlock;
        std::uint32_t found = 0;
        for (std::size_t i = 0; i < kBlock; ++i) found |= block[i] == name ? 1U : 0U;
        if (found != 0) break;
        end -= kBlock;
    }
    while (end > 0) {
        if (first[--end] == name) return end;
    }
    return kNowhere;
}

/// Where the details of `place` begin.
std::size_t History::detail_of(Place place) const {
    if (place == 0) return 0;
    std::size_t after = 0;
    for (std::size_t i = heads_.size(); i-- > place;) after += details_of(heads_[i]);
    return details_.size() - after;
}

History::Record History::at(Place place) const {
    COMPOT_CHECK(place < heads_.size());
    Record record;
    const std::uint8_t head = heads_[place];
    record.hop_limit = head & kHopLimitMask;
    if (details_of(head) == 0) return record;
    std::size_t at = detail_of(place);
    if ((head & kHasOwnHopLimit) != 0) record.own_hop_limit = details_[at++];
    if ((head & kHasNextHop) != 0) record.next_hop = details_[at++];
    for (std::size_t i = 0; i < relayers_of(head); ++i) record.relayers[i] = details_[at++];
    return record;
}

void History::put(Place place, const Record& record) {
    COMPOT_CHECK(place < heads_.size());
    const Packed packed = pack(record);
    const auto from = details_.begin() + static_cast<std::ptrdiff_t>(detail_of(place));
    const std::size_t before = details_of(heads_[place]);
    heads_[place] = packed.head;
    if (packed.size > before) {
        details_.insert(from, packed.size - before, std::uint8_t{0});
    } else {
        details_.erase(from, from + static_cast<std::ptrdiff_t>(before - packed.size));
    }
    std::copy_n(packed.details.begin(), packed.size,
                details_.end() - static_cast<std::ptrdiff_t>(details_.size() - detail_of(place)));
}

void History::append(Names::Name name, const Record& record) {
    const Packed packed = pack(record);
    make_room(names_, capacity_);
    make_room(heads_, capacity_);
    if (details_.size() + packed.size > details_.capacity()) {
        details_.reserve(details_.size() + details_.size() / 4 + packed.details.size());
    }
    names_.push_back(name);
    heads_.push_back(packed.head);
    details_.insert(details_.end(), packed.details.begin(), packed.details.begin() + packed.size);
}

void History::erase(Place place) {
    const auto at = static_cast<std::ptrdiff_t>(place);
    const auto from = static_cast<std::ptrdiff_t>(detail_of(place));
    const auto size = static_cast<std::ptrdiff_t>(details_of(heads_[place]));
    details_.erase(details_.begin() + from, details_.begin() + from + size);
    names_.erase(names_.begin() + at);
    heads_.erase(heads_.begin() + at);
}

void History::renew(Place place, const Record& record) {
    if (place + 1 == names_.size()) return put(place, record);
    const Names::Name name = names_[place];
    erase(place);
    append(name, record);
}

void History::insert(NodeId from, PacketId id, const Record& record) {
    if (names_.size() == capacity_) {
        const Names::Name oldest = names_.front();
        erase(0);
        all_names_->drop(oldest);
    }
    append(all_names_->take(from, id), record);
}

}  // namespace compot::radio
