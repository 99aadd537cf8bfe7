#include "host/links/carried.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/base/check.hpp"
#include "core/mesh/client.hpp"

namespace compot::links {

namespace {

constexpr std::int32_t kRssiLeastDbm = -200;
constexpr float kSnrMostDb = 100;

/// The payload of a frame on air is as long as its frame lets it.
constexpr std::size_t kPayloadMax = radio::kFrameBytesMax - radio::kHeaderBytes;

std::int16_t snr_of(float db) {
    if (!std::isfinite(db)) return 0;
    return static_cast<std::int16_t>(std::clamp(db, -kSnrMostDb, kSnrMostDb) * 100.0F);
}

}  // namespace

Result<Carried> decode_packet(BytesView bytes) {
    const auto packet = mesh::decode_mesh_packet(bytes);
    if (!packet) return Error::Malformed;
    if (packet->which_payload_variant == compot_pb_MeshPacket_decoded_tag)
        return Error::Unsupported;
    const auto& sealed = packet->payload_variant.encrypted;
    const bool possible = packet->which_payload_variant == compot_pb_MeshPacket_encrypted_tag &&
                          packet->from != 0 && packet->id != 0 && sealed.size > 0 &&
                          packet->hop_limit <= radio::kHopsMax &&
                          packet->hop_start <= radio::kHopsMax && packet->channel <= 0xFF &&
                          packet->next_hop <= 0xFF && packet->relay_node <= 0xFF;
    if (!possible) return Error::Malformed;
    if (sealed.size > kPayloadMax) return Error::TooBig;
    Carried carried;
    carried.header.to = NodeId{packet->to};
    carried.header.from = NodeId{packet->from};
    carried.header.id = PacketId{packet->id};
    carried.header.hop_limit = static_cast<std::uint8_t>(packet->hop_limit);
    carried.header.hop_start = static_cast<std::uint8_t>(packet->hop_start);
    carried.header.want_ack = packet->want_ack;
    carried.header.via_mqtt = packet->via_mqtt;
    carried.header.channel_hash = static_cast<std::uint8_t>(packet->channel);
    carried.header.next_hop = static_cast<std::uint8_t>(packet->next_hop);
    carried.header.relay_node = static_cast<std::uint8_t>(packet->relay_node);
    COMPOT_CHECK(carried.payload.assign({sealed.bytes, sealed.size}));
    carried.rssi_cdbm =
        static_cast<std::int16_t>(std::clamp(packet->rx_rssi, kRssiLeastDbm, 0) * 100);
    carried.snr_cdb = snr_of(packet->rx_snr);
    return carried;
}

PacketBytes encode_packet(const Carried& carried) {
    mesh::MeshPacket packet{};
    const radio::Header& header = carried.header;
    packet.from = header.from.value;
    packet.to = header.to.value;
    packet.id = header.id.value;
    packet.channel = header.channel_hash;
    packet.hop_limit = header.hop_limit;
    packet.hop_start = header.hop_start;
    packet.want_ack = header.want_ack;
    packet.via_mqtt = header.via_mqtt;
    packet.next_hop = header.next_hop;
    packet.relay_node = header.relay_node;
    packet.rx_rssi = carried.rssi_cdbm / 100;
    packet.rx_snr = static_cast<float>(carried.snr_cdb) / 100.0F;
    packet.which_payload_variant = compot_pb_MeshPacket_encrypted_tag;
    auto& sealed = packet.payload_variant.encrypted;
    std::copy(carried.payload.begin(), carried.payload.end(), std::begin(sealed.bytes));
    sealed.size = static_cast<pb_size_t>(carried.payload.size());
    packet.pki_encrypted = header.channel_hash == radio::kPkcChannelHash;
    std::array<std::uint8_t, kPacketBytesMax> buffer{};
    const auto encoded = mesh::encode(packet, buffer);
    PacketBytes bytes;
    COMPOT_CHECK(encoded.ok() && bytes.assign(*encoded));
    return bytes;
}

radio::Frame frame_of(const Carried& carried) {
    radio::Frame frame;
    COMPOT_CHECK(frame.assign(radio::encode(carried.header)));
    for (const std::uint8_t byte : carried.payload) frame.push(byte);
    return frame;
}

Result<Carried> carried_of(BytesView frame, std::int16_t rssi_cdbm, std::int16_t snr_cdb) {
    const auto header = radio::decode_header(frame);
    if (!header) return header.error();
    if (frame.size() == radio::kHeaderBytes) return Error::Malformed;
    Carried carried;
    carried.header = *header;
    COMPOT_CHECK(carried.payload.assign(frame.subspan(radio::kHeaderBytes)));
    carried.rssi_cdbm = rssi_cdbm;
    carried.snr_cdb = snr_cdb;
    return carried;
}

}  // namespace compot::links
