#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/base/containers.hpp"
#include "core/base/result.hpp"
#include "core/bundle/manifest.hpp"

/// Whose bundles a device takes, and which: publishers with roles that a root key admits, rotates
/// and revokes, and versions that never go back. It keeps no flash: what must outlive a power cut
/// is told to the caller.

namespace compot::bundle {

/// Why a manifest is accepted or not, in the order in which it is looked at.
enum class Verdict : std::uint8_t {
    Accepted,
    UnknownPublisher,
    BadSignature,
    Revoked,
    WrongRole,
    OldEra,
    WrongHardware,
    WrongBase,
    OldVersion,
    NotYet,
    Expired,
};

[[nodiscard]] const char* to_string(Verdict verdict);

[[nodiscard]] constexpr std::uint8_t role_of(Kind kind) {
    return static_cast<std::uint8_t>(1U << (static_cast<unsigned>(kind) - 1));
}

inline constexpr std::uint8_t kEveryRole = (1U << kKinds) - 1;

/// A word of the root key about one publisher: what it may sign from now on, and from which era.
/// No roles: revoked for good.
struct TrustOrder {
    static constexpr std::size_t kBodyBytes = 40;
    static constexpr std::size_t kBytes = kBodyBytes + crypto::kSignatureBytes;

    std::uint32_t sequence = 0;  ///< of the root's orders; never goes back
    std::uint8_t roles = 0;
    std::uint16_t era_min = 0;
    crypto::Key publisher{};
    crypto::Signature signature{};

    /// ERRORS: Truncated, Malformed, Unsupported.
    [[nodiscard]] static Result<TrustOrder> parse(BytesView bytes);
    [[nodiscard]] std::array<std::uint8_t, kBytes> serialise() const;
    [[nodiscard]] static TrustOrder make(std::uint32_t sequence, std::uint8_t roles,
                                         std::uint16_t era_min, const crypto::Key& publisher,
                                         const crypto::Key& root_seed);
};

/// What a manifest must fit.
struct Device {
    std::uint32_t hardware = 0;
    ShortDigest installed{};     ///< of what the component runs now
    std::optional<Minutes> now;  ///< only a node with a clock knows
};

class Trust {
public:
    static constexpr std::size_t kPublishersMax = 8;
    static constexpr std::size_t kComponentsMax = 16;

    explicit Trust(const crypto::Key& root) : root_(root) {}

    /// Changes nothing on failure. ERRORS: Forged, Stale (an older or the same sequence), NoRoom,
    /// Refused (the publisher was revoked for good).
    [[nodiscard]] Status obey(const TrustOrder& order);

    /// COST: 1.3 M instructions on a Cortex-M4F (one signature), nothing for an unknown publisher.
    [[nodiscard]] Verdict judge(const SignedManifest& manifest, const Device& device) const;

    /// The result is installed: nothing up to this version will be taken again.
    /// ERRORS: NoRoom (too many components).
    [[nodiscard]] Status installed(const Manifest& manifest);

private:
    struct Publisher {
        crypto::Key key{};
        std::uint8_t roles = 0;
        std::uint16_t era_min = 0;
    };

    struct Floor {
        std::uint8_t component = 0;
        std::uint32_t version = 0;
    };

    crypto::Key root_;
    std::uint32_t sequence_ = 0;
    FixedVector<Publisher, kPublishersMax> publishers_;
    FixedVector<Floor, kComponentsMax> floors_;
};

}  // namespace compot::bundle
