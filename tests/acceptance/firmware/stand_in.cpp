#include <poll.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <memory>
#include <sstream>

#include "core/base/bytes.hpp"
#include "core/mesh/stream.hpp"
#include "host/client_api/session.hpp"
#include "radio/cipher.hpp"
#include "radio/radio.hpp"
#include "tests/acceptance/firmware/door.hpp"

/// Speaks on its client API as Meshtastic's firmware 2.8.0 does in simulated-radio mode
/// (`meshtasticd -s`): what its radio sends comes out as packets of port 69, what goes in as such
/// its antenna has heard. Behind it is our own radio; the wrapper is written anew here, from what
/// was observed, so that it checks the program's. What happens is told on standard output, a line
/// of JSON each; what its owner types comes from standard input:
///
///     send TO PORT BYTES WANT_ACK ID      text WORDS
///
/// usage: firmware_stand_in PORT NODE CHANNEL KEY PRESET REGION [real]
/// `real`: as if it had hardware, so that it tells nothing of what it sends.

namespace {

using namespace compot;
using namespace compot::firmware_stand_in;
using std::chrono::steady_clock;

constexpr std::uint32_t kSimulatorPort = 69;
constexpr std::size_t kWrapperMax = 233;
/// The firmware's loop in this mode. SOURCE: observed.
constexpr int kTurnMs = 50;

struct Terms {
    std::uint16_t port = 0;
    NodeId self;
    radio::Channel channel;
    air::Preset preset = air::Preset::LongFast;
    std::uint8_t region = 0;
    bool simulated = true;
};

void varint(std::vector<std::uint8_t>& out, std::size_t value) {
    for (; value > 127; value >>= 7U) out.push_back(static_cast<std::uint8_t>(value | 0x80U));
    out.push_back(static_cast<std::uint8_t>(value));
}

/// Compressed{portnum = 1, data = 2}.
std::vector<std::uint8_t> wrapped(std::uint32_t portnum, BytesView data) {
    std::vector<std::uint8_t> out;
    if (portnum != 0) {
        out.push_back(0x08);
        varint(out, portnum);
    }
    if (!data.empty()) {
        out.push_back(0x12);
        varint(out, data.size());
        out.insert(out.end(), data.begin(), data.end());
    }
    return out;
}

struct Unwrapped {
    std::uint32_t portnum = 0;
    std::vector<std::uint8_t> data;
};

Unwrapped unwrapped(BytesView bytes) {
    Unwrapped out;
    const auto number = [&bytes] {
        std::size_t value = 0;
        for (unsigned shift = 0; !bytes.empty(); shift += 7) {
            const std::uint8_t byte = bytes[0];
            bytes = bytes.subspan(1);
            value |= static_cast<std::size_t>(byte & 0x7FU) << shift;
            if (byte < 0x80) break;
        }
        return value;
    };
    while (!bytes.empty()) {
        const std::size_t tag = number();
        const std::size_t value = number();
        if (tag == 0x08) out.portnum = static_cast<std::uint32_t>(value);
        if (tag != 0x12 || value > bytes.size()) continue;
        out.data.assign(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(value));
        bytes = bytes.subspan(value);
    }
    return out;
}

class StandIn final : public client_api::Mesh {
public:
    explicit StandIn(const Terms& terms) : terms_(terms), door_(terms.port) {
        auto settings = std::make_shared<radio::Settings>();
        settings->modem = air::modem(terms.preset);
        settings->channels = {terms.channel};
        settings->firmware = radio::Firmware::V28July;
        radio::Identity identity;
        identity.self = terms.self;  // without a key: neither PKC nor signatures, as in this mode
        radio_ = std::make_unique<radio::Radio>(settings, identity, Random(terms.self.value));
        std::printf("{\"what\": \"listening\", \"port\": %u}\n", unsigned{door_.port()});
        std::fflush(stdout);
    }

