#include "host/links/gateway.hpp"

#include <gtest/gtest.h>

#include "host/links/fixture.hpp"
#include "radio/cipher.hpp"

namespace compot::links {
namespace {

constexpr NodeId kGateway{0x60};

class GatewayTest : public ::testing::Test {
protected:
    static GatewayTerms terms() {
        GatewayTerms terms;
        terms.self = kGateway;
        terms.channel = identity(1, "").channel;
        return terms;
    }

    static Carried said(std::uint32_t from, std::uint32_t id) {
        return *Bare(identity(from, "")).seal(private_packet(id, "words"));
    }

    /// Its sender has not marked it as ok for MQTT.
    static Carried not_ok(std::uint32_t from, std::uint32_t id) {
        Carried carried = said(from, id);
        mesh::Data data = private_packet(id, "words").data;
        data.bitfield = 0;
        std::array<std::uint8_t, mesh::kDataBytesMax> buffer{};
        EXPECT_TRUE(carried.payload.assign(*mesh::encode(data, buffer)));
        radio::crypt_channel(terms().channel.key, NodeId{from}, PacketId{id},
                             {carried.payload.data(), carried.payload.size()});
        return carried;
    }

    static Carried for_one(std::uint32_t from, std::uint32_t to, std::uint32_t id) {
        Carried carried = said(from, id);
        carried.header.channel_hash = radio::kPkcChannelHash;
        carried.header.to = NodeId{to};
        return carried;
    }
};

TEST_F(GatewayTest, hands_up_what_is_of_its_channel_once) {
    Gateway gateway(terms());
    const auto envelope = gateway.uplink(said(1, 7));
    ASSERT_TRUE(envelope);
    EXPECT_EQ(envelope->channel, "compot");
    EXPECT_EQ(envelope->gateway, kGateway);
    EXPECT_EQ(envelope->packet, said(1, 7));
    EXPECT_FALSE(gateway.uplink(said(1, 7)));
    Carried foreign = said(1, 8);
    foreign.header.channel_hash ^= 1U;
    EXPECT_FALSE(gateway.uplink(foreign));
    Carried unreadable = said(1, 9);
    unreadable.payload.data()[0] ^= 0xFFU;
    EXPECT_FALSE(gateway.uplink(unreadable));
    EXPECT_EQ(gateway.counters().foreign, 2U);
}

TEST_F(GatewayTest, never_hands_up_what_came_from_a_broker) {
    Gateway gateway(terms());
    Carried carried = said(1, 7);
    carried.header.via_mqtt = true;
    EXPECT_FALSE(gateway.uplink(carried));
}

TEST_F(GatewayTest, asks_for_consent_at_a_public_broker_alone) {
    Gateway at_home(terms());
    EXPECT_TRUE(at_home.uplink(not_ok(1, 7)));
    GatewayTerms world = terms();
    world.private_broker = false;
    Gateway in_the_world(world);
    EXPECT_FALSE(in_the_world.uplink(not_ok(1, 7)));
    EXPECT_EQ(in_the_world.counters().not_ok, 1U);
    EXPECT_TRUE(in_the_world.uplink(said(1, 8)));
    EXPECT_TRUE(in_the_world.uplink(not_ok(kGateway.value, 9))) << "its own always";
}

TEST_F(GatewayTest, marks_what_it_takes_down_and_takes_it_once_from_several) {
    Gateway gateway(terms());
    const auto carried = gateway.downlink({said(1, 7), "compot", NodeId{0x61}});
    ASSERT_TRUE(carried);
    EXPECT_TRUE(carried->header.via_mqtt);
    EXPECT_EQ(carried->header.hop_limit, 3);
    EXPECT_EQ(carried->rssi_cdbm, 0);
    EXPECT_FALSE(gateway.downlink({said(1, 7), "compot", NodeId{0x62}}));
    EXPECT_EQ(gateway.counters().again, 1U);
}

TEST_F(GatewayTest, with_zero_hops_keeps_it_to_itself) {
    GatewayTerms zero = terms();
    zero.zero_hop = true;
    Gateway gateway(zero);
    EXPECT_EQ(gateway.downlink({said(1, 7), "compot", NodeId{0x61}})->header.hop_limit, 0);
}

TEST_F(GatewayTest, takes_down_neither_its_own_nor_other_channels) {
    Gateway gateway(terms());
    EXPECT_FALSE(gateway.downlink({said(1, 7), "compot", kGateway}));
    EXPECT_FALSE(gateway.downlink({said(kGateway.value, 8), "compot", NodeId{0x61}}));
    EXPECT_EQ(gateway.counters().own, 2U);
    EXPECT_FALSE(gateway.downlink({said(1, 9), "LongFast", NodeId{0x61}}));
    Carried unreadable = said(1, 10);
    unreadable.payload.data()[0] ^= 0xFFU;
    EXPECT_FALSE(gateway.downlink({unreadable, "compot", NodeId{0x61}}));
    EXPECT_EQ(gateway.counters().foreign, 2U);
}

TEST_F(GatewayTest, passes_what_is_for_one_reader_if_it_knows_both) {
    Gateway gateway(terms());
    const auto up = gateway.uplink(for_one(1, 2, 7));
    ASSERT_TRUE(up);
    EXPECT_EQ(up->channel, "PKI");
    EXPECT_FALSE(gateway.downlink({for_one(1, 2, 8), "PKI", NodeId{0x61}}));
    EXPECT_TRUE(gateway.downlink({for_one(1, kGateway.value, 9), "PKI", NodeId{0x61}}));
    (void)gateway.uplink(said(1, 20));
    (void)gateway.uplink(said(2, 21));
    EXPECT_TRUE(gateway.downlink({for_one(1, 2, 8), "PKI", NodeId{0x61}}));
    EXPECT_FALSE(gateway.downlink({said(1, 22), "PKI", NodeId{0x61}})) << "not for one reader";
}

TEST(Private, is_what_the_world_does_not_reach) {
    for (const char* host : {"localhost", "127.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255",
                             "192.168.7.7", "169.254.1.1", "::1", "fe80::1", "fd00::1"})
        EXPECT_TRUE(is_private(host)) << host;
    for (const char* host : {"mqtt.example", "8.8.8.8", "172.32.0.1", "192.169.0.1", "2001:db8::1"})
        EXPECT_FALSE(is_private(host)) << host;
}

}  // namespace
}  // namespace compot::links
