#include "host/client_api/session.hpp"

#include <gtest/gtest.h>

#include "core/base/random.hpp"
#include "host/client_api/fake_mesh.hpp"

namespace compot::client_api {
namespace {

constexpr NodeId kBeta{0xBE7A0002};

class SessionTest : public ::testing::Test {
protected:
    void say(const mesh::ToRadio& message) {
        std::array<std::uint8_t, 512> bytes{};
        const auto encoded = mesh::encode(message, bytes);
        ASSERT_TRUE(encoded);
        const auto frame = mesh::frame_stream(*encoded);
        ASSERT_TRUE(frame);
        session.hear(frame->view());
    }

    void want_config(std::uint32_t nonce) {
        mesh::ToRadio message{};
        message.which_payload_variant = compot_pb_ToRadio_want_config_id_tag;
        message.payload_variant.want_config_id = nonce;
        say(message);
    }

    static mesh::ToRadio text(std::uint32_t to, std::uint32_t id) {
        mesh::ToRadio message{};
        message.which_payload_variant = compot_pb_ToRadio_packet_tag;
        auto& packet = message.payload_variant.packet;
        packet.to = to;
        packet.id = id;
        packet.which_payload_variant = compot_pb_MeshPacket_decoded_tag;
        packet.payload_variant.decoded.portnum = mesh::port::kText;
        packet.payload_variant.decoded.payload = {2, {'h', 'i'}};
        return message;
    }

    std::vector<mesh::FromRadio> heard() {
        std::vector<mesh::FromRadio> messages;
        const std::string output = session.take_output();
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): text that holds bytes
        BytesView bytes{reinterpret_cast<const std::uint8_t*>(output.data()), output.size()};
        mesh::StreamDecoder decoder;
        while (decoder.feed(bytes)) {
            const auto message = mesh::decode_from_radio(decoder.payload());
            EXPECT_TRUE(message);
            if (message) messages.push_back(*message);
        }
        return messages;
    }

