#include "host/stream_client/client.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "host/client_api/fake_mesh.hpp"
#include "host/client_api/session.hpp"

/// Our client against our server's session: bytes are carried by hand, and lost by hand.

namespace compot::stream_client {
namespace {

constexpr NodeId kSelf{42};

radio::Packet packet(std::uint32_t id) {
    radio::Packet packet;
    packet.id = PacketId{id};
    packet.data.portnum = 256;
    packet.data.payload = {1, 2, 3};
    return packet;
}

BytesView view(const std::string& text) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): text that holds bytes
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

class ClientTest : public ::testing::Test {
protected:
    /// Carries what both have to say until neither has.
    void exchange() {
        for (std::string said = client.take_output(); !said.empty(); said = client.take_output()) {
            session->hear(view(said));
            for (const radio::Packet& each : session->take_packets()) {
                taken.push_back(each.id.value);
                if (confirms) session->submitted({each.id, true});
            }
            client.hear(view(session->take_output()), now);
        }
    }

    void pass(Duration span) {
        for (const Time until = now + span; client.wake_at() <= until;) {
            now = std::max(now, client.wake_at());
            client.wake(now);
            if (answers) exchange();
            if (client.dead()) return;
        }
        now += span;
    }

    template <typename What>
    std::vector<What> news() {
        std::vector<What> found;
        for (const News& each : client.take_news()) {
            if (const auto* what = std::get_if<What>(&each)) found.push_back(*what);
        }
        return found;
    }

    Time now{1s};
    client_api::FakeMesh mesh;
    std::optional<client_api::Session> session{std::in_place, mesh, kSelf};
    Client client{Terms{}};
    std::vector<std::uint32_t> taken;
    bool confirms = true;
    bool answers = true;
};

TEST_F(ClientTest, learns_the_radio_and_its_mesh) {
    client.connected(now);
    EXPECT_FALSE(client.ready());
    exchange();
    ASSERT_TRUE(client.ready());
    EXPECT_EQ(news<Ready>().size(), 1U);
    EXPECT_EQ(client.facts().self, kSelf);
    EXPECT_EQ(client.facts().nodes.size(), 3U);
    ASSERT_EQ(client.facts().channels.size(), 1U);
    EXPECT_STREQ(client.facts().channels[0].settings.name, "swarm");
    EXPECT_EQ(client.facts().lora.modem_preset, 6U);
    EXPECT_EQ(client.facts().queue_length, 16U);
}

TEST_F(ClientTest, keeps_few_outstanding_and_loses_none) {
    for (std::uint32_t id = 1; id <= 20; ++id) EXPECT_TRUE(client.send(packet(id), now));
    confirms = false;
    client.connected(now);
    exchange();
    EXPECT_EQ(taken, (std::vector<std::uint32_t>{1, 2, 3})) << "three wait for their confirmation";
    confirms = true;
    for (const std::uint32_t id : {1U, 2U, 3U}) session->submitted({PacketId{id}, true});
    client.hear(view(session->take_output()), now);
    exchange();
    EXPECT_EQ(taken.size(), 20U);
    EXPECT_EQ(news<Taken>().size(), 20U);
    EXPECT_TRUE(client.idle());
    EXPECT_EQ(client.counters().again, 0U);
}

TEST_F(ClientTest, says_again_what_was_not_confirmed_and_the_radio_takes_it_once) {
    client.connected(now);
    exchange();
    confirms = false;
    EXPECT_TRUE(client.send(packet(7), now));
    exchange();
    pass(4s);
    EXPECT_EQ(client.counters().again, 1U);
    EXPECT_EQ(taken, (std::vector<std::uint32_t>{7})) << "the radio knows the id";
    EXPECT_EQ(news<Taken>().size(), 1U) << "it confirms the second one";
    EXPECT_TRUE(client.idle());
}

TEST_F(ClientTest, what_was_not_confirmed_survives_a_broken_line) {
    client.connected(now);
    exchange();
    EXPECT_TRUE(client.send(packet(7), now));
    EXPECT_TRUE(client.send(packet(8), now));
    EXPECT_FALSE(client.take_output().empty()) << "lost with the line";
    client.disconnected(now);
    EXPECT_EQ(news<NotReady>().size(), 1U);
    session.emplace(mesh, kSelf);
    client.connected(now);
    exchange();
    EXPECT_EQ(taken, (std::vector<std::uint32_t>{7, 8}));
    EXPECT_EQ(news<Taken>().size(), 2U);
}

TEST_F(ClientTest, asks_again_when_the_radio_reboots) {
    client.connected(now);
    exchange();
    const std::string rebooted("\x94\xc3\x00\x02\x40\x01", 6);
    client.hear(view(rebooted), now);
    EXPECT_FALSE(client.ready());
    exchange();
    EXPECT_TRUE(client.ready());
    EXPECT_EQ(client.counters().reboots, 1U);
    EXPECT_EQ(client.facts().channels.size(), 1U);
}

TEST_F(ClientTest, gives_a_radio_up_that_does_not_answer) {
    client.connected(now);
    answers = false;
    pass(10s);
    EXPECT_FALSE(client.dead()) << "it is asked three times";
    pass(10s);
    EXPECT_TRUE(client.dead());
}

TEST_F(ClientTest, notices_by_heartbeats_that_the_radio_has_gone) {
    client.connected(now);
    exchange();
    pass(10min);
    EXPECT_FALSE(client.dead()) << "each heartbeat was answered";
    answers = false;
    pass(60s);
    EXPECT_TRUE(client.dead());
}

TEST_F(ClientTest, hears_packets_and_tells_those_that_make_no_sense) {
    client.connected(now);
    exchange();
    radio::Packet heard = packet(99);
    heard.from = NodeId{0xA1};
    heard.snr_cdb = -525;
    heard.rssi_cdbm = -9700;
    session->deliver(heard);
    client.hear(view(session->take_output()), now);
    const auto news_heard = news<Heard>();
    ASSERT_EQ(news_heard.size(), 1U);
    EXPECT_EQ(news_heard[0].packet.from, NodeId{0xA1});
    EXPECT_EQ(news_heard[0].packet.snr_cdb, -525);
    EXPECT_EQ(news_heard[0].packet.rssi_cdbm, -9700);
    EXPECT_EQ(news_heard[0].packet.data.payload, heard.data.payload);
    // An encrypted one.
    const std::string opaque("\x94\xc3\x00\x05\x12\x03\x2a\x01\x55", 9);
    client.hear(view(opaque), now);
    EXPECT_EQ(client.counters().opaque, 1U);
}

TEST_F(ClientTest, refuses_more_than_it_can_keep) {
    for (std::uint32_t id = 1; id <= kQueueMax; ++id) EXPECT_TRUE(client.send(packet(id), now));
    EXPECT_FALSE(client.send(packet(1000), now));
}

}  // namespace
}  // namespace compot::stream_client
