#pragma once

#include <cstdint>

#include "core/base/containers.hpp"
#include "core/mesh/data.hpp"
#include "radio/channel.hpp"
#include "radio/frame.hpp"

/// A packet with its contents in clear, as a client sees it.

namespace compot::radio {

/// What goes first when frames wait. Not sent on air: relays derive it again.
enum class Priority : std::uint8_t {
    Unset = 0,
    Min = 1,
    Background = 10,
    Default = 64,
    Reliable = 70,
    Response = 80,
    High = 100,
    Alert = 110,
    Ack = 120,
    Max = 127,
};

struct Packet {
    NodeId to = kBroadcast;
    NodeId from{};             ///< of a Submit: ignored, it is us
    PacketId id{};             ///< of a Submit: 0 lets the radio choose
    std::uint8_t channel = 0;  ///< index into Settings::channels
    std::uint8_t hop_limit = kHopsDefault;
    std::uint8_t hop_start = 0;
    std::uint8_t next_hop = kNoHop;
    std::uint8_t relay_node = kNoHop;
    bool want_ack = false;
    bool via_mqtt = false;
    bool pkc = false;  ///< was, or shall be, encrypted for one reader
    bool signature_valid = false;
    Priority priority = Priority::Unset;
    std::int16_t rssi_cdbm = 0;
    std::int16_t snr_cdb = 0;
    mesh::Data data;
};

/// What the firmware gives a packet whose sender named no priority; relays derive it like this too.
[[nodiscard]] Priority implied_priority(const mesh::Data& data, bool want_ack);

}  // namespace compot::radio