    [[nodiscard]] bool turn() {
        const std::string typed = door_.wait(kTurnMs);
        std::istringstream lines(typed);
        for (std::string line; std::getline(lines, line);) {
            if (line == "quit") return false;
            obey(line);
        }
        if (door_.came_anew()) {
            session_.emplace(*this, terms_.self);
            decoder_ = {};
        }
        hear_client();
        if (sending_until_ && now() >= *sending_until_) {
            sending_until_.reset();
            tell_radio(radio::TransmitDone{});
        }
        if (radio_->wake_at() <= now()) tell_radio(radio::Woke{});
        if (session_) door_.say(session_->take_output());
        return !door_.abandoned();
    }

    client_api::Status status(NodeId radio) override {
        client_api::Status status;
        status.self.id = radio;
        status.self.name = "firmware";
        status.channel_name = terms_.channel.name;
        status.channel_key.assign(terms_.channel.key.begin(), terms_.channel.key.end());
        status.preset = terms_.preset;
        status.region = terms_.region;
        status.queue_free = static_cast<std::uint8_t>(16 - radio_->queue_size());
        status.now = now();
        return status;
    }

    void submit(NodeId, const radio::Packet&, std::function<void(client_api::Submitted)>) override {
    }

private:
    [[nodiscard]] Time now() const {
        return Time{std::chrono::duration_cast<Duration>(steady_clock::now() - began_)};
    }

    void log(const char* what, const radio::Header& header, std::size_t bytes,
             const std::string& more = "") {
        std::printf(
            "{\"t\": %.3f, \"what\": \"%s\", \"from\": \"%08x\", \"to\": \"%08x\", \"id\": %u, "
            "\"hop_limit\": %u, \"hop_start\": %u, \"ack\": %d, \"relay\": %u, \"bytes\": %zu%s}\n",
            static_cast<double>(to_us(now())) / 1e6, what, header.from.value, header.to.value,
            header.id.value, unsigned{header.hop_limit}, unsigned{header.hop_start},
            header.want_ack ? 1 : 0, unsigned{header.relay_node}, bytes, more.c_str());
        std::fflush(stdout);
    }

    void obey(const std::string& line) {
        std::istringstream words(line);
        std::string what;
        words >> what;
        radio::Packet packet;
        if (what == "text") {
            std::string text;
            std::getline(words >> std::ws, text);
            packet.data.portnum = mesh::port::kText;
            for (const char letter : text)
                packet.data.payload.push(static_cast<std::uint8_t>(letter));
        } else if (what == "send") {
            std::size_t bytes = 0;
            std::uint32_t to = 0;
            words >> std::hex >> to >> std::dec >> packet.data.portnum >> bytes >>
                packet.want_ack >> packet.id.value;
            packet.to = NodeId{to};
            for (std::size_t i = 0; i < std::min<std::size_t>(bytes, 233); ++i)
                packet.data.payload.push(static_cast<std::uint8_t>(i));
        } else {
            return;
        }
        tell_radio(radio::Submit{packet});
    }

    void hear_client() {
        std::string heard = door_.take_heard();
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes that came as text
        BytesView bytes{reinterpret_cast<const std::uint8_t*>(heard.data()), heard.size()};
        while (session_ && decoder_.feed(bytes)) {
            const auto message = mesh::decode_to_radio(decoder_.payload());
            const bool is_packet =
                message && message->which_payload_variant == compot_pb_ToRadio_packet_tag;
            if (is_packet &&
                message->payload_variant.packet.payload_variant.decoded.portnum == kSimulatorPort) {
                antenna(message->payload_variant.packet);
                continue;
            }
            const auto frame = mesh::frame_stream(decoder_.payload());
            session_->hear({frame->begin(), frame->size()});
            for (const radio::Packet& packet : session_->take_packets())
                tell_radio(radio::Submit{packet});
        }
    }

