#pragma once

#include "core/mesh/client.hpp"
#include "host/client_api/mesh.hpp"
#include "host/client_api/settings.hpp"
#include "radio/packet.hpp"

/// The messages that a radio sends its client, made from what it knows; and a client's packet as
/// the radio takes it.

namespace compot::client_api {

[[nodiscard]] mesh::FromRadio my_info(const Status& status);
/// As the radio's own list has it, with what its client set.
[[nodiscard]] mesh::FromRadio own_info(const Status& status, const Settings& settings);
[[nodiscard]] mesh::FromRadio node_info(const Peer& peer, const Settings& settings);
[[nodiscard]] mesh::FromRadio metadata();
[[nodiscard]] mesh::FromRadio channel(const compot_pb_Channel& channel);
[[nodiscard]] mesh::FromRadio config_complete(std::uint32_t nonce);
[[nodiscard]] mesh::FromRadio packet(const radio::Packet& packet, Time now);
/// Words for people about the packet `reply_to`.
[[nodiscard]] mesh::FromRadio notification(const std::string& words, std::uint32_t reply_to,
                                           Time now);

/// ERRORS: Unsupported for one that the client has encrypted itself, Unknown for a channel that no
/// radio has.
[[nodiscard]] Result<radio::Packet> packet_of(const mesh::MeshPacket& from);

}  // namespace compot::client_api
