#include "host/client_api/messages.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/client_api/text.hpp"

namespace compot::client_api {

namespace {

using mesh::FromRadio;

constexpr std::uint32_t kPortduino = 37;  ///< SOURCE: Meshtastic's enumeration HardwareModel.
constexpr std::uint32_t kWarning = 30;    ///< SOURCE: Meshtastic's enumeration LogRecord.Level.

/// What an app must at least be to speak with us: version 3.2.0.
constexpr std::uint32_t kMinAppVersion = 30200;

std::uint32_t seconds(Time at) { return static_cast<std::uint32_t>(to_us(at) / 1'000'000); }

FromRadio from_radio(pb_size_t which) {
    FromRadio message{};
    message.which_payload_variant = which;
    return message;
}

}  // namespace

FromRadio my_info(const Status& status) {
    FromRadio message = from_radio(compot_pb_FromRadio_my_info_tag);
    auto& info = message.payload_variant.my_info;
    info.my_node_num = status.self.id.value;
    info.min_app_version = kMinAppVersion;
    copy_text(info.pio_env, "native");
    info.nodedb_count = static_cast<std::uint32_t>(status.others.size() + 1);
    return message;
}

namespace {

FromRadio info_of(const Peer& peer, bool self) {
    FromRadio message = from_radio(compot_pb_FromRadio_node_info_tag);
    auto& info = message.payload_variant.node_info;
    info.num = peer.id.value;
    info.has_user = true;
    copy_text(info.user.id, fmt::format("!{:08x}", peer.id.value));
    copy_text(info.user.long_name, peer.name);
    copy_text(info.user.short_name, peer.name.substr(0, 4));
    info.user.hw_model = kPortduino;
    info.has_device_metrics = true;
    info.device_metrics.has_battery_level = true;
    info.device_metrics.battery_level = peer.battery_percent;
    info.device_metrics.has_channel_utilization = self;
    info.device_metrics.channel_utilization = static_cast<float>(peer.busy_permille) / 10.0F;
    info.via_mqtt = peer.via_mqtt;
    if (peer.heard) {
        info.snr = static_cast<float>(peer.snr_cdb) / 100.0F;
        info.last_heard = seconds(peer.heard_at);
        info.has_hops_away = true;
    }
    return message;
}

}  // namespace

FromRadio own_info(const Status& status, const Settings& settings) {
    FromRadio message = info_of(status.self, true);
    auto& info = message.payload_variant.node_info;
    info.user = settings.owner();
    info.has_position = settings.position.has_value();
    if (settings.position) info.position = *settings.position;
    return message;
}

FromRadio node_info(const Peer& peer, const Settings& settings) {
    FromRadio message = info_of(peer, false);
    auto& info = message.payload_variant.node_info;
    info.is_favorite = settings.favourites.count(peer.id.value) != 0;
    info.is_ignored = settings.ignored.count(peer.id.value) != 0;
    return message;
}

FromRadio metadata() {
    FromRadio message = from_radio(compot_pb_FromRadio_metadata_tag);
    auto& data = message.payload_variant.metadata;
    copy_text(data.firmware_version, "2.7.15.compot");
    data.device_state_version = 24;
    data.hw_model = kPortduino;
    return message;
}

FromRadio channel(const compot_pb_Channel& channel) {
    FromRadio message = from_radio(compot_pb_FromRadio_channel_tag);
    message.payload_variant.channel = channel;
    return message;
}

FromRadio notification(const std::string& words, std::uint32_t reply_to, Time now) {
    FromRadio message = from_radio(compot_pb_FromRadio_client_notification_tag);
    auto& notification = message.payload_variant.client_notification;
    notification.has_reply_id = true;
    notification.reply_id = reply_to;
    notification.time = seconds(now);
    notification.level = kWarning;
    copy_text(notification.message, words);
    return message;
}

FromRadio config_complete(std::uint32_t nonce) {
    FromRadio message = from_radio(compot_pb_FromRadio_config_complete_id_tag);
    message.payload_variant.config_complete_id = nonce;
    return message;
}

FromRadio packet(const radio::Packet& from, Time now) {
    FromRadio message = from_radio(compot_pb_FromRadio_packet_tag);
    auto& to = message.payload_variant.packet;
    to.from = from.from.value;
    to.to = from.to.value;
    to.id = from.id.value;
    to.channel = from.channel;
    to.rx_time = seconds(now);
    to.rx_snr = static_cast<float>(from.snr_cdb) / 100.0F;
    to.rx_rssi = from.rssi_cdbm / 100;
    to.hop_limit = from.hop_limit;
    to.hop_start = from.hop_start;
    to.next_hop = from.next_hop;
    to.relay_node = from.relay_node;
    to.want_ack = from.want_ack;
    to.via_mqtt = from.via_mqtt;
    to.pki_encrypted = from.pkc;
    to.priority = static_cast<std::uint32_t>(from.priority);
    to.which_payload_variant = compot_pb_MeshPacket_decoded_tag;
    auto& data = to.payload_variant.decoded;
    data.portnum = from.data.portnum;
    copy_bytes(data.payload, from.data.payload.view());
    data.want_response = from.data.want_response;
    data.dest = from.data.dest;
    data.source = from.data.source;
    data.request_id = from.data.request_id;
    data.reply_id = from.data.reply_id;
    data.emoji = from.data.emoji;
    data.has_bitfield = from.data.bitfield.has_value();
    data.bitfield = from.data.bitfield.value_or(0);
    return message;
}

Result<radio::Packet> packet_of(const mesh::MeshPacket& from) {
    if (from.which_payload_variant != compot_pb_MeshPacket_decoded_tag) return Error::Unsupported;
    if (from.channel >= kChannels) return Error::Unknown;
    const auto& data = from.payload_variant.decoded;
    radio::Packet to;
    to.to = NodeId{from.to};
    to.id = PacketId{from.id};
    to.channel = static_cast<std::uint8_t>(from.channel);
    to.hop_limit = static_cast<std::uint8_t>(std::min(from.hop_limit, 7U));
    to.want_ack = from.want_ack;
    to.pkc = from.pki_encrypted;
    to.priority = static_cast<radio::Priority>(std::min(from.priority, 127U));
    to.data.portnum = data.portnum;
    if (!to.data.payload.assign({data.payload.bytes, data.payload.size})) return Error::TooBig;
    to.data.want_response = data.want_response;
    to.data.dest = data.dest;
    to.data.source = data.source;
    to.data.request_id = data.request_id;
    to.data.reply_id = data.reply_id;
    to.data.emoji = data.emoji;
    return to;
}

}  // namespace compot::client_api
