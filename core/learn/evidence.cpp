#include "core/learn/evidence.hpp"

#include <algorithm>
#include <array>

#include "core/base/bytes.hpp"
#include "core/base/check.hpp"

namespace compot::learn {
namespace {

// What is signed begins with this, so that no other signed thing can pass for a delta.
constexpr std::array<std::uint8_t, 16> kDomain{'c', 'o', 'm', 'p', 'o', 't', ' ', 'f',
                                               'a', 'c', 't', 's', ' ', 'v', '1', 0};

constexpr std::size_t kUnsignedBytesMax = kDeltaBytesMax - crypto::kSignatureBytes;

// Ten bits a fact, first fact lowest: tile in the low eight, class above.
void write_facts(const FactsDelta& delta, ByteWriter& out) {
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const Fact& fact : delta.facts) {
        const unsigned code = fact.at.index() | (static_cast<unsigned>(fact.what) << 8U);
        bits |= code << held;
        for (held += 10; held >= 8; held -= 8) {
            out.u8(static_cast<std::uint8_t>(bits));
            bits >>= 8U;
        }
    }
    if (held > 0) out.u8(static_cast<std::uint8_t>(bits));
}

void write_unsigned(const FactsDelta& delta, ByteWriter& out) {
    out.u32(delta.publisher.value);
    out.u16(delta.version.era);
    out.u16(delta.version.sequence);
    out.u32(delta.to.value);
    out.u32(delta.nonce);
    out.u64(delta.base_digest);
    out.u64(delta.result_digest);
    out.u8(static_cast<std::uint8_t>(delta.facts.size()));
    write_facts(delta, out);
}

struct SignedBytes {
    std::array<std::uint8_t, kDomain.size() + kUnsignedBytesMax> buffer{};
    std::size_t size = 0;

    explicit SignedBytes(const FactsDelta& delta) {
        ByteWriter out(buffer);
        out.bytes(kDomain);
        write_unsigned(delta, out);
        COMPOT_CHECK(!out.failed());
        size = out.size();
    }

    [[nodiscard]] BytesView view() const { return BytesView{buffer.data(), size}; }
};

// False unless the facts are ascending and the padding is zero.
bool read_facts(std::size_t count, BytesView packed, FixedVector<Fact, kFactsPerDeltaMax>& facts) {
    std::uint32_t bits = 0;
    unsigned held = 0;
    std::size_t next = 0;
    while (facts.size() < count) {
        for (; held < 10; held += 8) bits |= static_cast<std::uint32_t>(packed[next++]) << held;
        const Fact fact{cell_at(static_cast<std::uint8_t>(bits & 0xFFU)),
                        static_cast<TileClass>((bits >> 8U) & 3U)};
        if (!facts.empty() && facts.back().at.index() >= fact.at.index()) return false;
        facts.push(fact);
        bits >>= 10U;
        held -= 10;
    }
    return bits == 0;
}

}  // namespace

Status add_fact(FactsDelta& delta, const Fact& fact) {
    if (delta.facts.full()) return Error::NoRoom;
    std::size_t place = 0;
    while (place < delta.facts.size() && delta.facts[place].at.index() < fact.at.index()) ++place;
    if (place < delta.facts.size() && delta.facts[place].at == fact.at) return Error::Malformed;
    delta.facts.push(fact);
    std::rotate(delta.facts.begin() + place, delta.facts.end() - 1, delta.facts.end());
    return {};
}

void sign(FactsDelta& delta, const crypto::Key& seed, const crypto::Key& signing_public) {
    COMPOT_CHECK(!delta.facts.empty() && delta.version != FactVersion{});
    delta.signature = crypto::sign(seed, signing_public, SignedBytes(delta).view());
}

bool verify(const FactsDelta& delta, const crypto::Key& signing_public) {
    return crypto::verify(signing_public, SignedBytes(delta).view(), delta.signature);
}

DeltaBytes encode(const FactsDelta& delta) {
    std::array<std::uint8_t, kDeltaBytesMax> buffer{};
    ByteWriter out(buffer);
    write_unsigned(delta, out);
    out.bytes(delta.signature);
    DeltaBytes bytes;
    COMPOT_CHECK(bytes.assign(*out.finish()));
    return bytes;
}

Result<FactsDelta> parse_delta(BytesView bytes) {
    ByteReader in(bytes);
    FactsDelta delta;
    delta.publisher = NodeId{in.u32()};
    delta.version.era = in.u16();
    delta.version.sequence = in.u16();
    delta.to = NodeId{in.u32()};
    delta.nonce = in.u32();
    delta.base_digest = in.u64();
    delta.result_digest = in.u64();
    const std::size_t count = in.u8();
    const BytesView packed = in.take((count * 10 + 7) / 8);
    in.copy_to(delta.signature);
    if (const Status whole = in.finish(); !whole.ok()) return whole.error();
    if (count == 0 || count > kFactsPerDeltaMax) return Error::Malformed;
    if (delta.publisher == kNoNode || delta.publisher == kBroadcast) return Error::Malformed;
    if (delta.version == FactVersion{}) return Error::Malformed;
    if (!read_facts(count, packed, delta.facts)) return Error::Malformed;
    return delta;
}

Result<bool> apply(const FactsDelta& delta, FactMap& facts) {
    bool changed = false;
    Status room;
    for (const Fact& fact : delta.facts) {
        const Result<bool> merged = facts.merge(delta.publisher, delta.version, fact);
        if (!merged.ok()) room = merged.error();
        if (merged.ok() && *merged) changed = true;
    }
    if (!room.ok()) return room.error();
    return changed;
}

std::uint32_t evidence_id(BytesView encoded) {
    return static_cast<std::uint32_t>(crypto::digest64(encoded));
}

bool EvidenceStore::matters(const DeltaBytes& body, const FactMap& facts) {
    const Result<FactsDelta> delta = parse_delta(body.view());
    COMPOT_CHECK(delta.ok());
    return std::any_of(delta->facts.begin(), delta->facts.end(), [&](const Fact& fact) {
        return facts.rests_on(Claim{fact, delta->publisher, delta->version});
    });
}

Status EvidenceStore::add(const FactsDelta& delta, const FactMap& facts) {
    const DeltaBytes bytes = encode(delta);
    if (std::find(bodies_.begin(), bodies_.end(), bytes) != bodies_.end()) return {};
    if (!matters(bytes, facts)) return {};
    if (bodies_.full()) {
        std::size_t idle = 0;
        while (idle < bodies_.size() && matters(bodies_[idle], facts)) ++idle;
        if (idle == bodies_.size()) return Error::NoRoom;
        bodies_.erase(idle);
    }
    bodies_.push(bytes);
    return {};
}

EvidenceStore::Ids EvidenceStore::ids(const FactMap& facts) const {
    Ids ids;
    for (const DeltaBytes& body : bodies_)
        if (matters(body, facts)) ids.push(evidence_id(body.view()));
    return ids;
}

FixedVector<std::uint8_t, kEvidenceMax> EvidenceStore::missing_for(
    const FactMap& facts, std::span<const std::uint32_t> theirs) const {
    FixedVector<std::uint8_t, kEvidenceMax> missing;
    for (std::size_t i = 0; i < bodies_.size(); ++i) {
        const std::uint32_t id = evidence_id(bodies_[i].view());
        if (std::find(theirs.begin(), theirs.end(), id) != theirs.end()) continue;
        if (matters(bodies_[i], facts)) missing.push(static_cast<std::uint8_t>(i));
    }
    return missing;
}

}  // namespace compot::learn
