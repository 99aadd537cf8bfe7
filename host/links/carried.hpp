#pragma once

#include <cstdint>

#include "core/base/result.hpp"
#include "radio/frame.hpp"

/// A frame on its way outside the air, by UDP or through a broker: Meshtastic's MeshPacket with its
/// contents encrypted. What is in it, and who may read it, is not looked at here.

namespace compot::links {

inline constexpr std::size_t kPacketBytesMax = 400;  ///< encoded, whatever it says

struct Carried {
    radio::Header header;
    Bytes<radio::kFrameBytesMax - radio::kHeaderBytes> payload;  ///< encrypted; never empty
    std::int16_t rssi_cdbm = 0;  ///< at whoever heard it by radio; 0 and 0: nobody did
    std::int16_t snr_cdb = 0;

    [[nodiscard]] bool operator==(const Carried&) const = default;
};

/// ERRORS: Malformed: no MeshPacket, or one that no radio can have sent (from or id 0, more than 7
/// hops, no contents); TooBig: longer than a frame; Unsupported: its contents are in clear.
[[nodiscard]] Result<Carried> decode_packet(BytesView bytes);

using PacketBytes = Bytes<kPacketBytesMax>;
[[nodiscard]] PacketBytes encode_packet(const Carried& carried);

[[nodiscard]] radio::Frame frame_of(const Carried& carried);
/// ERRORS: those of radio::decode_header; Malformed for a frame without contents.
[[nodiscard]] Result<Carried> carried_of(BytesView frame, std::int16_t rssi_cdbm,
                                         std::int16_t snr_cdb);

}  // namespace compot::links
