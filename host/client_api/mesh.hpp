#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/air/modem.hpp"
#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "radio/channel.hpp"
#include "radio/packet.hpp"

/// What the client API's server asks of whoever holds the radios. Every function may be called from
/// any thread and returns soon.

namespace compot::client_api {

/// A node as a radio's list of nodes has it.
struct Peer {
    NodeId id;
    std::string name;
    std::uint8_t battery_percent = 100;
    std::uint16_t busy_permille = 0;
    std::int16_t snr_cdb = 0;
    bool heard = false;
    Time heard_at{};
    bool via_mqtt = false;  ///< its last packet came through a broker
};

/// What one radio tells its client about itself and its mesh.
struct Status {
    Peer self;
    std::vector<Peer> others;
    std::string channel_name;
    std::vector<std::uint8_t> channel_key;
    air::Preset preset = air::Preset::LongFast;
    std::uint8_t region = 0;  ///< Meshtastic's number; 0 is unset
    std::uint8_t hop_limit = 3;
    std::uint8_t queue_free = 16;
    Time now{};
};

/// What became of a packet at the radio's queue.
struct Submitted {
    PacketId id;
    bool accepted = false;
};

class Mesh {
public:
    virtual ~Mesh() = default;
    [[nodiscard]] virtual Status status(NodeId radio) = 0;
    /// `done` is called once, from any thread, unless the world ends first.
    virtual void submit(NodeId radio, const radio::Packet& packet,
                        std::function<void(Submitted)> done) = 0;

    /// A client has set them: channel n of the radio is the nth. Radios that hear their clients on
    /// any channel need not know.
    virtual void set_channels(NodeId /*radio*/, std::vector<radio::Channel> /*channels*/) {}
};

}  // namespace compot::client_api
