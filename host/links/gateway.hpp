#pragma once

#include <cstdint>
#include <optional>
#include <unordered_set>

#include "host/links/envelope.hpp"
#include "host/links/seen.hpp"
#include "radio/channel.hpp"

/// What a Meshtastic radio that is connected to a broker hands up from its mesh and takes down into
/// it: the firmware's rules, without broker and radio.
/// SOURCE: firmware 2.8 as research notes and its documentation describe it.

namespace compot::links {

struct GatewayTerms {
    NodeId self;
    radio::Channel channel;  ///< uplink and downlink are enabled on it
    /// At a private broker everything of the channel goes up; at a public one, of others only what
    /// they have marked as ok for MQTT.
    bool private_broker = true;
    bool zero_hop = false;  ///< what comes down reaches the gateway alone
};

/// A broker that is on this machine or on a network which is not routed into the world.
[[nodiscard]] bool is_private(const std::string& host);

class Gateway {
public:
    explicit Gateway(const GatewayTerms& terms) : terms_(terms) {}

    /// A frame that the gateway's radio heard for the first time, or sends itself. Nothing: it came
    /// from a broker, is of another channel, was not meant for one, or is up already.
    [[nodiscard]] std::optional<Envelope> uplink(const Carried& carried);

    /// A frame for the gateway's radio, as if it had been heard. Nothing: our own, of a channel
    /// that we do not have, or for one reader of whom, or of whose sender, we know nothing.
    [[nodiscard]] std::optional<Carried> downlink(const Envelope& envelope);

    struct Counters {
        std::uint64_t up = 0;
        std::uint64_t not_ok = 0;  ///< kept here: not marked as ok for MQTT
        std::uint64_t down = 0;
        std::uint64_t own = 0;      ///< our envelopes, or our packets in others'
        std::uint64_t again = 0;    ///< brought by another gateway before
        std::uint64_t foreign = 0;  ///< of other channels, or not to be read
    };

    [[nodiscard]] const Counters& counters() const { return counters_; }

private:
    [[nodiscard]] bool ours(const Carried& carried, bool& ok_to_mqtt) const;
    void know(NodeId id);

    GatewayTerms terms_;
    Seen up_;
    Seen down_;
    std::unordered_set<std::uint32_t> known_;  ///< whose packets we could read
    Counters counters_;
};

}  // namespace compot::links
