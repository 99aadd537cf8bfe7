#include "host/stream_client/frames.hpp"

#include <gtest/gtest.h>

#include "core/base/random.hpp"
#include "core/mesh/stream.hpp"

namespace compot::stream_client {
namespace {

using Octets = std::vector<std::uint8_t>;

/// A packet with this number, as a radio would pass it on.
Octets frame(std::uint32_t number, std::size_t payload_bytes = 60) {
    mesh::FromRadio message{};
    message.which_payload_variant = compot_pb_FromRadio_packet_tag;
    auto& packet = message.payload_variant.packet;
    packet.from = 0xA1;
    packet.id = number;
    packet.rx_time = 77;
    packet.hop_start = 3;
    packet.which_payload_variant = compot_pb_MeshPacket_decoded_tag;
    packet.payload_variant.decoded.portnum = 256;
    packet.payload_variant.decoded.payload.size = static_cast<pb_size_t>(payload_bytes);
    for (std::size_t i = 0; i < payload_bytes; ++i)
        packet.payload_variant.decoded.payload.bytes[i] =
            static_cast<std::uint8_t>(number * 31 + i * i);
    std::array<std::uint8_t, 512> bytes{};
    const auto framed = mesh::frame_stream(*mesh::encode(message, bytes));
    return {framed->begin(), framed->end()};
}

void append(Octets& to, const Octets& more) { to.insert(to.end(), more.begin(), more.end()); }

/// The ids of the packets in `bytes`, fed in pieces of `piece`; silence at the end.
std::vector<std::uint32_t> found(Frames& frames, const Octets& bytes, std::size_t piece) {
    std::vector<std::uint32_t> ids;
    const auto drain = [&] {
        while (const auto message = frames.next()) {
            if (message->which_payload_variant == 0) continue;
            const auto& packet = message->payload_variant.packet;
            const auto& payload = packet.payload_variant.decoded.payload;
            for (std::size_t i = 0; i < payload.size; ++i)
                EXPECT_EQ(payload.bytes[i], static_cast<std::uint8_t>(packet.id * 31 + i * i));
            ids.push_back(packet.id);
        }
    };
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        frames.add(BytesView{bytes}.subspan(at, std::min(piece, bytes.size() - at)));
        drain();
    }
    frames.silence();
    drain();
    EXPECT_FALSE(frames.pending());
    return ids;
}

using Ids = std::vector<std::uint32_t>;

TEST(Frames, finds_each_in_pieces_of_any_size_and_between_text) {
    Octets bytes{'b', 'o', 'o', 't', '\n', 0x94};
    append(bytes, frame(1));
    append(bytes, frame(2, 0));
    append(bytes, {0x94, 0xC3, 0xFF, 0xFF, 0x94, 0xC3, 0x00, 0x00});
    append(bytes, frame(3, 200));
    for (const bool lossy : {false, true}) {
        for (const std::size_t piece : {1U, 2U, 3U, 7U, 64U, 4096U}) {
            Frames frames(lossy);
            EXPECT_EQ(found(frames, bytes, piece), (Ids{1, 2, 3})) << piece;
        }
    }
}

TEST(Frames, a_false_header_hides_no_message) {
    Octets bytes{0x94, 0xC3, 0x01, 0xF0, 'x'};
    for (std::uint32_t number = 1; number <= 20; ++number) append(bytes, frame(number));
    Frames frames(true);
    EXPECT_EQ(found(frames, bytes, 50).size(), 20U);
}

TEST(Frames, believes_a_payload_that_quotes_a_frame) {
    mesh::FromRadio message{};
    message.which_payload_variant = compot_pb_FromRadio_packet_tag;
    auto& packet = message.payload_variant.packet;
    packet.id = 9;
    packet.rx_time = 5;
    packet.which_payload_variant = compot_pb_MeshPacket_decoded_tag;
    auto& payload = packet.payload_variant.decoded.payload;
    const Octets quoted = frame(1, 20);
    std::copy(quoted.begin(), quoted.end(), std::begin(payload.bytes));
    payload.size = static_cast<pb_size_t>(quoted.size());
    std::array<std::uint8_t, 512> bytes{};
    const auto framed = mesh::frame_stream(*mesh::encode(message, bytes));
    Frames frames(true);
    frames.add(framed->view());
    const auto got = frames.next();
    ASSERT_TRUE(got);
    EXPECT_EQ(got->payload_variant.packet.id, 9U);
    EXPECT_FALSE(frames.next());
}

TEST(Frames, every_possible_loss_within_one_message_costs_that_message_alone) {
    const Octets whole = frame(2);
    for (std::size_t from = 0; from < whole.size(); ++from) {
        for (std::size_t bytes = 1; from + bytes <= whole.size(); ++bytes) {
            Octets line = frame(1);
            append(line, {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(from)});
            append(line, {whole.begin() + static_cast<std::ptrdiff_t>(from + bytes), whole.end()});
            for (std::uint32_t number = 3; number <= 5; ++number) append(line, frame(number));
            Frames frames(true);
            ASSERT_EQ(found(frames, line, 4096), (Ids{1, 3, 4, 5}))
                << "lost " << bytes << " at " << from;
        }
    }
}

TEST(Frames, a_radio_that_stops_in_the_middle_costs_one_message) {
    Octets half = frame(1);
    half.resize(half.size() / 2);
    Frames frames(true);
    frames.add(half);
    EXPECT_FALSE(frames.next());
    EXPECT_TRUE(frames.pending());
    frames.silence();
    EXPECT_FALSE(frames.next());
    EXPECT_EQ(found(frames, frame(2), 10), (Ids{2}));
}

TEST(Frames, makes_no_packet_of_garbage_and_keeps_little_of_it) {
    Random random(5);
    Octets garbage(200'000);
    for (std::uint8_t& byte : garbage) byte = static_cast<std::uint8_t>(random.next32());
    for (std::size_t i = 0; i + 4 < garbage.size(); i += 97) {
        garbage[i] = 0x94;
        garbage[i + 1] = 0xC3;
        garbage[i + 2] = static_cast<std::uint8_t>(i % 3);
    }
    Frames frames(true);
    EXPECT_TRUE(found(frames, garbage, 512).empty());
    EXPECT_GT(frames.counters().skipped, 190'000U);
    EXPECT_EQ(found(frames, frame(7), 4096), (Ids{7}));
}

}  // namespace
}  // namespace compot::stream_client
