#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/base/containers.hpp"
#include "core/base/ids.hpp"
#include "core/base/limits.hpp"
#include "core/base/result.hpp"
#include "core/crypto/crypto.hpp"
#include "core/learn/facts.hpp"

/// Facts as they travel: signed by their publisher, so that anybody may repeat them and nobody can
/// alter them. Which publishers are trusted is the enrolment's business, what facts mean is the
/// map's.

namespace compot::learn {

/// Facts that one publisher signed together: the policy delta of the air.
struct FactsDelta {
    NodeId publisher;
    FactVersion version;
    NodeId to = kNoNode;                         ///< whose request it answers; kNoNode: nobody's
    std::uint32_t nonce = 0;                     ///< of that request
    std::uint64_t base_digest = 0;               ///< policy that the asker had
    std::uint64_t result_digest = 0;             ///< policy that it has with these facts
    FixedVector<Fact, kFactsPerDeltaMax> facts;  ///< ascending by tile, each tile once
    crypto::Signature signature{};

    [[nodiscard]] bool operator==(const FactsDelta&) const = default;
};

/// Header, count and signature; ten bits a fact.
inline constexpr std::size_t kDeltaBytesMax =
    33 + (kFactsPerDeltaMax * 10 + 7) / 8 + crypto::kSignatureBytes;
using DeltaBytes = Bytes<kDeltaBytesMax>;

/// Adds a fact at its place. ERRORS: NoRoom when full, Malformed when the tile is there already.
Status add_fact(FactsDelta& delta, const Fact& fact);

/// Fills in the signature. REQUIRES: at least one fact, ascending; a version other than 0.0.
void sign(FactsDelta& delta, const crypto::Key& seed, const crypto::Key& signing_public);

[[nodiscard]] bool verify(const FactsDelta& delta, const crypto::Key& signing_public);

[[nodiscard]] DeltaBytes encode(const FactsDelta& delta);

/// The one delta that has these bytes. ERRORS: Truncated, Malformed (no facts or too many, tiles
/// not ascending, no version, padding that is not zero, bytes left over). The signature is not
/// looked at.
[[nodiscard]] Result<FactsDelta> parse_delta(BytesView bytes);

/// True if any fact of it changed the map. ERRORS: NoRoom as FactMap::merge. REQUIRES: verified,
/// and its publisher is trusted.
Result<bool> apply(const FactsDelta& delta, FactMap& facts);

/// Short name of a delta's bytes, as a FactsQuery lists them.
[[nodiscard]] std::uint32_t evidence_id(BytesView encoded);

/// The signed bytes that a map rests on, kept so that any node can hand them on to one who lacks
/// them. When full, a delta that no longer matters to the map goes, the oldest first; when all
/// matter, the new one is not kept (the map knows its facts all the same).
class EvidenceStore {
public:
    /// Keeps the bytes of a delta that `facts` has merged already; known ones are kept once.
    /// ERRORS: NoRoom.
    Status add(const FactsDelta& delta, const FactMap& facts);

    [[nodiscard]] std::size_t size() const { return bodies_.size(); }

    [[nodiscard]] const DeltaBytes& operator[](std::size_t index) const { return bodies_[index]; }

    using Ids = FixedVector<std::uint32_t, kEvidenceMax>;

    /// Of all bodies held that still matter to the map, oldest first.
    [[nodiscard]] Ids ids(const FactMap& facts) const;

    /// Places in this store of bodies that matter to the map and are not among `theirs`.
    [[nodiscard]] FixedVector<std::uint8_t, kEvidenceMax> missing_for(
        const FactMap& facts, std::span<const std::uint32_t> theirs) const;

private:
    [[nodiscard]] static bool matters(const DeltaBytes& body, const FactMap& facts);

    FixedVector<DeltaBytes, kEvidenceMax> bodies_;
};

}  // namespace compot::learn
