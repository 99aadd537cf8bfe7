#include "host/firmware_loop/border.hpp"

#include <fmt/format.h>
#include <pb_decode.h>
#include <pb_encode.h>

#include <algorithm>
#include <array>
#include <optional>

#include "host/firmware_loop/compressed.pb.h"
#include "radio/cipher.hpp"

namespace compot::firmware_loop {

namespace {

using Wrapper = compot_firmware_loop_pb_Compressed;

Result<Wrapper> unwrap(const compot_pb_Data& data) {
    Wrapper wrapper = compot_firmware_loop_pb_Compressed_init_zero;
    pb_istream_t stream = pb_istream_from_buffer(data.payload.bytes, data.payload.size);
    if (!pb_decode(&stream, compot_firmware_loop_pb_Compressed_fields, &wrapper))
        return Error::Malformed;
    return wrapper;
}

Result<void> wrap(std::uint32_t portnum, BytesView bytes, compot_pb_Data& into) {
    Wrapper wrapper = compot_firmware_loop_pb_Compressed_init_zero;
    if (bytes.size() > mesh::kDataPayloadMax) return Error::TooBig;
    wrapper.portnum = portnum;
    wrapper.data.size = static_cast<pb_size_t>(bytes.size());
    std::copy(bytes.begin(), bytes.end(), std::begin(wrapper.data.bytes));
    std::array<std::uint8_t, mesh::kDataPayloadMax> out{};
    pb_ostream_t stream = pb_ostream_from_buffer(out.data(), out.size());
    if (!pb_encode(&stream, compot_firmware_loop_pb_Compressed_fields, &wrapper))
        return Error::TooBig;
    into.portnum = kSimulatorPort;
    into.payload.size = static_cast<pb_size_t>(stream.bytes_written);
    std::copy_n(out.begin(), stream.bytes_written, std::begin(into.payload.bytes));
    return {};
}

/// Everything of the firmware's Data but port and payload, which the wrapper has.
Result<mesh::Data> data_of(const compot_pb_Data& from, const Wrapper& wrapper) {
    mesh::Data to;
    to.portnum = wrapper.portnum;
    if (!to.payload.assign({wrapper.data.bytes, wrapper.data.size})) return Error::Malformed;
    to.want_response = from.want_response;
    to.dest = from.dest;
    to.source = from.source;
    to.request_id = from.request_id;
    to.reply_id = from.reply_id;
    to.emoji = from.emoji;
    if (from.has_bitfield) to.bitfield = from.bitfield;
    if (!to.signature.assign({from.xeddsa_signature.bytes, from.xeddsa_signature.size}))
        return Error::Malformed;
    return to;
}

void put_data(const mesh::Data& from, compot_pb_Data& to) {
    to.want_response = from.want_response;
    to.dest = from.dest;
    to.source = from.source;
    to.request_id = from.request_id;
    to.reply_id = from.reply_id;
    to.emoji = from.emoji;
    to.has_bitfield = from.bitfield.has_value();
    to.bitfield = from.bitfield.value_or(0);
    to.xeddsa_signature.size = static_cast<pb_size_t>(from.signature.size());
    std::copy(from.signature.begin(), from.signature.end(), std::begin(to.xeddsa_signature.bytes));
}

radio::Header header_of(const mesh::MeshPacket& packet, std::uint8_t hash) {
    const auto byte = [](std::uint32_t value) { return static_cast<std::uint8_t>(value & 0xFFU); };
    radio::Header header;
    header.to = NodeId{packet.to};
    header.from = NodeId{packet.from};
    header.id = PacketId{packet.id};
    header.hop_limit = byte(std::min<std::uint32_t>(packet.hop_limit, radio::kHopsMax));
    header.hop_start = byte(std::min<std::uint32_t>(packet.hop_start, radio::kHopsMax));
    header.want_ack = packet.want_ack;
    header.via_mqtt = packet.via_mqtt;
    header.channel_hash = hash;
    header.next_hop = byte(packet.next_hop);
    header.relay_node = byte(packet.relay_node);
    return header;
}

Result<radio::Frame> frame(const radio::Header& header, BytesView payload) {
    radio::Frame out;
    if (payload.size() > mesh::kDataBytesMax) return Error::TooBig;
    const auto head = radio::encode(header);
    out.resize(head.size() + payload.size());
    std::copy(payload.begin(), payload.end(), std::copy(head.begin(), head.end(), out.begin()));
    return out;
}

mesh::MeshPacket packet_of(const radio::Header& header, std::int16_t rssi_cdbm,
                           std::int16_t snr_cdb) {
    mesh::MeshPacket packet{};
    packet.from = header.from.value;
    packet.to = header.to.value;
    packet.id = header.id.value;
    packet.hop_limit = header.hop_limit;
    packet.hop_start = header.hop_start;
    packet.want_ack = header.want_ack;
    packet.via_mqtt = header.via_mqtt;
    packet.channel = header.channel_hash;
    packet.next_hop = header.next_hop;
    packet.relay_node = header.relay_node;
    packet.rx_rssi = rssi_cdbm / 100;
    packet.rx_snr = static_cast<float>(snr_cdb) / 100.0F;
    packet.which_payload_variant = compot_pb_MeshPacket_decoded_tag;
    return packet;
}

struct Opened {
    std::uint32_t channel = 0;
    mesh::Data data;
};

std::optional<Opened> open(const radio::Header& header, BytesView payload,
                           const Channels& channels) {
    for (const auto& [index, channel] : channels) {
        if (channel.hash != header.channel_hash) continue;
        std::vector<std::uint8_t> plain(payload.begin(), payload.end());
        radio::crypt_channel(channel.key, header.from, header.id, plain);
        const auto data = mesh::decode_data(plain);
        if (data) return Opened{index, *data};
    }
    return std::nullopt;
}

}  // namespace

Channels channels_of(const stream_client::RadioFacts& facts) {
    const auto preset = air::preset_numbered(facts.lora.modem_preset);
    const std::string unnamed{preset ? air::name(*preset) : std::string_view("Custom")};
    constexpr std::uint32_t kPrimary = 1;
    BytesView primary_key;
    for (const auto& each : facts.channels) {
        if (each.role == kPrimary) primary_key = {each.settings.psk.bytes, each.settings.psk.size};
    }
    Channels channels;
    for (const auto& each : facts.channels) {
        const std::string name(&each.settings.name[0]);
        BytesView key{each.settings.psk.bytes, each.settings.psk.size};
        if (key.empty() && each.role != kPrimary) key = primary_key;
        const auto channel = radio::make_channel(name.empty() ? unnamed : name, key);
        if (channel) channels[static_cast<std::uint32_t>(each.index)] = *channel;
    }
    return channels;
}

Result<radio::Frame> frame_of(const mesh::MeshPacket& simulated, const Channels& channels) {
    const auto& data = simulated.payload_variant.decoded;
    if (simulated.which_payload_variant != compot_pb_MeshPacket_decoded_tag ||
        data.portnum != kSimulatorPort)
        return Error::Unsupported;
    const auto wrapper = unwrap(data);
    if (!wrapper) return wrapper.error();
    if (simulated.from == 0) return Error::Malformed;
    if (wrapper->portnum == 0) {
        const auto hash = static_cast<std::uint8_t>(simulated.channel & 0xFFU);
        return frame(header_of(simulated, hash), {wrapper->data.bytes, wrapper->data.size});
    }
    const auto channel = channels.find(simulated.channel);
    if (channel == channels.end()) return Error::Unknown;
    const auto inner = data_of(data, *wrapper);
    if (!inner) return inner.error();
    std::array<std::uint8_t, mesh::kDataBytesMax> out{};
    const auto encoded = mesh::encode(*inner, out);
    if (!encoded) return encoded.error();
    const MutableBytes payload{out.data(), encoded->size()};
    radio::crypt_channel(channel->second.key, NodeId{simulated.from}, PacketId{simulated.id},
                         payload);
    return frame(header_of(simulated, channel->second.hash), payload);
}

Result<mesh::MeshPacket> heard_of(BytesView bytes, std::int16_t rssi_cdbm, std::int16_t snr_cdb,
                                  const Channels& channels) {
    const auto header = radio::decode_header(bytes);
    if (!header) return header.error();
    const BytesView payload = bytes.subspan(radio::kHeaderBytes);
    mesh::MeshPacket packet = packet_of(*header, rssi_cdbm, snr_cdb);
    auto& data = packet.payload_variant.decoded;
    if (wrap(0, payload, data)) return packet;
    const auto opened = open(*header, payload, channels);
    if (!opened) return Error::TooBig;
    packet.channel = opened->channel;
    if (const auto done = wrap(opened->data.portnum, opened->data.payload.view(), data); !done)
        return done.error();
    put_data(opened->data, data);
    return packet;
}

std::string misfit(const stream_client::RadioFacts& facts, const Air& air) {
    if (!facts.has_lora) return "it did not tell its LoRa settings";
    if (facts.lora.region == 0)
        return "its region is not set, so it does not send; set it (meshtastic --set lora.region)";
    if (air.region != 0 && facts.lora.region != air.region)
        return fmt::format(
            "its region is Meshtastic's number {}, the scenario's frequency is in "
            "number {}",
            facts.lora.region, air.region);
    const auto preset = air::preset_numbered(facts.lora.modem_preset);
    if (!facts.lora.use_preset || !preset)
        return fmt::format("its modem has settings of its own, the scenario's preset is {}",
                           air::name(air.preset));
    if (*preset != air.preset)
        return fmt::format("its preset is {}, the scenario's is {}", air::name(*preset),
                           air::name(air.preset));
    if (!facts.lora.tx_enabled) return "it is set not to send (lora.tx_enabled)";
    return {};
}

}  // namespace compot::firmware_loop
