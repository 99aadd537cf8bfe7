#include "radio/history.hpp"

#include <algorithm>
#include <utility>

#include "core/base/check.hpp"

namespace compot::radio {
namespace {

// A head: three bits of hop limit, three of the number of relayers in details, and two more.
/// As after an ordinary relay: our own hop limit is one less than the highest that we heard, and we
/// are the first of its relayers. Neither is written out.
constexpr std::uint8_t kRelayed = 0x40;
/// Details begin with our own hop limit, and the next hop.
constexpr std::uint8_t kMore = 0x80;
constexpr std::uint8_t kHopLimitMask = 0x07;
constexpr unsigned kRelayersShift = 3;

constexpr std::size_t relayers_of(std::uint8_t head) { return (head >> kRelayersShift) & 7U; }

/// Bytes in details.
constexpr std::size_t details_of(std::uint8_t head) {
    return relayers_of(head) + ((head & kMore) != 0 ? 2 : 0);
}

/// A record as it is kept.
struct Packed {
    std::uint8_t head = 0;
    std::uint8_t size = 0;
    std::array<std::uint8_t, History::kRelayersMax + 2> details{};
};

Packed pack(const History::Record& record, std::uint8_t us) {
    COMPOT_CHECK(record.hop_limit <= kHopsMax);
    const auto end = std::find(record.relayers.begin(), record.relayers.end(), kNoHop);
    auto relayers = static_cast<std::size_t>(end - record.relayers.begin());
    const bool relayed = relayers > 0 && record.relayers[relayers - 1] == us &&
                         record.own_hop_limit + 1 == record.hop_limit;
    const bool more = record.next_hop != kNoHop || (!relayed && record.own_hop_limit != 0);
    if (relayed) --relayers;
    Packed packed;
    if (more) {
        packed.details[packed.size++] = record.own_hop_limit;
        packed.details[packed.size++] = record.next_hop;
    }
    std::copy_n(record.relayers.begin(), relayers, packed.details.begin() + packed.size);
    packed.size = static_cast<std::uint8_t>(packed.size + relayers);
    packed.head = static_cast<std::uint8_t>(record.hop_limit | relayers << kRelayersShift |
                                            (relayed ? kRelayed : 0U) | (more ? kMore : 0U));
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

History::History(std::uint16_t capacity, std::uint8_t us, std::shared_ptr<Names> names)
    : all_names_(names != nullptr ? std::move(names) : std::make_shared<Names>()),
      capacity_(capacity),
      us_(us) {
    COMPOT_CHECK(capacity > 0);
}

History::~History() {
    for (Place place = 0; place < size(); ++place) all_names_->drop(name_of(place));
}

Names::Name History::name_of(Place place) const {
    const Names::Name high = names_high_.empty() ? 0U : names_high_[place];
    return high << 16U | names_low_[place];
}

void History::look_ahead() const {
    if (heads_.empty()) return;
    __builtin_prefetch(&names_low_.back());
    __builtin_prefetch(&names_low_[names_low_.size() / 2]);
    __builtin_prefetch(&heads_.back());
    if (!details_.empty()) __builtin_prefetch(&details_.back());
}

History::Place History::find(NodeId from, PacketId id) const {
    const Names::Name name = all_names_->find(from, id);
    if (name == Names::kUnknown) return kNowhere;
    // Youngest first, by blocks that the compiler compares at once.
    constexpr std::size_t kBlock = 32;
    const auto low = static_cast<std::uint16_t>(name);
    const std::uint16_t* const first = names_low_.data();
    std::size_t end = names_low_.size();
    while (end > 0) {
        const std::size_t block = std::min(end, kBlock);
        std::uint16_t found = 0;
        if (block == kBlock) {
            const std::uint16_t* const at = first + end - kBlock;
            for (std::size_t i = 0; i < kBlock; ++i) {
                found = static_cast<std::uint16_t>(found | (at[i] == low ? 1U : 0U));
            }
        }
        if (found != 0 || block < kBlock) {
            for (std::size_t i = end; i-- > end - block;) {
                if (first[i] == low && name_of(i) == name) return i;
            }
        }
        end -= block;
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
    std::size_t at = details_of(head) == 0 ? 0 : detail_of(place);
    if ((head & kMore) != 0) {
        record.own_hop_limit = details_[at++];
        record.next_hop = details_[at++];
    }
    const std::size_t relayers = relayers_of(head);
    for (std::size_t i = 0; i < relayers; ++i) record.relayers[i] = details_[at++];
    if ((head & kRelayed) != 0) {
        record.own_hop_limit = static_cast<std::uint8_t>(record.hop_limit - 1);
        record.relayers[relayers] = us_;
    }
    return record;
}

void History::put(Place place, const Record& record) {
    COMPOT_CHECK(place < heads_.size());
    const Packed packed = pack(record, us_);
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
    const Packed packed = pack(record, us_);
    make_room(names_low_, capacity_);
    make_room(heads_, capacity_);
    if (details_.size() + packed.size > details_.capacity()) {
        details_.reserve(details_.size() + details_.size() / 8 + packed.details.size());
    }
    names_low_.push_back(static_cast<std::uint16_t>(name));
    if (name > 0xFFFFU && names_high_.empty()) names_high_.resize(size());
    if (name > 0xFFFFU || !names_high_.empty()) {
        make_room(names_high_, capacity_);
        names_high_.push_back(static_cast<std::uint16_t>(name >> 16U));
    }
    heads_.push_back(packed.head);
    details_.insert(details_.end(), packed.details.begin(), packed.details.begin() + packed.size);
}

void History::erase(Place place) {
    const auto at = static_cast<std::ptrdiff_t>(place);
    const auto from = static_cast<std::ptrdiff_t>(detail_of(place));
    const auto size = static_cast<std::ptrdiff_t>(details_of(heads_[place]));
    details_.erase(details_.begin() + from, details_.begin() + from + size);
    names_low_.erase(names_low_.begin() + at);
    if (!names_high_.empty()) names_high_.erase(names_high_.begin() + at);
    heads_.erase(heads_.begin() + at);
}

void History::renew(Place place, const Record& record) {
    if (place + 1 == size()) return put(place, record);
    const Names::Name name = name_of(place);
    erase(place);
    append(name, record);
}

void History::insert(NodeId from, PacketId id, const Record& record) {
    if (size() == capacity_) {
        const Names::Name oldest = name_of(0);
        erase(0);
        all_names_->drop(oldest);
    }
    append(all_names_->take(from, id), record);
}

}  // namespace compot::radio
