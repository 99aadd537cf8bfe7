#include "host/stream_client/messages.hpp"

#include <algorithm>
#include <cmath>

namespace compot::stream_client {

namespace {

mesh::ToRadio to_radio(pb_size_t which) {
    mesh::ToRadio message{};
    message.which_payload_variant = which;
    return message;
}

}  // namespace

mesh::ToRadio want_config(std::uint32_t nonce) {
    mesh::ToRadio message = to_radio(compot_pb_ToRadio_want_config_id_tag);
    message.payload_variant.want_config_id = nonce;
    return message;
}

mesh::ToRadio heartbeat() { return to_radio(compot_pb_ToRadio_heartbeat_tag); }

mesh::ToRadio goodbye() {
    mesh::ToRadio message = to_radio(compot_pb_ToRadio_disconnect_tag);
    message.payload_variant.disconnect = true;
    return message;
}

mesh::ToRadio packet_to_send(const radio::Packet& packet) {
    mesh::ToRadio message = to_radio(compot_pb_ToRadio_packet_tag);
    auto& to = message.payload_variant.packet;
    to.to = packet.to.value;
    to.id = packet.id.value;
    to.channel = packet.channel;
    to.hop_limit = packet.hop_limit;
    to.want_ack = packet.want_ack;
    to.priority = static_cast<std::uint32_t>(packet.priority);
    to.pki_encrypted = packet.pkc;
    to.which_payload_variant = compot_pb_MeshPacket_decoded_tag;
    auto& data = to.payload_variant.decoded;
    data.portnum = packet.data.portnum;
    const BytesView payload = packet.data.payload.view();
    std::copy(payload.begin(), payload.end(), std::begin(data.payload.bytes));
    data.payload.size = static_cast<pb_size_t>(payload.size());
    data.want_response = packet.data.want_response;
    data.request_id = packet.data.request_id;
    data.reply_id = packet.data.reply_id;
    return message;
}

Result<radio::Packet> packet_heard(const mesh::MeshPacket& from) {
    if (from.which_payload_variant != compot_pb_MeshPacket_decoded_tag) return Error::Unsupported;
    const auto& data = from.payload_variant.decoded;
    if (!(std::fabs(from.rx_snr) < 100.0F) || from.rx_rssi < -300 || from.rx_rssi > 100)
        return Error::Malformed;
    radio::Packet to;
    to.from = NodeId{from.from};
    to.to = NodeId{from.to};
    to.id = PacketId{from.id};
    to.channel = static_cast<std::uint8_t>(std::min(from.channel, 255U));
    to.hop_limit = static_cast<std::uint8_t>(std::min(from.hop_limit, 7U));
    to.hop_start = static_cast<std::uint8_t>(std::min(from.hop_start, 7U));
    to.want_ack = from.want_ack;
    to.via_mqtt = from.via_mqtt;
    to.pkc = from.pki_encrypted;
    to.snr_cdb = static_cast<std::int16_t>(std::lround(from.rx_snr * 100.0F));
    to.rssi_cdbm = static_cast<std::int16_t>(from.rx_rssi * 100);
    to.data.portnum = data.portnum;
    if (!to.data.payload.assign({data.payload.bytes, data.payload.size})) return Error::Malformed;
    to.data.want_response = data.want_response;
    to.data.request_id = data.request_id;
    to.data.reply_id = data.reply_id;
    return to;
}

}  // namespace compot::stream_client
