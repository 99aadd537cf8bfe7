#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

/// The names that travel on the air.

namespace compot {

/// A Meshtastic node number.
struct NodeId {
    std::uint32_t value = 0;
    auto operator<=>(const NodeId&) const = default;
};

inline constexpr NodeId kBroadcast{0xFFFFFFFF};
inline constexpr NodeId kNoNode{0};

/// A Meshtastic packet id, unique for its sender: for frames of ours a 12-bit boot epoch above a
/// 20-bit sequence. It is also the cipher's nonce, so it never repeats.
struct PacketId {
    std::uint32_t value = 0;
    auto operator<=>(const PacketId&) const = default;

    [[nodiscard]] constexpr std::uint16_t epoch() const {
        return static_cast<std::uint16_t>(value >> 20U);
    }

    [[nodiscard]] constexpr std::uint32_t sequence() const { return value & 0xFFFFFU; }
};

[[nodiscard]] constexpr PacketId make_packet_id(std::uint16_t epoch, std::uint32_t sequence) {
    return PacketId{(static_cast<std::uint32_t>(epoch) << 20U) | (sequence & 0xFFFFFU)};
}

}  // namespace compot

template <>
struct std::hash<compot::NodeId> {
    std::size_t operator()(compot::NodeId id) const noexcept { return id.value; }
};