    /// The client's packet of port 69: as if it had come over the air.
    void antenna(const mesh::MeshPacket& packet) {
        const auto& data = packet.payload_variant.decoded;
        const Unwrapped inside = unwrapped({data.payload.bytes, data.payload.size});
        radio::Header header;
        header.from = NodeId{packet.from};
        header.to = NodeId{packet.to};
        header.id = PacketId{packet.id};
        header.hop_limit = static_cast<std::uint8_t>(packet.hop_limit);
        header.hop_start = static_cast<std::uint8_t>(packet.hop_start);
        header.want_ack = packet.want_ack;
        header.next_hop = static_cast<std::uint8_t>(packet.next_hop);
        header.relay_node = static_cast<std::uint8_t>(packet.relay_node);
        std::vector<std::uint8_t> payload = inside.data;
        if (inside.portnum == 0) {
            header.channel_hash = static_cast<std::uint8_t>(packet.channel);
        } else {
            header.channel_hash = terms_.channel.hash;
            payload = encrypted(header, data, inside);
        }
        log("antenna", header, payload.size(),
            ", \"rssi\": " + std::to_string(packet.rx_rssi) +
                ", \"clear\": " + (inside.portnum != 0 ? "true" : "false"));
        radio::Frame frame;
        for (const std::uint8_t byte : radio::encode(header)) frame.push(byte);
        for (const std::uint8_t byte : payload) frame.push(byte);
        radio::Received received;
        received.frame = frame.view();
        received.rssi_cdbm = static_cast<std::int16_t>(packet.rx_rssi * 100);
        received.snr_cdb = static_cast<std::int16_t>(packet.rx_snr * 100);
        tell_radio(received);
    }

    [[nodiscard]] std::vector<std::uint8_t> encrypted(const radio::Header& header,
                                                      const compot_pb_Data& data,
                                                      const Unwrapped& inside) const {
        mesh::Data clear;
        clear.portnum = inside.portnum;
        COMPOT_CHECK(clear.payload.assign(inside.data));
        clear.want_response = data.want_response;
        clear.request_id = data.request_id;
        clear.reply_id = data.reply_id;
        if (data.has_bitfield) clear.bitfield = data.bitfield;
        std::array<std::uint8_t, mesh::kDataBytesMax> bytes{};
        const auto encoded = mesh::encode(clear, bytes);
        if (!encoded) return {};
        std::vector<std::uint8_t> payload(encoded->begin(), encoded->end());
        radio::crypt_channel(terms_.channel.key, header.from, header.id, payload);
        return payload;
    }

    void tell_radio(const radio::Event& event) {
        radio::Effects effects;
        radio_->handle(event, now(), effects);
        for (const radio::Effect& effect : effects) {
            // It can't hear what is not whole yet.
            if (std::holds_alternative<radio::CheckChannel>(effect))
                tell_radio(radio::ChannelChecked{});
            if (const auto* sent = std::get_if<radio::Transmit>(&effect)) transmit(*sent);
            if (const auto* settled = std::get_if<radio::Settled>(&effect)) settle(*settled);
            if (const auto* queued = std::get_if<radio::Queued>(&effect)) {
                radio::Header header;
                header.id = queued->id;
                log("queued", header, 0,
                    ", \"error\": " + std::to_string(static_cast<int>(queued->error)));
                if (session_)
                    session_->submitted({queued->id, queued->error == mesh::RoutingError::NoError});
            }
            if (const auto* got = std::get_if<radio::Deliver>(&effect)) deliver(got->packet);
        }
    }

    void settle(const radio::Settled& settled) {
        radio::Header header;
        header.from = settled.by;
        header.id = settled.id;
        log("settled", header, 0,
            ", \"error\": " + std::to_string(static_cast<int>(settled.error)));
        if (session_) session_->settled(settled);
    }

    void deliver(const radio::Packet& packet) {
        radio::Header header;
        header.from = packet.from;
        header.to = packet.to;
        header.id = packet.id;
        header.hop_limit = packet.hop_limit;
        header.hop_start = packet.hop_start;
        header.want_ack = packet.want_ack;
        header.relay_node = packet.relay_node;
        log("delivered", header, packet.data.payload.size(),
            ", \"port\": " + std::to_string(packet.data.portnum));
        if (session_) session_->deliver(packet);
    }

