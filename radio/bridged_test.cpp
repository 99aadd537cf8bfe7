#include <gtest/gtest.h>

#include "radio/testbed.hpp"

namespace compot::radio {
namespace {

constexpr NodeId kGateway{0x11};
constexpr NodeId kOther{0x22};
constexpr NodeId kFar{0x99};

class BridgedTest : public ::testing::Test {
protected:
    BridgedTest() : bed(plain()) {
        gateway = bed.add(kGateway);
        other = bed.add(kOther);
        bed.link(gateway, other);
    }

    static Settings plain() {
        Settings settings = Testbed::default_settings();
        settings.encrypts = false;
        return settings;
    }

    static Frame frame(NodeId from, std::uint8_t hops) {
        Header header;
        header.from = from;
        header.id = PacketId{7};
        header.hop_limit = hops;
        header.hop_start = 3;
        header.via_mqtt = true;
        header.next_hop = 0x77;  // a neighbour of somebody else
        header.channel_hash = default_channel("LongFast").hash;
        Frame frame;
        EXPECT_TRUE(frame.assign(encode(header)));
        for (const int byte : {0x08, 0x80, 0x02, 0x12, 0x01, 0x41})
            frame.push(static_cast<std::uint8_t>(byte));
        return frame;
    }

    Testbed bed;
    std::size_t gateway = 0;
    std::size_t other = 0;
};

TEST_F(BridgedTest, is_delivered_once_and_goes_on_in_the_air_with_its_mark) {
    bed.bridge(gateway, frame(kFar, 3));
    bed.bridge(gateway, frame(kFar, 3));
    bed.run(30s);
    EXPECT_EQ(bed.told<Deliver>(gateway).size(), 1U);
    const auto heard = bed.told<Deliver>(other);
    ASSERT_EQ(heard.size(), 1U);
    EXPECT_TRUE(heard[0].packet.via_mqtt);
    EXPECT_EQ(heard[0].packet.from, kFar);
    EXPECT_EQ(heard[0].packet.hop_limit, 2);
    EXPECT_EQ(bed.radio(gateway).verdict(), Verdict::Duplicate);
}

TEST_F(BridgedTest, without_hops_left_stays_at_the_gateway) {
    bed.bridge(gateway, frame(kFar, 0));
    bed.run(30s);
    EXPECT_EQ(bed.told<Deliver>(gateway).size(), 1U);
    EXPECT_TRUE(bed.sent().empty());
}

TEST_F(BridgedTest, of_the_radio_itself_is_no_news) {
    bed.bridge(gateway, frame(kGateway, 3));
    bed.run(30s);
    EXPECT_TRUE(bed.told<Deliver>(gateway).empty());
    EXPECT_TRUE(bed.sent().empty());
}

TEST_F(BridgedTest, saves_no_relay_of_what_the_air_brought) {
    bed.inject(gateway, frame(kFar, 3));
    bed.bridge(gateway, frame(kFar, 3));
    bed.run(30s);
    EXPECT_EQ(bed.told<Deliver>(other).size(), 0U) << "its next hop is somebody else";
    Frame flooded = frame(kFar, 3);
    flooded.data()[8] = 8;   // another id
    flooded.data()[14] = 0;  // no next hop
    bed.inject(gateway, flooded);
    bed.bridge(gateway, flooded);
    bed.run(30s);
    EXPECT_EQ(bed.told<Deliver>(other).size(), 1U);
}

TEST_F(BridgedTest, makes_no_neighbour_of_its_sender_and_no_busy_air) {
    bed.bridge(gateway, frame(kFar, 0));
    EXPECT_EQ(bed.radio(gateway).busy_permille(bed.now()), 0);
    Frame broken;
    broken.push(1);
    bed.bridge(gateway, broken);
    EXPECT_EQ(bed.radio(gateway).verdict(), Verdict::Malformed);
}

}  // namespace
}  // namespace compot::radio
