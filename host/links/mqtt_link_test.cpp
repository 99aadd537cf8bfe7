#include "host/links/mqtt_link.hpp"

#include <gtest/gtest.h>

#include "host/links/envelope.hpp"
#include "host/links/fixture.hpp"
#include "host/mqtt/mosquitto.hpp"

namespace compot::links {
namespace {

using mesh::port::kPrivate;

class MqttLinkTest : public ::testing::Test {
protected:
    void SetUp() override {
        if (!mqtt::Mosquitto::is_here())
            GTEST_SKIP() << "no Mosquitto here: tools/install.sh unpacks it";
    }

    static mqtt::Broker at(const mqtt::Mosquitto& mosquitto) {
        return *parse_mesh_broker(mosquitto.url() + "/msh/EU_868");
    }
};

/// Publishes anything, for tests of what a link makes of it.
class Stranger final : public mqtt::Listener {
public:
    explicit Stranger(const mqtt::Broker& broker) : client_(broker, {}, *this) {}

    void up() override {}

    void trouble(const std::string&) override {}

    void heard(const mqtt::Message&) override {}

    void say(const std::string& topic, const std::string& payload) {
        mqtt::Message message;
        message.topic = topic;
        message.payload = payload;
        EXPECT_NE(client_.publish(message), 0U);
    }

private:
    mqtt::Client client_;
};

TEST_F(MqttLinkTest, two_nodes_hear_each_other_through_a_broker) {
    const mqtt::Mosquitto mosquitto;
    Ear alpha_ear;
    Ear beta_ear;
    MqttLink alpha(at(mosquitto), {}, identity(1, "alpha"), alpha_ear);
    MqttLink beta(at(mosquitto), {}, identity(2, "beta"), beta_ear);
    ASSERT_TRUE(comes([&] { return alpha_ear.ready() == 1 && beta_ear.ready() == 1; }));
    alpha.send(private_packet(7, "hello"));
    ASSERT_TRUE(comes([&] { return beta_ear.heard(kPrivate).size() == 1; }));
    const radio::Packet packet = beta_ear.heard(kPrivate)[0];
    EXPECT_EQ(words_in(packet), "hello");
    EXPECT_EQ(packet.from, NodeId{1});
    EXPECT_TRUE(packet.via_mqtt);
    EXPECT_EQ(alpha_ear.taken(), std::vector{mesh::RoutingError::NoError});
    ASSERT_TRUE(comes([&] { return alpha.counters().echoes >= 2; })) << "NodeInfo and the packet";
    EXPECT_TRUE(alpha_ear.heard(kPrivate).empty());
}

TEST_F(MqttLinkTest, takes_once_what_several_gateways_bring) {
    const mqtt::Mosquitto mosquitto;
    Ear ear;
    const MqttLink link(at(mosquitto), {}, identity(2, "beta"), ear);
    ASSERT_TRUE(comes([&] { return ear.ready() == 1; }));
    Stranger stranger(at(mosquitto));
    Carried carried = *Bare(identity(1, "alpha")).seal(private_packet(7, "hello"));
    for (const std::uint32_t gateway : {0x60U, 0x61U, 0x62U}) {
        --carried.header.hop_limit;
        stranger.say(topic("msh/EU_868", "compot", NodeId{gateway}),
                     encode_envelope({carried, "compot", NodeId{gateway}}));
    }
    ASSERT_TRUE(comes([&] { return link.counters().post.packets.again == 2; }));
    ASSERT_EQ(ear.heard(kPrivate).size(), 1U);
    EXPECT_EQ(ear.heard(kPrivate)[0].hop_limit, 2) << "of the first that came";
}

TEST_F(MqttLinkTest, survives_and_counts_whatever_else_is_published) {
    const mqtt::Mosquitto mosquitto;
    Ear ear;
    const MqttLink link(at(mosquitto), {}, identity(2, "beta"), ear);
    ASSERT_TRUE(comes([&] { return ear.ready() == 1; }));
    Stranger stranger(at(mosquitto));
    const Carried carried = *Bare(identity(1, "alpha")).seal(private_packet(7, "hello"));
    const std::string envelope = encode_envelope({carried, "compot", NodeId{0x60}});
    const std::string place = topic("msh/EU_868", "compot", NodeId{0x60});
    stranger.say(place, "");
    stranger.say(place, std::string(3000, '\xFF'));
    stranger.say(place, std::string(8000, 'x'));  // more than the broker was asked to bring
    stranger.say(place, envelope.substr(0, envelope.size() / 2));
    stranger.say(topic("msh/EU_868", "compot", NodeId{0x61}), envelope);
    stranger.say("msh/EU_868/2/e/compot/nonsense", envelope);
    stranger.say("msh/EU_868/2/json/compot/!00000060", "{}");
    stranger.say(place, envelope);
    ASSERT_TRUE(comes([&] { return ear.heard(kPrivate).size() == 1; }));
    EXPECT_EQ(link.counters().post.malformed, 5U);
    EXPECT_EQ(ear.said(), 1) << "once, however many";
    EXPECT_TRUE(ear.troubles().empty());
}

TEST_F(MqttLinkTest, comes_back_to_a_broker_that_was_away_and_says_so_once) {
    mqtt::Mosquitto mosquitto;
    Ear alpha_ear;
    Ear beta_ear;
    MqttLink alpha(at(mosquitto), {}, identity(1, "alpha"), alpha_ear);
    const MqttLink beta(at(mosquitto), {}, identity(2, "beta"), beta_ear);
    ASSERT_TRUE(comes([&] { return alpha_ear.ready() == 1 && beta_ear.ready() == 1; }));
    mosquitto.stop();
    ASSERT_TRUE(comes([&] { return alpha_ear.not_ready() == 1 && beta_ear.not_ready() == 1; }));
    for (std::uint32_t id = 1; id <= 17; ++id)
        alpha.send(private_packet(id, "packet " + std::to_string(id)));
    ASSERT_TRUE(comes([&] { return alpha_ear.taken().size() == 1; })) << "the first makes room";
    EXPECT_EQ(alpha_ear.taken()[0], mesh::RoutingError::NoInterface);
    mosquitto.start();
    ASSERT_TRUE(comes([&] { return alpha_ear.ready() == 2 && beta_ear.ready() == 2; }));
    alpha.send(private_packet(18, "last"));
    ASSERT_TRUE(comes([&] {
        const auto heard = beta_ear.heard(kPrivate);
        return !heard.empty() && words_in(heard.back()) == "last";
    }));
    EXPECT_FALSE(alpha_ear.troubles().empty());
}

TEST(MeshBroker, has_a_root_topic) {
    EXPECT_EQ(parse_mesh_broker("mqtt://h/msh/EU_868/")->path, "msh/EU_868");
    for (const char* wrong : {"mqtt://h", "mqtt://h/", "mqtt://h/msh/#", "mqtt://h/+/x", "tcp:h"})
        EXPECT_FALSE(parse_mesh_broker(wrong)) << wrong;
}

}  // namespace
}  // namespace compot::links
