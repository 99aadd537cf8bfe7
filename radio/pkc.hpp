#pragma once

#include <cstdint>

#include "core/base/containers.hpp"
#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/crypto/crypto.hpp"
#include "radio/frame.hpp"

/// Packets for one reader: X25519 and AES-256-CCM, as Meshtastic calls it PKC. The header is not
/// covered by the tag, only the addresses that enter the nonce are.

namespace compot::radio {

inline constexpr std::size_t kPkcOverheadBytes = 12;  ///< tag of 8 and extra nonce of 4

using Sealed = Bytes<kFrameBytesMax - kHeaderBytes>;

/// Of firmware 2.8: the CRC-32 of the public key.
[[nodiscard]] NodeId node_number(const crypto::Key& exchange_public);

/// What two nodes share: SHA-256 of their X25519 secret. COST: a scalar multiplication, about
/// 40 us; keep it for a peer that is written to often. ERRORS: Malformed for a public key of small
/// order.
[[nodiscard]] Result<crypto::Key> pkc_key(const crypto::Key& secret,
                                          const crypto::Key& peer_public);

/// Ciphertext, tag and extra nonce. ERRORS: TooBig when they do not fit a frame.
[[nodiscard]] Result<Sealed> seal_pkc(const crypto::Key& key, NodeId from, PacketId id,
                                      std::uint32_t extra_nonce, BytesView clear);

/// ERRORS: Truncated when there is no room for a tag, Forged when it is wrong.
[[nodiscard]] Result<Sealed> open_pkc(const crypto::Key& key, NodeId from, PacketId id,
                                      BytesView sealed);

}  // namespace compot::radio
