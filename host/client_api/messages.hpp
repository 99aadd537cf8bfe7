#pragma once

#include "core/mesh/client.hpp"
#include "host/client_api/mesh.hpp"
#include "radio/packet.hpp"

/// The messages that a radio sends its client, made from what it knows; and a client's packet as
/// the radio takes it.

namespace compot::client_api {

[[nodiscard]] mesh::FromRadio my_info(const Status& status);
[[nodiscard]] mesh::FromRadio node_info(const Peer& peer, bool self);
[[nodiscard]] mesh::FromRadio metadata();
/// Index 0 is the swarm's channel, 1..7 are disabled.
[[nodiscard]] mesh::FromRadio channel(const Status& status, std::uint8_t index);
/// `kind` is Meshtastic's number: 1 device .. 10 device_ui.
[[nodiscard]] mesh::FromRadio config(const Status& status, std::uint8_t kind);
/// `kind` is Meshtastic's number: 1 mqtt .. 16 tak.
[[nodiscard]] mesh::FromRadio module_config(std::uint8_t kind);
[[nodiscard]] mesh::FromRadio config_complete(std::uint32_t nonce);
[[nodiscard]] mesh::FromRadio packet(const radio::Packet& packet, Time now);

/// ERRORS: Unsupported for one that the client has encrypted itself, Unknown for a channel that is
/// disabled.
[[nodiscard]] Result<radio::Packet> packet_of(const mesh::MeshPacket& from);

inline constexpr std::uint8_t kConfigs = 10;
inline constexpr std::uint8_t kModuleConfigs = 16;
inline constexpr std::uint8_t kChannels = 8;

}  // namespace compot::client_api
