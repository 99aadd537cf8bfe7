#include "host/client_api/session.hpp"

#include <array>

#include "core/base/random.hpp"
#include "host/client_api/firmware.hpp"
#include "host/client_api/messages.hpp"

namespace compot::client_api {

namespace {

/// These two nonces ask for a part only. SOURCE: seen on the real firmware.
constexpr std::uint32_t kOnlyConfig = 69420;
constexpr std::uint32_t kOnlyNodes = 69421;

constexpr std::size_t kBeforeConfiguredMax = 32;

using mesh::encode;  // and our own, for FirmwareMessage

}  // namespace

void Session::hear(BytesView bytes) {
    while (!finished_ && decoder_.feed(bytes)) hear_frame(decoder_.payload());
}

void Session::hear_frame(BytesView frame) {
    const auto message = mesh::decode_to_radio(frame);
    if (!message || message->which_payload_variant == 0) {
        ++counters_.malformed;
        return;
    }
    ++counters_.frames;
    if (full()) {
        ++counters_.refused;
        return;
    }
    switch (message->which_payload_variant) {
        case compot_pb_ToRadio_packet_tag: hear_packet(message->payload_variant.packet); break;
        case compot_pb_ToRadio_want_config_id_tag:
            configure(message->payload_variant.want_config_id);
            break;
        case compot_pb_ToRadio_heartbeat_tag: tell_queue(0, 0); break;
        case compot_pb_ToRadio_disconnect_tag: finished_ = true; break;
        default: break;
    }
}

void Session::configure(std::uint32_t nonce) {
    const Status status = mesh_.status(radio_);
    if (nonce == kOnlyNodes) {
        tell(node_info(status.self, true));
        tell_others(status);
    } else {
        tell_configuration(status, nonce != kOnlyConfig);
    }
    tell(config_complete(nonce));
    configured_ = true;
    while (!before_configured_.empty()) {
        deliver(before_configured_.front());
        before_configured_.pop_front();
    }
}

/// In the order of the firmware, which clients rely on. Its files are what has just been told, by
/// the names that the firmware has for them.
void Session::tell_configuration(const Status& status, bool with_others) {
    std::size_t device = tell(my_info(status));
    device += tell(device_ui());
    const std::size_t nodes = tell(node_info(status.self, true));
    tell(metadata());
    tell(region_presets());
    std::size_t channels = 0;
    for (std::uint8_t index = 0; index < kChannels; ++index)
        channels += tell(channel(status, index));
    std::size_t configs = 0;
    for (std::uint8_t kind = 1; kind <= kConfigs; ++kind) configs += tell(config(status, kind));
    std::size_t modules = 0;
    for (std::uint8_t kind = 1; kind <= kModuleConfigs; ++kind)
        modules += tell(module_config(kind));
    modules += tell(mesh_beacon());
    if (with_others) tell_others(status);
    tell(file_info("/prefs/device.proto", device));
    tell(file_info("/prefs/nodes.proto", nodes));
    tell(file_info("/prefs/channels.proto", channels));
    tell(file_info("/prefs/config.proto", configs));
    tell(file_info("/prefs/module.proto", modules));
}

void Session::tell_others(const Status& status) {
    for (const Peer& peer : status.others) tell(node_info(peer, false));
}

void Session::hear_packet(const mesh::MeshPacket& from) {
    const auto packet = packet_of(from);
    if (!packet || packet->to == radio_) {
        // What is addressed to the radio itself is for its settings, which nobody can change here.
        ++counters_.refused;
        const bool no_channel = !packet && packet.error() == Error::Unknown;
        tell_queue(0, from.id);
        tell_routing(radio_, PacketId{from.id},
                     no_channel ? mesh::RoutingError::NoChannel : mesh::RoutingError::BadRequest);
        return;
    }
    if (packet->id.value != 0) {
        // Said again because our answer was lost: as the firmware, once is enough.
        if (is_own(packet->id)) return tell_queue(0, packet->id.value);
        // How it ends may be known before the answer to its submission comes.
        own_.push(packet->id.value);
    }
    packets_.push_back(*packet);
}

void Session::submitted(const Submitted& submitted) {
    if (!is_own(submitted.id)) own_.push(submitted.id.value);
    if (!submitted.accepted) ++counters_.refused;
    tell_queue(submitted.accepted ? 0 : static_cast<std::int32_t>(mesh::RoutingError::BadRequest),
               submitted.id.value);
}

void Session::deliver(const radio::Packet& from) {
    if (!configured_) {
        before_configured_.push_back(from);
        if (before_configured_.size() <= kBeforeConfiguredMax) return;
        before_configured_.pop_front();
        ++counters_.dropped;
        return;
    }
    if (full()) {
        ++counters_.dropped;
        return;
    }
    tell(packet(from, mesh_.status(radio_).now));
}

void Session::settled(const radio::Settled& settled) {
    if (is_own(settled.id)) tell_routing(settled.by, settled.id, settled.error);
}

bool Session::is_own(PacketId id) const {
    for (std::size_t i = 0; i < own_.size(); ++i) {
        if (own_[i] == id.value) return true;
    }
    return false;
}

void Session::tell_queue(std::int32_t result, std::uint32_t packet_id) {
    mesh::FromRadio message{};
    message.which_payload_variant = compot_pb_FromRadio_queue_status_tag;
    auto& status = message.payload_variant.queue_status;
    status.res = result;
    status.free = mesh_.status(radio_).queue_free;
    status.maxlen = kQueueLength;
    status.mesh_packet_id = packet_id;
    tell(message);
}

void Session::tell_routing(NodeId by, PacketId id, mesh::RoutingError error) {
    radio::Packet answer;
    answer.from = by;
    answer.to = radio_;
    answer.id = PacketId{static_cast<std::uint32_t>(mix64(id.value + ++answers_)) | 1U};
    answer.hop_limit = 0;
    answer.priority = radio::Priority::Ack;
    answer.data.portnum = mesh::port::kRouting;
    answer.data.request_id = id.value;
    const auto payload = mesh::encode_routing(error);
    COMPOT_CHECK(answer.data.payload.assign(payload));
    tell(packet(answer, mesh_.status(radio_).now));
}

template <typename Message>
std::size_t Session::tell(const Message& message) {
    std::array<std::uint8_t, mesh::kStreamPayloadMax> bytes{};
    const auto encoded = encode(message, bytes);
    COMPOT_CHECK(encoded.ok());
    const auto frame = mesh::frame_stream(*encoded);
    COMPOT_CHECK(frame.ok());
    output_.append(frame->begin(), frame->end());
    return encoded->size();
}

std::string Session::take_output() { return std::exchange(output_, {}); }

std::vector<radio::Packet> Session::take_packets() { return std::exchange(packets_, {}); }

}  // namespace compot::client_api
