#include "core/learn/envelope.hpp"

#include <array>

#include "core/base/bytes.hpp"
#include "core/base/check.hpp"

namespace compot::learn {
namespace {

// What is signed begins with this, so that no other signed thing can pass for an envelope.
constexpr std::array<std::uint8_t, 16> kDomain{'c', 'o', 'm', 'p', 'o', 't', ' ', 'e',
                                               'n', 'v', 'e', 'l', 'o', 'p', 'e', 0};

constexpr std::size_t kUnsignedBytes = kEnvelopeBytes - crypto::kSignatureBytes;
constexpr std::uint8_t kAllHeld =
    Envelope::kUnclassified | Envelope::kImmovable | Envelope::kDangerous;

void write_unsigned(const Envelope& envelope, ByteWriter& out) {
    out.u32(envelope.device.value);
    out.u16(envelope.era_first);
    out.u16(envelope.era_last);
    out.u8(envelope.facts_max);
    out.u8(envelope.opened_max);
    out.u8(envelope.openable);
    out.u8(envelope.may_push ? 1 : 0);
    out.u8(envelope.low.index());
    out.u8(envelope.high.index());
}

std::array<std::uint8_t, kDomain.size() + kUnsignedBytes> signed_bytes(const Envelope& envelope) {
    std::array<std::uint8_t, kDomain.size() + kUnsignedBytes> buffer{};
    ByteWriter out(buffer);
    out.bytes(kDomain);
    write_unsigned(envelope, out);
    COMPOT_CHECK(out.size() == buffer.size());
    return buffer;
}

bool open(TileClass what) { return what == TileClass::Clear || what == TileClass::Movable; }

// Which bit of `openable` stands for this; 0 when the tile is open already.
std::uint8_t held_bit(std::optional<TileClass> held) {
    if (!held) return Envelope::kUnclassified;
    if (*held == TileClass::Immovable) return Envelope::kImmovable;
    if (*held == TileClass::Dangerous) return Envelope::kDangerous;
    return 0;
}

}  // namespace

Status Envelope::admits(const FactMap& facts, const FactsDelta& delta) const {
    if (delta.facts.size() > facts_max) return Error::Refused;
    if (delta.version.era < era_first || delta.version.era > era_last) return Error::Refused;
    std::size_t opened = 0;
    for (const Fact& fact : delta.facts) {
        if (fact.what == TileClass::Movable && !may_push) return Error::Refused;
        const std::uint8_t held = held_bit(facts.class_at(fact.at));
        if (!open(fact.what) || held == 0) continue;
        const bool inside =
            fact.at.x >= low.x && fact.at.x <= high.x && fact.at.y >= low.y && fact.at.y <= high.y;
        if (!inside || (openable & held) == 0) return Error::Refused;
        ++opened;
    }
    if (opened > opened_max) return Error::Refused;
    return {};
}

void sign(Envelope& envelope, const crypto::Key& seed, const crypto::Key& signing_public) {
    envelope.signature = crypto::sign(seed, signing_public, signed_bytes(envelope));
}

bool verify(const Envelope& envelope, const crypto::Key& signing_public) {
    return crypto::verify(signing_public, signed_bytes(envelope), envelope.signature);
}

EnvelopeBytes encode(const Envelope& envelope) {
    std::array<std::uint8_t, kEnvelopeBytes> buffer{};
    ByteWriter out(buffer);
    write_unsigned(envelope, out);
    out.bytes(envelope.signature);
    EnvelopeBytes bytes;
    COMPOT_CHECK(bytes.assign(*out.finish()));
    return bytes;
}

Result<Envelope> parse_envelope(BytesView bytes) {
    ByteReader in(bytes);
    Envelope envelope;
    envelope.device = NodeId{in.u32()};
    envelope.era_first = in.u16();
    envelope.era_last = in.u16();
    envelope.facts_max = in.u8();
    envelope.opened_max = in.u8();
    envelope.openable = in.u8();
    const std::uint8_t push = in.u8();
    envelope.low = cell_at(in.u8());
    envelope.high = cell_at(in.u8());
    in.copy_to(envelope.signature);
    if (const Status whole = in.finish(); !whole.ok()) return whole.error();
    if (envelope.device == kNoNode || envelope.device == kBroadcast) return Error::Malformed;
    if (envelope.era_first > envelope.era_last) return Error::Malformed;
    if (envelope.low.x > envelope.high.x || envelope.low.y > envelope.high.y)
        return Error::Malformed;
    if ((envelope.openable & ~kAllHeld) != 0 || push > 1) return Error::Malformed;
    envelope.may_push = push == 1;
    return envelope;
}

}  // namespace compot::learn
