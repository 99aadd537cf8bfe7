#include "host/links/envelope.hpp"

#include <fmt/format.h>
#include <pb_decode.h>
#include <pb_encode.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "core/base/check.hpp"
#include "host/links/envelope.pb.h"

namespace compot::links {

namespace {

using Message = compot_links_pb_ServiceEnvelope;

constexpr std::size_t kNameBytes = 9;

template <std::size_t Size>
void copy_text(char (&to)[Size], const std::string& from) {
    COMPOT_CHECK(from.size() < Size);
    std::memcpy(static_cast<char*>(to), from.c_str(), from.size() + 1);
}

}  // namespace

Result<Envelope> decode_envelope(BytesView bytes) {
    if (bytes.size() > kEnvelopeBytesMax) return Error::TooBig;
    Message message = compot_links_pb_ServiceEnvelope_init_zero;
    pb_istream_t stream = pb_istream_from_buffer(bytes.data(), bytes.size());
    if (!pb_decode(&stream, compot_links_pb_ServiceEnvelope_fields, &message))
        return Error::Malformed;
    const auto gateway = id_of(&message.gateway_id[0]);
    if (!gateway || message.channel_id[0] == '\0') return Error::Malformed;
    const auto packet = decode_packet({&message.packet.bytes[0], message.packet.size});
    if (!packet) return packet.error();
    return Envelope{*packet, &message.channel_id[0], *gateway};
}

std::string encode_envelope(const Envelope& envelope) {
    Message message = compot_links_pb_ServiceEnvelope_init_zero;
    const PacketBytes packet = encode_packet(envelope.packet);
    std::copy(packet.begin(), packet.end(), std::begin(message.packet.bytes));
    message.packet.size = static_cast<pb_size_t>(packet.size());
    copy_text(message.channel_id, envelope.channel);
    copy_text(message.gateway_id, name_of(envelope.gateway));
    std::array<std::uint8_t, kEnvelopeBytesMax> buffer{};
    pb_ostream_t stream = pb_ostream_from_buffer(buffer.data(), buffer.size());
    COMPOT_CHECK(pb_encode(&stream, compot_links_pb_ServiceEnvelope_fields, &message));
    return {buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(stream.bytes_written)};
}

std::string topic(const std::string& root, const std::string& channel, NodeId gateway) {
    return fmt::format("{}/2/e/{}/{}", root, channel, name_of(gateway));
}

std::string topics(const std::string& root, const std::string& channel) {
    return fmt::format("{}/2/e/{}/+", root, channel);
}

Result<Envelope> read_message(const std::string& root, const std::string& topic_heard,
                              BytesView payload) {
    if (!topic_heard.starts_with(root + "/2/e/")) return Error::Unknown;
    auto envelope = decode_envelope(payload);
    if (!envelope) return envelope;
    if (topic_heard != topic(root, envelope->channel, envelope->gateway)) return Error::Forged;
    return envelope;
}

std::string name_of(NodeId id) { return fmt::format("!{:08x}", id.value); }

std::optional<NodeId> id_of(const std::string& name) {
    const bool digits = name.size() == kNameBytes && name[0] == '!' &&
                        name.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string::npos;
    if (!digits) return std::nullopt;
    return NodeId{static_cast<std::uint32_t>(std::stoul(name.substr(1), nullptr, 16))};
}

}  // namespace compot::links
