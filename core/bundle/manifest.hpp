#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/base/containers.hpp"
#include "core/base/result.hpp"
#include "core/crypto/crypto.hpp"

/// What a publisher says about a payload, and signs: what it is, for whom, since when. Fits one
/// packet that even a radio on a strict policy passes. Layout in doc/bundle.md. It judges nothing:
/// trust.hpp does.

namespace compot::bundle {

/// Values go on the air.
enum class Kind : std::uint8_t {
    Facts = 1,
    PolicyDelta = 2,
    NetWeights = 3,
    FirmwareImage = 4,
    FirmwarePatch = 5,
    Configuration = 6,
};
inline constexpr std::uint8_t kKinds = 6;

[[nodiscard]] const char* to_string(Kind kind);

/// Minutes since 2024-01-01 00:00 UTC, 24 bits on the wire; 0 means "without".
using Minutes = std::uint32_t;

/// The first bytes of a BLAKE2b-256; all zeros mean "none".
using ShortDigest = std::array<std::uint8_t, 8>;

struct Manifest {
    static constexpr std::size_t kBodyBytes = 85;
    static constexpr std::size_t kBytes = kBodyBytes + crypto::kSignatureBytes;

    Kind kind = Kind::Facts;
    std::uint32_t hardware = 0;   ///< hardware_id() of a board's name; 0 is for every board
    std::uint8_t component = 0;   ///< versions count for each component on its own
    std::uint32_t version = 0;    ///< never goes back
    std::uint16_t era = 0;        ///< of the publisher: below its least era nothing of it counts
    std::uint32_t publisher = 0;  ///< publisher_id() of its key
    ShortDigest base{};           ///< of what must be installed; zeros: anything
    std::uint32_t result_size = 0;
    crypto::Digest result{};  ///< of what will be installed
    std::uint32_t payload_size = 0;
    ShortDigest payload{};
    std::uint8_t piece_bytes = 0;  ///< of each piece on the air but the last
    std::uint16_t pieces = 0;
    Minutes not_before = 0;  ///< for nodes with a clock
    Minutes not_after = 0;
    std::uint8_t battery_min_percent = 0;
    std::uint8_t window_from = 0;  ///< quarters of an hour of the day (UTC) in which to send
    std::uint8_t window_to = 0;    ///< equal to window_from: always

    bool operator==(const Manifest&) const = default;
};

struct SignedManifest {
    Manifest manifest;
    crypto::Signature signature{};

    using Wire = std::array<std::uint8_t, Manifest::kBytes>;

    /// Checks form, not signature. ERRORS: Truncated, Malformed (trailing bytes, terms that
    /// contradict each other), Unsupported.
    [[nodiscard]] static Result<SignedManifest> parse(BytesView bytes);
    [[nodiscard]] Wire serialise() const;
    [[nodiscard]] bool is_signed_by(const crypto::Key& publisher) const;
};

[[nodiscard]] SignedManifest sign(const Manifest& manifest, const crypto::Key& seed);

[[nodiscard]] ShortDigest short_digest(BytesView bytes);
[[nodiscard]] std::uint32_t publisher_id(const crypto::Key& publisher);
/// REQUIRES: a name; 0 is nobody's.
[[nodiscard]] std::uint32_t hardware_id(BytesView name);

}  // namespace compot::bundle
