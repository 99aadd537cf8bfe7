#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/air/modem.hpp"
#include "core/base/containers.hpp"
#include "core/base/ids.hpp"
#include "core/base/result.hpp"

/// The sixteen bytes in clear before every Meshtastic payload, and the frame that goes on air. It
/// says who sends to whom and how far; what is inside it does not know.

namespace compot::radio {

using air::kFrameBytesMax;
using air::kHeaderBytes;

using Frame = Bytes<kFrameBytesMax>;

inline constexpr std::uint8_t kHopsMax = 7;
inline constexpr std::uint8_t kHopsDefault = 3;
inline constexpr std::uint8_t kNoHop = 0;           ///< next_hop and relay_node: nobody named
inline constexpr std::uint8_t kPkcChannelHash = 0;  ///< the channel byte of PKC packets

struct Header {
    NodeId to = kBroadcast;
    NodeId from{};
    PacketId id{};
    std::uint8_t hop_limit = kHopsDefault;  ///< 0..7
    std::uint8_t hop_start = kHopsDefault;  ///< 0..7; 0: too old to know next_hop and relay_node
    bool want_ack = false;
    bool via_mqtt = false;
    std::uint8_t channel_hash = 0;
    std::uint8_t next_hop = kNoHop;    ///< low byte of the one who shall relay, or kNoHop: flood
    std::uint8_t relay_node = kNoHop;  ///< low byte of whoever transmits this copy

    [[nodiscard]] bool operator==(const Header&) const = default;
};

/// How a node is named in next_hop and relay_node: its low byte, but never 0.
[[nodiscard]] constexpr std::uint8_t short_name(NodeId id) {
    const auto low = static_cast<std::uint8_t>(id.value & 0xFFU);
    return low == 0 ? std::uint8_t{0xFF} : low;
}

/// REQUIRES: hop_limit and hop_start of at most 7.
[[nodiscard]] std::array<std::uint8_t, kHeaderBytes> encode(const Header& header);

/// ERRORS: Truncated below 16 bytes, TooBig above 255, Malformed when it comes from node 0, which
/// the firmware drops.
[[nodiscard]] Result<Header> decode_header(BytesView frame);

/// Hops that a copy has travelled; 0 when heard from the originator or when it can't be known.
[[nodiscard]] constexpr std::uint8_t hops_away(const Header& header) {
    return header.hop_start < header.hop_limit
               ? std::uint8_t{0}
               : static_cast<std::uint8_t>(header.hop_start - header.hop_limit);
}

}  // namespace compot::radio
