#include "radio/history.hpp"

#include <algorithm>
#include <cstring>
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

constexpr std::size_t kBlock = 32;

/// Is it one of the kBlock numbers from `at` on? Compares eight at once on any machine that can.
bool any_of_block(const std::uint16_t* at, std::uint16_t wanted) {
    using Eight = std::uint16_t __attribute__((vector_size(16)));
    using Halves = std::uint64_t __attribute__((vector_size(16)));
    static_assert(kBlock == 4 * sizeof(Eight) / sizeof(wanted));
    std::array<Eight, 4> numbers;
    std::memcpy(numbers.data(), at, sizeof(numbers));
    Halves found{};
    for (const Eight& eight : numbers) found |= reinterpret_cast<Halves>(eight == wanted);
    return (found[0] | found[1]) != 0;
}

/// So many packets may be forgotten, or bytes of their details, before their room is taken back:
/// then everything is moved, which so seldom costs little.
constexpr std::uint32_t kGapMost = 5;
constexpr std::uint32_t kDetailsGap = 8;
/// Room for packets, at first and then so many times what is there; bytes of details by steps.
constexpr std::uint32_t kRoomLeast = 24;
constexpr std::uint32_t kGrowth = 3;
constexpr std::uint32_t kDetailsStep = 64;

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
    for (Place place = first_; place < end_; ++place) all_names_->drop(name_of(place));
}

History::Lists History::lists() const {
    std::uint16_t* const low = block_.get();
    std::uint16_t* const high = low + room_;
    auto* const heads = reinterpret_cast<std::uint8_t*>(wide_ ? high + room_ : high);
    return {low, wide_ ? high : nullptr, heads, heads + room_};
}

Names::Name History::name_of(Place place) const {
    const Lists here = lists();
    const Names::Name high = wide_ ? here.high[place] : 0U;
    return high << 16U | here.low[place];
}

void History::look_ahead() const {
    if (size() == 0) return;
    const Lists here = lists();
    constexpr std::size_t kLine = 64 / sizeof(std::uint16_t);
    for (std::size_t at = first_; at < end_; at += kLine) __builtin_prefetch(here.low + at);
    __builtin_prefetch(here.heads + end_ - 1, 1);
    __builtin_prefetch(here.details + details_end_, 1);
}

History::Place History::find(NodeId from, PacketId id) const {
    const Names::Name name = all_names_->find(from, id);
    if (name == Names::kUnknown) return kNowhere;
    // Youngest first, by blocks.
    const auto low = static_cast<std::uint16_t>(name);
    const std::uint16_t* const names = block_.get();
    std::size_t end = end_;
    while (end > first_) {
        const std::size_t block = std::min(end - first_, kBlock);
        if (block < kBlock || any_of_block(names + end - kBlock, low)) {
            for (std::size_t i = end; i-- > end - block;) {
                if (names[i] == low && name_of(i) == name) return i;
            }
        }
        end -= block;
    }
    return kNowhere;
}

/// Where the details of `place` begin.
std::size_t History::detail_of(Place place) const {
    if (place == first_) return details_first_;
    const std::uint8_t* const heads = lists().heads;
    std::size_t after = 0;
    for (std::size_t i = end_; i-- > place;) after += details_of(heads[i]);
    return details_end_ - after;
}

History::Record History::at(Place place) const {
    COMPOT_CHECK(first_ <= place && place < end_);
    const Lists here = lists();
    Record record;
    const std::uint8_t head = here.heads[place];
    record.hop_limit = head & kHopLimitMask;
    std::size_t at = details_of(head) == 0 ? 0 : detail_of(place);
    if ((head & kMore) != 0) {
        record.own_hop_limit = here.details[at++];
        record.next_hop = here.details[at++];
    }
    const std::size_t relayers = relayers_of(head);
    for (std::size_t i = 0; i < relayers; ++i) record.relayers[i] = here.details[at++];
    if ((head & kRelayed) != 0) {
        record.own_hop_limit = static_cast<std::uint8_t>(record.hop_limit - 1);
        record.relayers[relayers] = us_;
    }
    return record;
}

/// Moves the details of whoever is younger. REQUIRES: room for them. The head still tells how many
/// there were.
void History::resize_details(Place place, std::size_t size) {
    const Lists here = lists();
    const std::size_t from = detail_of(place);
    const std::size_t before = details_of(here.heads[place]);
    if (place == first_ && size == 0) {
        details_first_ += static_cast<std::uint32_t>(before);
        return;
    }
    std::uint8_t* const at = here.details + from;
    std::memmove(at + size, at + before, details_end_ - from - before);
    details_end_ = static_cast<std::uint32_t>(details_end_ + size - before);
}

