#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/mesh/client.hpp"
#include "host/stream_client/client.hpp"
#include "radio/channel.hpp"
#include "radio/frame.hpp"

/// Between a Meshtastic firmware in simulated-radio mode and frames on the air. Such a firmware
/// tells its client each transmission as a packet of port 69, decrypted where it can, and takes
/// what its antenna hears in the same form. This encrypts and decrypts as its modem would have
/// sent and heard it; who hears whom is not known here.
/// SOURCE: observed on firmware 2.8.0; doc/firmware-in-the-loop.md.

namespace compot::firmware_loop {

inline constexpr std::uint32_t kSimulatorPort = 69;

/// Channels of one firmware, by its own index.
using Channels = std::map<std::uint32_t, radio::Channel>;

/// As the firmware told its client: an unnamed channel has the preset's name, a secondary without
/// a key the primary's.
[[nodiscard]] Channels channels_of(const stream_client::RadioFacts& facts);

/// What the firmware sends, as a frame on the air. ERRORS: Unsupported, it is no packet of port 69
/// in clear; Malformed, its wrapper or its data is broken; Unknown, of a channel that the firmware
/// did not tell; TooBig for the air.
[[nodiscard]] Result<radio::Frame> frame_of(const mesh::MeshPacket& simulated,
                                            const Channels& channels);

/// A frame that its antenna heard, as the firmware takes it: as on the air, so that the firmware
/// itself decrypts it; but the wrapper has room for 230 bytes of that, so longer ones are decrypted
/// here. ERRORS: those of radio::decode_header(); TooBig for the wrapper even so, or because none
/// of the channels opens it.
[[nodiscard]] Result<mesh::MeshPacket> heard_of(BytesView frame, std::int16_t rssi_cdbm,
                                                std::int16_t snr_cdb, const Channels& channels);

/// Why this firmware can't take part on this air: one sentence without its name, or none.
struct Air {
    air::Preset preset = air::Preset::LongFast;
    std::uint8_t region = 0;  ///< Meshtastic's number; 0: any will do
};

[[nodiscard]] std::string misfit(const stream_client::RadioFacts& facts, const Air& air);

}  // namespace compot::firmware_loop
