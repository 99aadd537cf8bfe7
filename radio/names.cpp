#include "radio/names.hpp"

#include "core/base/check.hpp"
#include "core/base/random.hpp"
#include "radio/growth.hpp"

namespace compot::radio {
namespace {

constexpr std::size_t kBucketsLeast = 16;
constexpr std::size_t kMoreEntries = 16;
/// On average, at most: most searches find the last one found and ask no bucket.
constexpr std::size_t kPerBucket = 2;

}  // namespace

bool Names::is(Name name, NodeId from, PacketId id) const {
    const Entry& entry = entries_[name];
    return entry.users > 0 && entry.id == id && entry.from == from;
}

Names::Name& Names::bucket(NodeId from, PacketId id) {
    const std::uint64_t key = (static_cast<std::uint64_t>(from.value) << 32U) | id.value;
    return buckets_[mix64(key) & (buckets_.size() - 1)];
}

Names::Name Names::find(NodeId from, PacketId id) {
    if (last_ != kUnknown && is(last_, from, id)) return last_;
    if (buckets_.empty()) return kUnknown;
    for (Name name = bucket(from, id); name != kUnknown; name = entries_[name].next) {
        if (!is(name, from, id)) continue;
        last_ = name;
        return name;
    }
    return kUnknown;
}

void Names::grow() {
    buckets_.assign(buckets_.empty() ? kBucketsLeast : 2 * buckets_.size(), kUnknown);
    for (Name name = 0; name < entries_.size(); ++name) {
        Entry& entry = entries_[name];
        if (entry.users == 0) continue;
        Name& first = bucket(entry.from, entry.id);
        entry.next = first;
        first = name;
    }
}

Names::Name Names::take(NodeId from, PacketId id) {
    Name name = find(from, id);
    if (name != kUnknown) {
        ++entries_[name].users;
        return name;
    }
    if (size() >= kPerBucket * buckets_.size()) grow();
    if (free_ == kUnknown) {
        name = static_cast<Name>(entries_.size());
        make_room(entries_, kMoreEntries);
        entries_.emplace_back();
    } else {
        name = free_;
        free_ = entries_[name].next;
    }
    ++used_;
    Name& first = bucket(from, id);
    entries_[name] = {from, id, 1, first};
    first = name;
    last_ = name;
    return name;
}

void Names::drop(Name name) {
    COMPOT_CHECK(name < entries_.size() && entries_[name].users > 0);
    Entry& gone = entries_[name];
    if (--gone.users > 0) return;
    Name* link = &bucket(gone.from, gone.id);
    while (*link != name) link = &entries_[*link].next;
    *link = gone.next;
    gone.next = free_;
    free_ = name;
    --used_;
}

}  // namespace compot::radio
