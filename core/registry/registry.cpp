#include "core/registry/registry.hpp"

#include <algorithm>
#include <array>
#include <compare>

#include "core/base/bytes.hpp"
#include "core/base/check.hpp"
#include "core/crypto/crypto.hpp"

namespace compot::registry {
namespace {

bool ascending(const Record& record) {
    for (std::size_t i = 1; i < record.models.size(); ++i)
        if (record.models[i - 1] >= record.models[i]) return false;
    return true;
}

bool greater_bytes(const Record& a, const Record& b) {
    const RecordBytes left = encode(a);
    const RecordBytes right = encode(b);
    return std::lexicographical_compare(right.begin(), right.end(), left.begin(), left.end());
}

}  // namespace

RecordBytes encode(const Record& record) {
    COMPOT_CHECK(ascending(record));
    std::array<std::uint8_t, kRecordBytesMax> buffer{};
    ByteWriter out(buffer);
    out.u32(record.node.value);
    out.u16(record.version);
    out.u8(record.role);
    out.u16(record.capabilities);
    out.u8(record.battery_percent);
    out.u8(record.x);
    out.u8(record.y);
    out.u8(static_cast<std::uint8_t>(record.models.size()));
    for (const std::uint32_t model : record.models) out.u32(model);
    out.bytes(record.firmware);
    RecordBytes bytes;
    COMPOT_CHECK(bytes.assign(*out.finish()));
    return bytes;
}

Result<Record> parse_record(BytesView bytes) {
    ByteReader in(bytes);
    Record record;
    record.node = NodeId{in.u32()};
    record.version = in.u16();
    record.role = in.u8();
    record.capabilities = in.u16();
    record.battery_percent = in.u8();
    record.x = in.u8();
    record.y = in.u8();
    const std::size_t models = in.u8();
    if (models > kRecordModelsMax) return Error::Malformed;
    for (std::size_t i = 0; i < models; ++i) record.models.push(in.u32());
    in.copy_to(record.firmware);
    if (const Status whole = in.finish(); !whole.ok()) return whole.error();
    if (record.node == kNoNode || record.node == kBroadcast || record.version == 0)
        return Error::Malformed;
    if (record.battery_percent > 100 || !ascending(record)) return Error::Malformed;
    return record;
}

const Registry::Known* Registry::find(NodeId node) const {
    for (const Known& known : known_)
        if (known.record.node == node) return &known;
    return nullptr;
}

Registry::Known* Registry::held(NodeId node) {
    for (Known& known : known_)
        if (known.record.node == node) return &known;
    return nullptr;
}

// The one unheard for longest goes, of equals the higher id.
void Registry::make_room() {
    if (!known_.full()) return;
    std::optional<std::size_t> oldest;
    for (std::size_t i = 0; i < known_.size(); ++i) {
        if (known_[i].record.node == self_) continue;
        if (!oldest || known_[i].heard <= known_[*oldest].heard) oldest = i;
    }
    known_.erase(*oldest);
}

bool Registry::merge(const Record& record, Time now) {
    if (Known* known = held(record.node); known != nullptr) {
        const bool newer =
            record.version > known->record.version ||
            (record.version == known->record.version && greater_bytes(record, known->record));
        if (newer) known->record = record;
        return newer;
    }
    make_room();
    std::size_t place = 0;
    while (place < known_.size() && known_[place].record.node < record.node) ++place;
    known_.push(Known{record, now, 0});
    std::rotate(known_.begin() + place, known_.end() - 1, known_.end());
    return true;
}

void Registry::heard(NodeId node, Time now, std::uint8_t hops) {
    if (Known* known = held(node); known != nullptr) {
        known->heard = now;
        known->hops = hops;
    }
}

std::optional<NodeId> Registry::best_helper(std::uint16_t wanted, Time now) const {
    const auto better = [now](const Known& a, const Known& b) {
        const auto rank = [now](const Known& known) {
            return std::array<int, 4>{now - known.heard <= kFresh ? 0 : 1,
                                      known.record.battery_percent >= kBatteryEnoughPercent ? 0 : 1,
                                      int{known.hops}, -int{known.record.battery_percent}};
        };
        return rank(a) < rank(b);
    };
    const Known* best = nullptr;
    for (const Known& known : known_) {
        if (known.record.node == self_ || !known.record.can(wanted)) continue;
        if (now - known.heard > kStale) continue;
        if (best == nullptr || better(known, *best)) best = &known;
    }
    if (best == nullptr) return std::nullopt;
    return best->record.node;
}

sync::Marks Registry::marks() const {
    static_assert(kMarksMax >= kRegistryMax);
    sync::Marks marks;
    for (const Known& known : known_) marks.push({known.record.node, known.record.version});
    return marks;
}

std::uint64_t Registry::digest() const {
    std::uint64_t chained = 0;
    for (const Known& known : known_) {
        std::array<std::uint8_t, 8 + kRecordBytesMax> buffer{};
        ByteWriter out(buffer);
        out.u64(chained);
        out.bytes(encode(known.record).view());
        chained = crypto::digest64(*out.finish());
    }
    return chained;
}

}  // namespace compot::registry