void History::put(Place place, const Record& record) {
    COMPOT_CHECK(first_ <= place && place < end_);
    const Packed packed = pack(record, us_);
    const std::size_t age = end_ - place;
    make_room(0, wide_, packed.size);
    place = end_ - age;
    resize_details(place, packed.size);
    const Lists here = lists();
    here.heads[place] = packed.head;
    std::copy_n(packed.details.begin(), packed.size, here.details + detail_of(place));
}

/// Room for some more, but never for more than there can be. The blocks of many radios are of few
/// sizes: an allocator keeps some of each that was given back.
void History::make_room(std::uint32_t packets, bool wide, std::size_t details) {
    const bool full = end_ + packets > room_ || details_end_ + details > details_room_;
    if (!full && wide == wide_) return;
    const auto size_now = static_cast<std::uint32_t>(size());
    std::uint32_t room = room_;
    if (size_now + packets + kGapMost / 2 > room) {
        room = std::min(capacity_ + kGapMost, std::max(kRoomLeast, kGrowth * size_now));
    }
    const auto used = static_cast<std::uint32_t>(details_end_ - details_first_ + details);
    const std::uint32_t steps =
        (std::max(used + kDetailsGap, room) + kDetailsStep - 1) / kDetailsStep;
    const std::uint32_t details_room = std::max(details_room_, steps * kDetailsStep);
    if (room == room_ && details_room == details_room_ && wide == wide_) {
        close_gaps();
    } else {
        lay_out(room, details_room, wide);
    }
}

void History::close_gaps() {
    const Lists here = lists();
    std::copy(here.low + first_, here.low + end_, here.low);
    if (wide_) std::copy(here.high + first_, here.high + end_, here.high);
    std::copy(here.heads + first_, here.heads + end_, here.heads);
    std::copy(here.details + details_first_, here.details + details_end_, here.details);
    end_ -= std::exchange(first_, 0);
    details_end_ -= std::exchange(details_first_, 0);
}

/// Moves all of it to a block of that size.
void History::lay_out(std::uint32_t room, std::uint32_t details_room, bool wide) {
    if (block_ != nullptr) close_gaps();
    const std::size_t names = wide ? 2 * std::size_t{room} : room;
    const std::size_t rest = (std::size_t{room} + details_room + 1) / sizeof(std::uint16_t);
    auto block = std::make_unique_for_overwrite<std::uint16_t[]>(names + rest);
    const Lists from = lists();
    block.swap(block_);
    room_ = room;
    details_room_ = details_room;
    const bool was_wide = std::exchange(wide_, wide);
    if (block == nullptr) return;
    const Lists to = lists();
    std::copy_n(from.low, end_, to.low);
    if (was_wide) {
        std::copy_n(from.high, end_, to.high);
    } else if (wide) {
        std::fill_n(to.high, end_, std::uint16_t{0});
    }
    std::copy_n(from.heads, end_, to.heads);
    std::copy_n(from.details, details_end_, to.details);
}

void History::append(Names::Name name, const Record& record) {
    const Packed packed = pack(record, us_);
    make_room(1, wide_ || name > 0xFFFFU, packed.size);
    const Lists here = lists();
    here.low[end_] = static_cast<std::uint16_t>(name);
    if (wide_) here.high[end_] = static_cast<std::uint16_t>(name >> 16U);
    here.heads[end_++] = packed.head;
    std::copy_n(packed.details.begin(), packed.size, here.details + details_end_);
    details_end_ += packed.size;
}

void History::erase(Place place) {
    resize_details(place, 0);
    if (place == first_) {
        ++first_;
        return;
    }
    const Lists here = lists();
    const std::size_t younger = end_ - place - 1;
    std::copy_n(here.low + place + 1, younger, here.low + place);
    if (wide_) std::copy_n(here.high + place + 1, younger, here.high + place);
    std::copy_n(here.heads + place + 1, younger, here.heads + place);
    --end_;
}

void History::renew(Place place, const Record& record) {
    if (place + 1 == end_) return put(place, record);
    const Names::Name name = name_of(place);
    erase(place);
    append(name, record);
}

void History::insert(NodeId from, PacketId id, const Record& record) {
    if (size() == capacity_) {
        const Names::Name oldest = name_of(first_);
        erase(first_);
        all_names_->drop(oldest);
    }
    append(all_names_->take(from, id), record);
}

}  // namespace compot::radio
