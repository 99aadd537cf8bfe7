#pragma once

#include "core/base/containers.hpp"
#include "core/base/result.hpp"
#include "core/mesh/mesh.pb.h"

/// The messages of Meshtastic's client API, between bytes and the structs that nanopb makes of
/// mesh.proto. What a message means, and in which order they come, is for whoever speaks it.

namespace compot::mesh {

using ToRadio = compot_pb_ToRadio;
using FromRadio = compot_pb_FromRadio;
using MeshPacket = compot_pb_MeshPacket;

/// ERRORS: TooBig when it does not fit `out` (512 bytes always do).
[[nodiscard]] Result<BytesView> encode(const ToRadio& message, MutableBytes out);
[[nodiscard]] Result<BytesView> encode(const FromRadio& message, MutableBytes out);
[[nodiscard]] Result<BytesView> encode(const compot_pb_User& user, MutableBytes out);
[[nodiscard]] Result<BytesView> encode(const MeshPacket& packet, MutableBytes out);
[[nodiscard]] Result<BytesView> encode(const compot_pb_RouteDiscovery& route, MutableBytes out);

/// ERRORS: Malformed. A message of a kind that mesh.proto leaves out decodes to which == 0.
[[nodiscard]] Result<ToRadio> decode_to_radio(BytesView bytes);
[[nodiscard]] Result<FromRadio> decode_from_radio(BytesView bytes);
[[nodiscard]] Result<compot_pb_User> decode_user(BytesView bytes);
[[nodiscard]] Result<MeshPacket> decode_mesh_packet(BytesView bytes);
[[nodiscard]] Result<compot_pb_RouteDiscovery> decode_route(BytesView bytes);

}  // namespace compot::mesh
