#pragma once

#include "core/base/containers.hpp"
#include "core/base/ids.hpp"
#include "core/base/random.hpp"
#include "core/base/result.hpp"
#include "core/crypto/crypto.hpp"
#include "core/mesh/data.hpp"

/// XEdDSA signatures of firmware 2.8 on broadcasts: made with the X25519 key that a node has
/// anyway, and checked as Ed25519 against that key's image on the Edwards curve.
/// SOURCE: Perrin, "The XEdDSA and VXEdDSA Signature Schemes", Signal, 2016.

namespace compot::radio {

/// The Ed25519 public key that belongs to an X25519 public key. ERRORS: Malformed for the one key
/// that has no image.
[[nodiscard]] Result<crypto::Key> edwards_public(const crypto::Key& exchange_public);

/// The scalar that signs for edwards_public(), so that its sign bit is 0.
[[nodiscard]] crypto::Key edwards_scalar(const crypto::Key& exchange_secret);

/// Over from, id, portnum (32 bits each, little-endian) and payload. `nonce` is 64 bytes that
/// nobody can foresee; the same ones twice do no harm.
[[nodiscard]] crypto::Signature sign_broadcast(const crypto::Key& exchange_secret, NodeId from,
                                               PacketId id, const mesh::Data& data,
                                               BytesView nonce);

/// COST: about 60 us.
[[nodiscard]] bool verify_broadcast(const crypto::Key& exchange_public, NodeId from, PacketId id,
                                    const mesh::Data& data);

/// A signature would still fit the frame, so a 2.8 radio makes one.
[[nodiscard]] bool signature_fits(const mesh::Data& data);

}  // namespace compot::radio
