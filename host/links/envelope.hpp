#pragma once

#include <optional>
#include <string>

#include "host/links/carried.hpp"

/// Meshtastic's way through an MQTT broker: a packet in a ServiceEnvelope, on the topic
/// ROOT/2/e/CHANNEL/!GATEWAY. Who takes what from there is for the gateway's rules.
/// SOURCE: research notes on firmware 2.8; the numbers of its protobuf.

namespace compot::links {

inline constexpr std::size_t kEnvelopeBytesMax = 480;
inline constexpr const char* kPkiChannel = "PKI";  ///< the channel of packets for one reader

struct Envelope {
    Carried packet;
    std::string channel;
    NodeId gateway;
};

/// ERRORS: those of decode_packet(); Malformed: no envelope, no channel, no gateway.
[[nodiscard]] Result<Envelope> decode_envelope(BytesView bytes);

/// REQUIRES: a channel name of at most 11 bytes.
[[nodiscard]] std::string encode_envelope(const Envelope& envelope);

[[nodiscard]] std::string topic(const std::string& root, const std::string& channel,
                                NodeId gateway);
/// Everything of a channel, from any gateway.
[[nodiscard]] std::string topics(const std::string& root, const std::string& channel);

/// The envelope of a message, if its topic names the same channel and gateway. ERRORS: those of
/// decode_envelope(); Unknown: another kind of topic (JSON, map); Forged: they differ.
[[nodiscard]] Result<Envelope> read_message(const std::string& root, const std::string& topic,
                                            BytesView payload);

/// "!" and eight hexadecimal digits.
[[nodiscard]] std::string name_of(NodeId id);
[[nodiscard]] std::optional<NodeId> id_of(const std::string& name);

}  // namespace compot::links
