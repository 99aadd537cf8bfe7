#pragma once

#include "core/base/containers.hpp"
#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/profile/keyring.hpp"
#include "core/profile/message.hpp"

/// The 12 bytes before each body, and who can have written them. Says nothing of freshness: that is
/// session.hpp's.
///
///   0  2  magic 'C' 't'
///   2  1  version (high nibble, now 1) and KeyClass (low nibble)
///   3  1  MessageType
///   4  8  SipHash-2-4 over from (4) | packet id (4) | bytes 0..3 | body, integers little-endian

namespace compot::profile {

inline constexpr std::uint8_t kVersion = 1;

/// Header and body of `message` under `id`, as the payload of one Meshtastic packet.
/// ERRORS: TooBig, Unknown (a pairwise addressee that is not enrolled).
[[nodiscard]] compot::Result<Bytes<kFrameBytesMax>> seal(const Keyring& keys, PacketId id,
                                                         const Message& message);

struct Opened {
    Message message;
    KeyClass key_class = KeyClass::Group;
};

/// What `from` said to us or to everybody. `from` and `id` are Meshtastic's and covered by the MAC.
/// ERRORS: Truncated, Malformed, Unsupported (another version or type), Unknown (the sender is not
/// enrolled), Refused (pairwise and for somebody else), Forged.
[[nodiscard]] compot::Result<Opened> open(const Keyring& keys, NodeId from, PacketId id,
                                          BytesView payload);

/// The type that a payload claims, for observers only: nothing is checked.
[[nodiscard]] compot::Result<MessageType> peek_type(BytesView payload);

}  // namespace compot::profile
