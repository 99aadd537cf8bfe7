#pragma once

#include <cstdint>

#include "core/base/containers.hpp"
#include "core/base/result.hpp"
#include "host/client_api/firmware.pb.h"

/// What firmware tells its client besides the part of the client API that a node reads: its screen,
/// the presets of each region, its files. Clients expect these kinds in their places; a simulated
/// radio says as little in them as is true.

namespace compot::client_api {

using FirmwareMessage = compot_firmware_pb_FromRadio;

[[nodiscard]] FirmwareMessage device_ui();
/// Which presets each region allows. SOURCE: firmware 2.8.0, vectors/handshake.json.
[[nodiscard]] FirmwareMessage region_presets();
/// The kind of module configuration that came with firmware 2.8.
[[nodiscard]] FirmwareMessage mesh_beacon();
/// REQUIRES: a name of at most 31 characters.
[[nodiscard]] FirmwareMessage file_info(const char* name, std::size_t bytes);

/// ERRORS: TooBig when it does not fit `out` (512 bytes always do).
[[nodiscard]] Result<BytesView> encode(const FirmwareMessage& message, MutableBytes out);

}  // namespace compot::client_api
