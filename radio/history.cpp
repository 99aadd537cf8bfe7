#include "radio/history.hpp"

#include <algorithm>
#include <cstring>

#include "core/base/check.hpp"
#include "core/base/random.hpp"

namespace compot::radio {
namespace {

std::uint64_t key_of(NodeId from, PacketId id) {
    return (static_cast<std::uint64_t>(from.value) << 32U) | id.value;
}

std::uint8_t tag_of(std::uint64_t key) { return static_cast<std::uint8_t>(mix64(key) >> 56U); }

std::uint32_t wrapped_ms(Time now) { return static_cast<std::uint32_t>(to_ms(now)); }

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

History::Record* History::find(NodeId from, PacketId id) {
    const std::uint64_t key = key_of(from, id);
    const std::uint8_t tag = tag_of(key);
    const std::uint8_t* const begin = tags_.data();
    const std::uint8_t* const end = begin + tags_.size();
    for (const std::uint8_t* at = begin; at != end; ++at) {
        at = static_cast<const std::uint8_t*>(
            std::memchr(at, tag, static_cast<std::size_t>(end - at)));
        if (at == nullptr) return nullptr;
        const auto index = static_cast<std::size_t>(at - begin);
        if (keys_[index] == key) return &records_[index];
    }
    return nullptr;
}

History::Record& History::insert(NodeId from, PacketId id, Time now) {
    COMPOT_CHECK(capacity_ > 0);
    const std::uint64_t key = key_of(from, id);
    std::size_t index = keys_.size();
    if (index < capacity_) {
        tags_.push_back(0);
        keys_.push_back(0);
        met_ms_.push_back(0);
        records_.emplace_back();
    } else {
        // Ages, not times, so that the 49-day wrap of 32 bits does no harm.
        const std::uint32_t now_ms = wrapped_ms(now);
        index =
            static_cast<std::size_t>(std::max_element(met_ms_.begin(), met_ms_.end(),
                                                      [now_ms](std::uint32_t a, std::uint32_t b) {
                                                          return now_ms - a < now_ms - b;
                                                      }) -
                                     met_ms_.begin());
    }
    tags_[index] = tag_of(key);
    keys_[index] = key;
    met_ms_[index] = wrapped_ms(now);
    records_[index] = Record{};
    return records_[index];
}

void History::touch(const Record& record, Time now) {
    met_ms_[static_cast<std::size_t>(&record - records_.data())] = wrapped_ms(now);
}

}  // namespace compot::radio
