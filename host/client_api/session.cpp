#include "host/client_api/session.hpp"

#include <array>

#include "core/base/random.hpp"
#include "host/client_api/admin.hpp"
#include "host/client_api/firmware.hpp"
#include "host/client_api/messages.hpp"

namespace compot::client_api {

namespace {

/// These two nonces ask for a part only. SOURCE: seen on the real firmware.
constexpr std::uint32_t kOnlyConfig = 69420;
constexpr std::uint32_t kOnlyNodes = 69421;

/// In a heartbeat: say to the mesh who you are, but not more often than that.
constexpr std::uint32_t kIntroduce = 1;
constexpr Duration kIntroduceAtMost = 60s;

constexpr std::size_t kBeforeConfiguredMax = 32;

using mesh::encode;  // and our own, for FirmwareMessage and sections

}  // namespace

Session::Session(Mesh& mesh, NodeId radio, std::shared_ptr<Settings> settings)
    : mesh_(mesh), radio_(radio), settings_(std::move(settings)) {
    if (settings_ == nullptr) settings_ = std::make_shared<Settings>(mesh.status(radio));
}

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
        case compot_pb_ToRadio_heartbeat_tag:
            if (message->payload_variant.heartbeat.nonce == kIntroduce)
                introduce(mesh_.status(radio_).now);
            tell_queue(0, 0);
            break;
        case compot_pb_ToRadio_disconnect_tag: finished_ = true; break;
        default: break;
    }
}

void Session::configure(std::uint32_t nonce) {
    const Status status = mesh_.status(radio_);
    if (nonce == kOnlyNodes) {
        tell(own_info(status, *settings_));
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
    device += tell(device_ui(settings_->screen));
    const std::size_t nodes = tell(own_info(status, *settings_));
    tell(metadata());
    tell(region_presets());
    std::size_t channels = 0;
    for (std::uint8_t index = 0; index < kChannels; ++index)
        channels += tell(channel(settings_->channel(index)));
    std::size_t configs = 0;
    for (std::uint32_t kind = 1; kind <= kConfigs; ++kind)
        configs += tell(config(settings_->config(kind)));
    std::size_t modules = 0;
    for (std::uint32_t kind = 1; kind <= kModuleConfigs; ++kind)
        modules += tell(module_config(settings_->module_config(kind)));
    if (with_others) tell_others(status);
    tell(file_info("/prefs/device.proto", device));
    tell(file_info("/prefs/nodes.proto", nodes));
    tell(file_info("/prefs/channels.proto", channels));
    tell(file_info("/prefs/config.proto", configs));
    tell(file_info("/prefs/module.proto", modules));
}

void Session::tell_others(const Status& status) {
    for (const Peer& peer : status.others) tell(node_info(peer, *settings_));
}

void Session::hear_packet(const mesh::MeshPacket& from) {
    if (from.id != 0) {
        // Said again because our answer was lost: as the firmware, once is enough.
        if (is_own(PacketId{from.id})) return tell_queue(0, from.id);
        // How it ends may be known before the answer to its submission comes.
        own_.push(from.id);
    }
    const auto& data = from.payload_variant.decoded;
    if (from.to == radio_.value && from.which_payload_variant == compot_pb_MeshPacket_decoded_tag &&
        data.portnum == mesh::port::kAdmin)
        return hear_admin(from);
    const auto packet = packet_of(from);
    const bool no_channel =
        packet ? !settings_->enabled(packet->channel) : packet.error() == Error::Unknown;
    if (packet && packet->to != radio_ && !no_channel) return packets_.push_back(*packet);
    ++counters_.refused;
    tell_queue(0, from.id);
    tell_routing(radio_, PacketId{from.id},
                 no_channel ? mesh::RoutingError::NoChannel : mesh::RoutingError::BadRequest);
}

/// The answer itself is the firmware's acknowledgement; some clients wait for one of its own.
void Session::hear_admin(const mesh::MeshPacket& from) {
    const auto& data = from.payload_variant.decoded;
    AdminAnswer answer = answer_admin(*settings_, {data.payload.bytes, data.payload.size});
    const Time now = mesh_.status(radio_).now;
    tell_queue(0, from.id);
    if (answer.error != mesh::RoutingError::NoError) {
        ++counters_.refused;
        tell(notification(answer.words, from.id, now));
    }
    if (answer.new_channels) mesh_.set_channels(radio_, settings_->channels());
    if (answer.new_owner) {
        settings_->introduced_at.reset();
        introduce(now);
    }
    if (!answer.message.empty()) {
        radio::Packet reply;
        reply.data.portnum = mesh::port::kAdmin;
        reply.data.request_id = from.id;
        COMPOT_CHECK(reply.data.payload.assign(answer.message));
        tell_self(std::move(reply));
    }
    const bool waits = from.want_ack || (data.want_response && answer.message.empty());
    if (waits || answer.error != mesh::RoutingError::NoError)
        tell_routing(radio_, PacketId{from.id}, answer.error);
    if (answer.reboot_s && *answer.reboot_s >= 0)
        reboot_in_ = std::chrono::seconds(*answer.reboot_s);
}

void Session::introduce(Time now) {
    if (settings_->introduced_at && now - *settings_->introduced_at < kIntroduceAtMost) return;
    settings_->introduced_at = now;
    radio::Packet packet;
    packet.to = kBroadcast;
    packet.hop_limit = mesh_.status(radio_).hop_limit;
    packet.priority = radio::Priority::Background;
    packet.data.portnum = mesh::port::kNodeInfo;
    std::array<std::uint8_t, mesh::kDataPayloadMax> bytes{};
    const auto user = mesh::encode(settings_->owner(), bytes);
    COMPOT_CHECK(user.ok() && packet.data.payload.assign(*user));
    packets_.push_back(packet);
}

std::optional<std::chrono::seconds> Session::take_reboot() {
    return std::exchange(reboot_in_, std::nullopt);
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
    answer.priority = radio::Priority::Ack;
    answer.data.portnum = mesh::port::kRouting;
    answer.data.request_id = id.value;
    const auto payload = mesh::encode_routing(error);
    COMPOT_CHECK(answer.data.payload.assign(payload));
    tell_self(std::move(answer));
}

/// From the radio itself, unless it says by whom, to its client; it was never on the air.
void Session::tell_self(radio::Packet answer) {
    if (answer.from == kNoNode) answer.from = radio_;
    answer.to = radio_;
    const std::uint32_t about = answer.data.request_id;
    answer.id = PacketId{static_cast<std::uint32_t>(mix64(about + ++answers_)) | 1U};
    answer.hop_limit = 0;
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
    ++counters_.told;
    return encoded->size();
}

std::string Session::take_output() { return std::exchange(output_, {}); }

std::vector<radio::Packet> Session::take_packets() { return std::exchange(packets_, {}); }

}  // namespace compot::client_api
