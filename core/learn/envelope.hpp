#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

#include "core/base/containers.hpp"
#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/crypto/crypto.hpp"
#include "core/learn/evidence.hpp"
#include "core/learn/facts.hpp"

/// The bounds that a device was enrolled with: how far facts from the air, however well signed, may
/// open the world to it. Caution is never bounded: a fact that closes a tile is always admitted,
/// also the one under the device (a real danger beside it must be believed, and it may always leave
/// a barred tile). Who may sign an envelope is the enrolment's business.

namespace compot::learn {

struct Envelope {
    /// What a tile may be held for when a fact opens it. Bits of `openable`.
    enum Held : std::uint8_t {
        kUnclassified = 1U << 0U,
        kImmovable = 1U << 1U,
        kDangerous = 1U << 2U,  ///< the map asks for two witnesses besides
    };

    NodeId device;
    std::uint16_t era_first = 0;  ///< publisher eras that it believes, both inclusive
    std::uint16_t era_last = 0xFFFF;
    std::uint8_t facts_max = kFactsPerDeltaMax;   ///< in one delta
    std::uint8_t opened_max = kFactsPerDeltaMax;  ///< tiles that one delta may open
    std::uint8_t openable = kUnclassified | kImmovable | kDangerous;
    bool may_push = true;  ///< strong enough for what is MOVABLE
    Cell low{0, 0};        ///< the part of the field in which tiles may be opened, both inclusive
    Cell high{kGridSide - 1, kGridSide - 1};
    crypto::Signature signature{};

    [[nodiscard]] bool operator==(const Envelope&) const = default;

    /// Refused when the delta, on top of what `facts` hold, would go beyond any bound. To be asked
    /// before apply(). A tile is open when it is held CLEAR or MOVABLE.
    [[nodiscard]] Status admits(const FactMap& facts, const FactsDelta& delta) const;
};

inline constexpr std::size_t kEnvelopeBytes = 14 + crypto::kSignatureBytes;
using EnvelopeBytes = Bytes<kEnvelopeBytes>;

void sign(Envelope& envelope, const crypto::Key& seed, const crypto::Key& signing_public);

[[nodiscard]] bool verify(const Envelope& envelope, const crypto::Key& signing_public);

[[nodiscard]] EnvelopeBytes encode(const Envelope& envelope);

/// ERRORS: Truncated, Malformed (no device, eras or corners crossed, unknown bits, bytes left
/// over).
[[nodiscard]] Result<Envelope> parse_envelope(BytesView bytes);

}  // namespace compot::learn