    void transmit(const radio::Transmit& sent) {
        sending_until_ = now() + sent.airtime;
        const auto header = radio::decode_header(sent.frame.view());
        const BytesView cipher = sent.frame.view().subspan(radio::kHeaderBytes);
        std::vector<std::uint8_t> clear(cipher.begin(), cipher.end());
        radio::crypt_channel(terms_.channel.key, header->from, header->id, clear);
        const auto data = header->channel_hash == terms_.channel.hash ? mesh::decode_data(clear)
                                                                      : Error::Unsupported;
        auto wrapper = data ? wrapped(data->portnum, data->payload.view()) : wrapped(0, cipher);
        // Longer ones leave empty: seen on the real firmware.
        if (wrapper.size() > kWrapperMax) wrapper = wrapped(data ? data->portnum : 0, {});
        log("air", *header, data ? data->payload.size() : cipher.size());
        if (session_ && terms_.simulated) tell_client(*header, data ? &*data : nullptr, wrapper);
    }

    void tell_client(const radio::Header& header, const mesh::Data* data,
                     const std::vector<std::uint8_t>& wrapper) {
        mesh::FromRadio message{};
        message.which_payload_variant = compot_pb_FromRadio_packet_tag;
        auto& packet = message.payload_variant.packet;
        packet.from = header.from.value;
        packet.to = header.to.value;
        packet.id = header.id.value;
        packet.hop_limit = header.hop_limit;
        packet.hop_start = header.hop_start;
        packet.want_ack = header.want_ack;
        packet.next_hop = header.next_hop;
        packet.relay_node = header.relay_node;
        packet.channel = data != nullptr ? 0 : header.channel_hash;
        packet.which_payload_variant = compot_pb_MeshPacket_decoded_tag;
        auto& to = packet.payload_variant.decoded;
        to.portnum = kSimulatorPort;
        std::copy(wrapper.begin(), wrapper.end(), std::begin(to.payload.bytes));
        to.payload.size = static_cast<pb_size_t>(wrapper.size());
        if (data != nullptr) {
            to.want_response = data->want_response;
            to.request_id = data->request_id;
            to.reply_id = data->reply_id;
            to.has_bitfield = data->bitfield.has_value();
            to.bitfield = data->bitfield.value_or(0);
        }
        std::array<std::uint8_t, mesh::kStreamPayloadMax> bytes{};
        const auto frame = mesh::frame_stream(*mesh::encode(message, bytes));
        door_.say(session_->take_output() + std::string(frame->begin(), frame->end()));
    }

    Terms terms_;
    Door door_;
    std::unique_ptr<radio::Radio> radio_;
    std::optional<client_api::Session> session_;
    mesh::StreamDecoder decoder_;
    std::optional<Time> sending_until_;
    steady_clock::time_point began_ = steady_clock::now();
};

std::vector<std::uint8_t> from_hex(const std::string& text) {
    std::vector<std::uint8_t> bytes;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2)
        bytes.push_back(static_cast<std::uint8_t>(std::stoul(text.substr(i, 2), nullptr, 16)));
    return bytes;
}

}  // namespace

int main(int count, char** words) {
    if (count < 7) {
        std::fprintf(stderr,
                     "usage: firmware_stand_in PORT NODE CHANNEL KEY PRESET REGION [real]\n");
        return 2;
    }
    Terms terms;
    terms.port = static_cast<std::uint16_t>(std::stoul(words[1]));
    terms.self = NodeId{static_cast<std::uint32_t>(std::stoul(words[2], nullptr, 16))};
    terms.channel = *radio::make_channel(words[3], from_hex(words[4]));
    terms.preset = *air::preset_named(words[5]);
    terms.region = static_cast<std::uint8_t>(std::stoul(words[6]));
    terms.simulated = count < 8 || std::strcmp(words[7], "real") != 0;
    StandIn stand_in(terms);
    while (stand_in.turn()) {
    }
    return 0;
}
