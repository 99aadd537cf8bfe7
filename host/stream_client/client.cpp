#include "host/stream_client/client.hpp"

#include <algorithm>
#include <array>

#include "core/mesh/stream.hpp"
#include "host/stream_client/stranger.hpp"

namespace compot::stream_client {

namespace {

/// Bytes that no frame begins with: they wake a sleeping UART and end what was begun before.
constexpr std::size_t kWakeBytes = 32;
constexpr std::uint8_t kWakeByte = 0xC3;

/// Only the configuration. SOURCE: seen on the real firmware.
constexpr std::uint32_t kOnlyConfig = 69420;
constexpr std::uint32_t kOnlyNodes = 69421;

/// On a serial line a message's bytes come without a gap.
constexpr Duration kGap = 250ms;
/// Without news for so long, a radio that was asked is asked again.
constexpr Duration kAnswerWithin = 5s;
constexpr std::uint8_t kAskedMax = 3;
/// A heartbeat keeps the radio's side open and tells whether it is there.
constexpr Duration kHeartbeatEvery = 30s;
constexpr Duration kHeartbeatAnswer = 5s;
constexpr std::uint8_t kUnansweredMax = 2;
/// The radio confirms in milliseconds; one that is busy with a long frame takes longer.
constexpr Duration kConfirmWithin = 3s;
constexpr std::uint8_t kAttemptsMax = 5;
/// The radio's own queue was full: a frame later there is room.
constexpr Duration kFullAgain = 1s;

constexpr std::size_t kChannelsMax = 8;
/// Past this a radio does not read, and what its antenna hears is lost as it would be.
constexpr std::size_t kOutputBytesMax = 64 * 1024;

constexpr std::uint32_t kSimulatorPort = 69;

bool is_simulated(const mesh::MeshPacket& packet) {
    return packet.which_payload_variant == compot_pb_MeshPacket_decoded_tag &&
           packet.payload_variant.decoded.portnum == kSimulatorPort;
}

constexpr std::int32_t kQueueFull = 32;  ///< QueueStatus.res; SOURCE: seen on the real firmware

}  // namespace

Client::Client(const Terms& terms)
    : terms_(terms), random_(terms.seed, 0, 0x57E4), frames_(terms.lossy) {}

void Client::connected(Time now) {
    frames_.reset();
    frames_before_ = frames_.counters().frames;
    first_.clear();
    dead_ = false;
    output_.assign(kWakeBytes, static_cast<char>(kWakeByte));
    asked_ = 0;
    unanswered_ = 0;
    ask(now);
}

void Client::disconnected(Time now) {
    not_ready();
    state_ = State::Down;
    frames_.reset();
    output_.clear();
    ask_at_ = heartbeat_at_ = silence_at_ = kNever;
    begin_again(now);
}

void Client::not_ready() {
    if (state_ == State::Ready) news_.emplace_back(NotReady{});
}

void Client::ask(Time now) {
    state_ = State::Asking;
    ++asked_;
    do {
        nonce_ = terms_.wants_nodes ? random_.next32() : kOnlyConfig;
    } while (terms_.wants_nodes && (nonce_ == 0 || nonce_ == kOnlyConfig || nonce_ == kOnlyNodes));
    facts_ = {};
    heartbeat_at_ = kNever;
    ask_at_ = now + kAnswerWithin;
    say(want_config(nonce_));
}

void Client::hear(BytesView bytes, Time now) {
    if (state_ == State::Down) return;
    const auto more = std::min(bytes.size(), kFirstBytes - first_.size());
    first_.insert(first_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(more));
    frames_.add(bytes);
    while (const auto message = frames_.next()) {
        // Only what a radio says counts as an answer: a stranger may talk for ever.
        unanswered_ = 0;
        if (state_ == State::Asking) ask_at_ = now + kAnswerWithin;
        if (state_ == State::Ready) heartbeat_at_ = now + kHeartbeatEvery;
        take(*message, now);
    }
    silence_at_ = terms_.lossy && frames_.pending() ? now + kGap : kNever;
}

std::string Client::stranger() const {
    return frames_.counters().frames == frames_before_ ? protocol_of(first_) : "";
}

Time Client::wake_at() const {
    Time at = std::min({silence_at_, ask_at_, heartbeat_at_});
    if (state_ != State::Ready) return at;
    for (const Outstanding& each : outstanding_) at = std::min(at, each.due);
    return at;
}

void Client::wake(Time now) {
    if (now >= silence_at_) {
        silence_at_ = kNever;
        frames_.silence();
        while (const auto message = frames_.next()) take(*message, now);
    }
    if (now >= ask_at_) {
        ask_at_ = kNever;
        if (asked_ < kAskedMax) {
            ask(now);
        } else {
            dead_ = true;
        }
    }
    if (now >= heartbeat_at_) {
        heartbeat_at_ = now + kHeartbeatAnswer;
        if (++unanswered_ > kUnansweredMax) {
            heartbeat_at_ = kNever;
            dead_ = true;
        } else {
            say(heartbeat());
        }
    }
    if (state_ == State::Ready) fill(now);
}

void Client::take(const mesh::FromRadio& message, Time now) {
    const auto& what = message.payload_variant;
    switch (message.which_payload_variant) {
        case compot_pb_FromRadio_my_info_tag: facts_.self = NodeId{what.my_info.my_node_num}; break;
        case compot_pb_FromRadio_metadata_tag:
            facts_.firmware = std::string(&what.metadata.firmware_version[0]);
            break;
        case compot_pb_FromRadio_node_info_tag:
            if (facts_.nodes.size() < kNodesMax || facts_.nodes.count(what.node_info.num) != 0)
                facts_.nodes[what.node_info.num] = what.node_info;
            break;
        case compot_pb_FromRadio_channel_tag: take_channel(what.channel); break;
        case compot_pb_FromRadio_config_tag:
            if (what.config.which_payload_variant != compot_pb_Config_lora_tag) break;
            facts_.lora = what.config.payload_variant.lora;
            facts_.has_lora = true;
            break;
        case compot_pb_FromRadio_config_complete_id_tag:
            if (state_ != State::Asking || what.config_complete_id != nonce_) break;
            state_ = State::Ready;
            asked_ = 0;
            ask_at_ = kNever;
            heartbeat_at_ = now + kHeartbeatEvery;
            news_.emplace_back(Ready{});
            say(heartbeat());  // its answer is the queue
            fill(now);
            break;
        case compot_pb_FromRadio_queue_status_tag: hear_queue(what.queue_status, now); break;
        case compot_pb_FromRadio_packet_tag: {
            if (terms_.simulated && is_simulated(what.packet)) {
                news_.emplace_back(Simulated{what.packet});
                break;
            }
            const auto packet = packet_heard(what.packet);
            if (!packet) {
                ++counters_.opaque;
                break;
            }
            ++counters_.packets_heard;
            news_.emplace_back(Heard{*packet});
            break;
        }
        case compot_pb_FromRadio_rebooted_tag:
            ++counters_.reboots;
            not_ready();
            asked_ = 0;
            begin_again(now);
            ask(now);
            break;
        case compot_pb_FromRadio_client_notification_tag:
            news_.emplace_back(Said{std::string(&what.client_notification.message[0])});
            break;
        default: break;
    }
}

void Client::take_channel(const compot_pb_Channel& channel) {
    auto& known = facts_.channels;
    known.erase(std::remove_if(known.begin(), known.end(),
                               [&](const auto& each) { return each.index == channel.index; }),
                known.end());
    if (channel.role != 0 && known.size() < kChannelsMax) known.push_back(channel);
}

/// What was not confirmed is said again, by the same id: a radio that has it drops the second.
void Client::begin_again(Time now) {
    for (Outstanding& each : outstanding_) {
        each.due = now;
        each.attempts = 0;
    }
}

void Client::hear_queue(const compot_pb_QueueStatus& status, Time now) {
    facts_.queue_free = status.free;
    facts_.queue_length = status.maxlen;
    const auto found =
        std::find_if(outstanding_.begin(), outstanding_.end(), [&](const Outstanding& each) {
            return status.mesh_packet_id != 0 && each.packet.id.value == status.mesh_packet_id;
        });
    if (found != outstanding_.end()) {
        if (status.res == kQueueFull && found->attempts < kAttemptsMax) {
            found->due = now + kFullAgain;
        } else {
            const auto error = static_cast<mesh::RoutingError>(std::clamp(status.res, 0, 255));
            if (status.res != 0) ++counters_.refused;
            news_.emplace_back(Taken{found->packet.id, error});
            outstanding_.erase(found);
        }
    }
    if (state_ == State::Ready) fill(now);
}

bool Client::send(const radio::Packet& packet, Time now) {
    COMPOT_CHECK(packet.id.value != 0);
    if (waiting_.size() >= kQueueMax) return false;
    waiting_.push_back(packet);
    if (state_ == State::Ready) fill(now);
    return true;
}

/// What is due again first, then what is new, as long as the radio has room.
void Client::fill(Time now) {
    for (auto each = outstanding_.begin(); each != outstanding_.end();) {
        if (now < each->due) {
            ++each;
        } else if (each->attempts >= kAttemptsMax) {
            ++counters_.refused;
            news_.emplace_back(Taken{each->packet.id, mesh::RoutingError::Timeout});
            each = outstanding_.erase(each);
        } else {
            ++each->attempts;
            ++counters_.again;
            each->due = now + kConfirmWithin;
            say(packet_to_send(each->packet));
            ++each;
        }
    }
    const auto room = [this] {
        return outstanding_.size() < kOutstandingMax &&
               facts_.queue_free > kPlacesLeftFree + outstanding_.size();
    };
    while (!waiting_.empty() && room()) {
        ++counters_.sent;
        say(packet_to_send(waiting_.front()));
        outstanding_.push_back({waiting_.front(), now + kConfirmWithin, 1});
        waiting_.pop_front();
    }
    // Room comes without a word from the radio: it is asked.
    if (!waiting_.empty() && outstanding_.empty())
        heartbeat_at_ = std::min(heartbeat_at_, now + kFullAgain);
}

bool Client::inject(const mesh::MeshPacket& packet) {
    if (state_ != State::Ready || output_.size() > kOutputBytesMax) return false;
    mesh::ToRadio message{};
    message.which_payload_variant = compot_pb_ToRadio_packet_tag;
    message.payload_variant.packet = packet;
    say(message);
    return true;
}

void Client::leave() {
    if (state_ != State::Down) say(goodbye());
}

void Client::say(const mesh::ToRadio& message) {
    std::array<std::uint8_t, mesh::kStreamPayloadMax> bytes{};
    const auto encoded = mesh::encode(message, bytes);
    COMPOT_CHECK(encoded.ok());
    const auto frame = mesh::frame_stream(*encoded);
    COMPOT_CHECK(frame.ok());
    output_.append(frame->begin(), frame->end());
    ++counters_.said;
}

std::string Client::take_output() { return std::exchange(output_, {}); }

std::vector<News> Client::take_news() { return std::exchange(news_, {}); }

}  // namespace compot::stream_client
