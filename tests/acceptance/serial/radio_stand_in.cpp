#include "tests/acceptance/serial/radio_stand_in.hpp"

#include <array>
#include <chrono>
#include <string_view>
#include <thread>

#include "core/mesh/stream.hpp"

namespace compot::serial_noise {

namespace {

using namespace std::chrono_literals;

constexpr auto kBootTakes = 400ms;
constexpr std::string_view kBootText = "ESP-ROM:esp32s3\r\nMeshtastic 2.7\r\n";
constexpr std::array<std::uint8_t, 6> kRebooted{0x94, 0xC3, 0x00, 0x02, 0x40, 0x01};

BytesView view(std::string_view text) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): text that holds bytes
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

void RadioStandIn::turn() {
    std::array<std::uint8_t, 4096> bytes{};
    const std::size_t got = line_.read(bytes);
    session_->hear(BytesView{bytes}.first(got));
    for (const radio::Packet& packet : session_->take_packets()) {
        taken_.insert(packet.id.value);
        session_->submitted({packet.id, true});
    }
    say(session_->take_output());
}

void RadioStandIn::deliver(const radio::Packet& packet) {
    session_->deliver(packet);
    turn();
}

void RadioStandIn::say(const std::string& output) {
    BytesView rest = view(output);
    while (!rest.empty()) {
        const std::size_t size = mesh::kStreamHeaderBytes + (std::size_t{rest[2]} << 8U | rest[3]);
        say_frame(rest.first(size));
        rest = rest.subspan(size);
    }
}

void RadioStandIn::say_frame(BytesView frame) {
    const auto message = mesh::decode_from_radio(frame.subspan(mesh::kStreamHeaderBytes));
    COMPOT_CHECK(message.ok());
    const Noise::Passed passed = noise_.pass(frame);
    line_.write(passed.bytes);
    if (message->which_payload_variant == compot_pb_FromRadio_config_complete_id_tag)
        configured_ = true;
    if (passed.whole && message->which_payload_variant == compot_pb_FromRadio_packet_tag)
        left_whole_.insert(message->payload_variant.packet.id);
}

void RadioStandIn::stop_in_the_middle() {
    radio::Packet packet;
    packet.from = NodeId{0xA1};
    packet.id = PacketId{0xDEAD};
    packet.data.portnum = mesh::port::kPrivate;
    packet.data.payload.resize(150);
    session_->deliver(packet);
    const std::string output = session_->take_output();
    line_.write(noise_.beginning(view(output)));
    session_.emplace(mesh_, NodeId{42});
    configured_ = false;
}

void RadioStandIn::reboot() {
    stop_in_the_middle();
    std::this_thread::sleep_for(kBootTakes);
    line_.write(view(kBootText));
    line_.write(kRebooted);
}

void RadioStandIn::unplug() {
    stop_in_the_middle();
    line_.unplug();
    std::this_thread::sleep_for(kBootTakes);
    line_.plug();
}

}  // namespace compot::serial_noise
