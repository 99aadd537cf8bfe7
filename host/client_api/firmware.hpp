#pragma once

#include <cstdint>

#include "core/base/containers.hpp"
#include "core/base/result.hpp"
#include "host/client_api/firmware.pb.h"
#include "host/client_api/section.hpp"

/// What firmware tells its client besides the part of the client API that a node reads: its screen,
/// the presets of each region, its files. Clients expect these kinds in their places; a simulated
/// radio says as little in them as is true.

namespace compot::client_api {

using FirmwareMessage = compot_firmware_pb_FromRadio;

/// `screen` is what a client stored; nothing else is known of a screen that is not there.
[[nodiscard]] FirmwareMessage device_ui(BytesView screen);
[[nodiscard]] FirmwareMessage config(const Section& section);
[[nodiscard]] FirmwareMessage module_config(const Section& section);
/// Which presets each region allows. SOURCE: firmware 2.8.0, vectors/handshake.json.
[[nodiscard]] FirmwareMessage region_presets();
/// REQUIRES: a name of at most 31 characters.
[[nodiscard]] FirmwareMessage file_info(const char* name, std::size_t bytes);

/// ERRORS: TooBig when it does not fit `out` (512 bytes always do).
[[nodiscard]] Result<BytesView> encode(const FirmwareMessage& message, MutableBytes out);

}  // namespace compot::client_api
