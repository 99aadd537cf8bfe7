#pragma once

#include "core/base/containers.hpp"
#include "core/base/ids.hpp"
#include "radio/channel.hpp"

/// The stream cipher of Meshtastic's channels. It hides and does not protect: any bit that is
/// flipped on the way flips the same bit of the plaintext.

namespace compot::radio {

/// AES-CTR in place; encrypts and decrypts alike. An empty key leaves the bytes as they are.
/// The nonce is (id, from), so a sender must never use an id twice.
/// REQUIRES: a key of 0, 16 or 32 bytes.
void crypt_channel(const ChannelKey& key, NodeId from, PacketId id, MutableBytes bytes);

}  // namespace compot::radio
