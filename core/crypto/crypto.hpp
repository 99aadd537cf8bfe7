#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/base/containers.hpp"

/// Digests, frame authentication, key agreement and signatures: thin over libsodium, which the host
/// links and the Cat builds from a handful of its source files. No randomness is drawn in here.

namespace compot::crypto {

inline constexpr std::size_t kMacBytes = 8;
inline constexpr std::size_t kSignatureBytes = 64;

using Mac = std::array<std::uint8_t, kMacBytes>;
using MacKey = std::array<std::uint8_t, 16>;
using Digest = std::array<std::uint8_t, 32>;
using Key =
    std::array<std::uint8_t, 32>;  ///< X25519 secret or public key, Ed25519 seed or public key
using Signature = std::array<std::uint8_t, kSignatureBytes>;

/// SipHash-2-4 of `bytes`. COST: 2.3 k instructions for a frame on a Cortex-M4F.
[[nodiscard]] Mac mac(const MacKey& key, BytesView bytes);

/// Compares in constant time.
[[nodiscard]] bool equal(BytesView a, BytesView b);

/// BLAKE2b-256.
[[nodiscard]] Digest digest(BytesView bytes);

/// The first eight bytes of digest(), little-endian: how policies, facts and ledgers are named on
/// the air.
[[nodiscard]] std::uint64_t digest64(BytesView bytes);

/// A key for one purpose out of a longer secret: BLAKE2b-128 of `context`, keyed with `secret`.
/// REQUIRES: secret of 16 to 64 bytes.
[[nodiscard]] MacKey derive(BytesView secret, BytesView context);

[[nodiscard]] Key exchange_public(const Key& secret);

/// X25519; false (and `shared` unchanged) for a public key of small order.
[[nodiscard]] bool exchange(const Key& secret, const Key& peer_public, Key& shared);

[[nodiscard]] Key signing_public(const Key& seed);

/// Ed25519 over `message`. COST: 1.8 M instructions on a Cortex-M4F.
[[nodiscard]] Signature sign(const Key& seed, const Key& signing_public, BytesView message);

/// COST: 1.4 M instructions on a Cortex-M4F.
[[nodiscard]] bool verify(const Key& signing_public, BytesView message, const Signature& signature);

}  // namespace compot::crypto
