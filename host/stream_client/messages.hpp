#pragma once

#include "core/mesh/client.hpp"
#include "radio/packet.hpp"

/// What a client says to its radio, and a radio's packet as everybody here knows packets.

namespace compot::stream_client {

[[nodiscard]] mesh::ToRadio want_config(std::uint32_t nonce);
[[nodiscard]] mesh::ToRadio heartbeat();
[[nodiscard]] mesh::ToRadio goodbye();
[[nodiscard]] mesh::ToRadio packet_to_send(const radio::Packet& packet);

/// ERRORS: Unsupported when the radio could not decrypt it, Malformed for a level or a payload that
/// no radio has.
[[nodiscard]] Result<radio::Packet> packet_heard(const mesh::MeshPacket& from);

}  // namespace compot::stream_client