    FakeMesh mesh;
    Session session{mesh, kBeta};
};

TEST_F(SessionTest, tells_who_it_is_and_whom_it_hears) {
    want_config(7);
    const auto messages = heard();
    EXPECT_EQ(messages.front().payload_variant.my_info.my_node_num, kBeta.value);
    EXPECT_EQ(messages.back().payload_variant.config_complete_id, 7U);
    bool compot = false;
    for (const auto& message : messages) {
        if (message.which_payload_variant != compot_pb_FromRadio_node_info_tag) continue;
        const auto& info = message.payload_variant.node_info;
        if (info.num != 0xC0U) continue;
        compot = true;
        EXPECT_STREQ(info.user.long_name, "Compot");
        EXPECT_STREQ(info.user.id, "!000000c0");
        EXPECT_FLOAT_EQ(info.snr, -10.25F);
    }
    EXPECT_TRUE(compot);
    bool lora = false;
    for (const auto& message : messages) {
        if (message.which_payload_variant != compot_pb_FromRadio_config_tag) continue;
        const auto& config = message.payload_variant.config;
        if (config.which_payload_variant != compot_pb_Config_lora_tag) continue;
        lora = true;
        EXPECT_EQ(config.payload_variant.lora.modem_preset, 6U);
        EXPECT_EQ(config.payload_variant.lora.region, 3U);
    }
    EXPECT_TRUE(lora);
}

TEST_F(SessionTest, answers_a_heartbeat_with_the_queue) {
    mesh::ToRadio message{};
    message.which_payload_variant = compot_pb_ToRadio_heartbeat_tag;
    say(message);
    const auto messages = heard();
    ASSERT_EQ(messages.size(), 1U);
    EXPECT_EQ(messages[0].payload_variant.queue_status.free, 16U);
    EXPECT_EQ(messages[0].payload_variant.queue_status.maxlen, 16U);
}

TEST_F(SessionTest, passes_packets_on_and_tells_how_they_ended) {
    say(text(kBroadcast.value, 42));
    const auto packets = session.take_packets();
    ASSERT_EQ(packets.size(), 1U);
    EXPECT_EQ(packets[0].to, kBroadcast);
    EXPECT_EQ(packets[0].data.portnum, mesh::port::kText);
    EXPECT_EQ(packets[0].data.payload, (Bytes<233>{'h', 'i'}));
    session.submitted({PacketId{42}, true});
    EXPECT_EQ(heard()[0].payload_variant.queue_status.mesh_packet_id, 42U);
    session.settled({PacketId{43}, kBeta, mesh::RoutingError::NoError});
    EXPECT_TRUE(heard().empty()) << "43 is not this client's";
    session.settled({PacketId{42}, kBeta, mesh::RoutingError::MaxRetransmit});
    want_config(1);
    const auto messages = heard();
    const auto& routing = messages[0].payload_variant.packet.payload_variant.decoded;
    EXPECT_EQ(routing.portnum, mesh::port::kRouting);
    EXPECT_EQ(routing.request_id, 42U);
    EXPECT_EQ(mesh::routing_error({routing.payload.bytes, routing.payload.size}),
              mesh::RoutingError::MaxRetransmit);
}

TEST_F(SessionTest, takes_a_packet_once_that_a_client_says_twice) {
    say(text(kBroadcast.value, 42));
    say(text(kBroadcast.value, 42));
    EXPECT_EQ(session.take_packets().size(), 1U);
    const auto messages = heard();
    ASSERT_EQ(messages.size(), 1U);
    EXPECT_EQ(messages[0].payload_variant.queue_status.mesh_packet_id, 42U);
    EXPECT_EQ(messages[0].payload_variant.queue_status.res, 0);
}

TEST_F(SessionTest, holds_packets_back_until_the_client_is_configured) {
    radio::Packet packet;
    packet.from = NodeId{0xA1};
    packet.data.portnum = mesh::port::kText;
    session.deliver(packet);
    EXPECT_TRUE(heard().empty());
    want_config(7);
    auto messages = heard();
    EXPECT_EQ(messages[messages.size() - 2].which_payload_variant,
              compot_pb_FromRadio_config_complete_id_tag);
    EXPECT_EQ(messages.back().payload_variant.packet.from, 0xA1U);
    session.deliver(packet);
    EXPECT_EQ(heard().size(), 1U);
}

TEST_F(SessionTest, refuses_what_is_for_the_radio_itself_or_another_channel) {
    want_config(7);
    heard();
    say(text(kBeta.value, 1));
    mesh::ToRadio other = text(kBroadcast.value, 2);
    other.payload_variant.packet.channel = 3;
    say(other);
    EXPECT_TRUE(session.take_packets().empty());
    EXPECT_EQ(session.counters().refused, 2U);
    EXPECT_EQ(heard().size(), 4U) << "a queue status and a routing error each";
}

TEST_F(SessionTest, answers_for_its_settings_and_acknowledges_by_the_same_id) {
    want_config(7);
    heard();
    mesh::ToRadio message = text(kBeta.value, 9);
    auto& packet = message.payload_variant.packet;
    packet.channel = 7;  // as some clients do; what is for the radio itself needs no channel
    packet.want_ack = true;
    packet.payload_variant.decoded.portnum = mesh::port::kAdmin;
    packet.payload_variant.decoded.payload = {2, {0x18, 0x01}};  // get_owner_request
    say(message);
    const auto messages = heard();
    ASSERT_EQ(messages.size(), 3U);
    EXPECT_EQ(messages[0].payload_variant.queue_status.mesh_packet_id, 9U);
    const auto& reply = messages[1].payload_variant.packet;
    EXPECT_EQ(reply.from, kBeta.value);
    EXPECT_EQ(reply.payload_variant.decoded.portnum, mesh::port::kAdmin);
    EXPECT_EQ(reply.payload_variant.decoded.request_id, 9U);
    const auto& ack = messages[2].payload_variant.packet.payload_variant.decoded;
    EXPECT_EQ(mesh::routing_error({ack.payload.bytes, ack.payload.size}),
              mesh::RoutingError::NoError);
    EXPECT_TRUE(session.take_packets().empty()) << "nothing of it goes on the air";
}

TEST_F(SessionTest, introduces_its_radio_when_asked_but_not_twice_a_minute) {
    mesh::ToRadio message{};
    message.which_payload_variant = compot_pb_ToRadio_heartbeat_tag;
    message.payload_variant.heartbeat.nonce = 1;
    say(message);
    say(message);
    const auto packets = session.take_packets();
    ASSERT_EQ(packets.size(), 1U);
    EXPECT_EQ(packets[0].data.portnum, mesh::port::kNodeInfo);
    EXPECT_STREQ(mesh::decode_user(packets[0].data.payload.view())->long_name, "Beta");
}

TEST_F(SessionTest, survives_garbage_halves_and_floods) {
    Random random(3);
    std::vector<std::uint8_t> garbage(100'000);
    for (std::uint8_t& byte : garbage) byte = static_cast<std::uint8_t>(random.next32());
    session.hear(garbage);
    const std::array<std::uint8_t, 5> half{0x94, 0xC3, 0x00, 0x06, 0x18};
    session.hear(half);
    session.hear(std::vector<std::uint8_t>(600, 0x55));  // whatever frame was begun is over
    heard();
    for (std::uint32_t i = 0; i < 2000; ++i) want_config(i);
    EXPECT_LT(session.take_output().size(), kOutputBytesMax + 8192);
    EXPECT_GT(session.counters().refused, 0U);
    mesh::ToRadio goodbye{};
    goodbye.which_payload_variant = compot_pb_ToRadio_disconnect_tag;
    goodbye.payload_variant.disconnect = true;
    say(goodbye);
    EXPECT_TRUE(session.finished());
}

TEST_F(SessionTest, a_client_that_does_not_read_loses_packets_and_nothing_else) {
    want_config(7);
    radio::Packet packet;
    packet.data.portnum = mesh::port::kPrivate;
    packet.data.payload.resize(200);
    for (int i = 0; i < 5000; ++i) session.deliver(packet);
    EXPECT_GT(session.counters().dropped, 0U);
    EXPECT_LT(session.take_output().size(), kOutputBytesMax + 1024);
    session.deliver(packet);
    EXPECT_EQ(heard().size(), 1U);
}

}  // namespace
}  // namespace compot::client_api
