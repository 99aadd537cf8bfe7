#include <gtest/gtest.h>

#include "radio/situation.hpp"

/// What the firmware does in one situation after another: who confirms what, and what is said
/// again. Those marked "observed" were seen on the real firmware 2.8.0.

namespace compot::radio {
namespace {

using mesh::RoutingError;

TEST(Acknowledgement, of_a_channel_packet_travels_two_hops_more_than_it_took) {
    World world;  // observed: request 3/3 heard at 3/3 is confirmed with 2/2, at 2/3 with 3/3
    for (const NodeId id : {kA, kB, kC}) world.add(id);
    world.bed.submit(0, message(1, kB, mesh::port::kPrivate, true));
    world.bed.run(60s);
    world.bed.submit(0, message(2, kC, mesh::port::kPrivate, true));
    world.bed.run(60s);
    std::vector<int> hops;
    for (const auto& each : world.bed.sent()) {
        if (each.header.from != kA && !each.relayed) hops.push_back(each.header.hop_limit);
    }
    EXPECT_EQ(hops, (std::vector<int>{2, 3}));
}

TEST(Acknowledgement, of_a_request_without_hops_has_none) {
    World world;
    for (const NodeId id : {kA, kB}) world.add(id);
    Header header;
    header.to = kB;
    header.from = kA;
    header.id = PacketId{9};
    header.hop_limit = 0;
    header.hop_start = 0;
    header.want_ack = true;
    header.channel_hash = default_channel("LongFast").hash;
    Settings plain = *world.settings;
    plain.encrypts = false;
    Testbed bed(plain);
    bed.add(kB);
    Frame frame;
    ASSERT_TRUE(frame.assign(encode(header)));
    for (const int byte : {0x08, 0x80, 0x02, 0x12, 0x01, 0x41}) {
        frame.push(static_cast<std::uint8_t>(byte));
    }
    bed.inject(0, frame);
    bed.run(30s);
    ASSERT_EQ(bed.sent().size(), 1U);
    EXPECT_EQ(bed.sent()[0].header.hop_limit, 0);
    EXPECT_EQ(bed.sent()[0].header.hop_start, 0);
}

TEST(Acknowledgement, of_a_text_is_itself_confirmed_with_no_hops) {
    World world;  // observed: 18 00 with want_ack, then 18 00 at 0/0
    for (const NodeId id : {kA, kB}) world.add(id, true);
    world.introduce(0, kB);
    world.introduce(1, kA);
    world.bed.submit(0, message(1, kB, mesh::port::kText, true));
    world.bed.run(60s);
    ASSERT_EQ(world.bed.sent().size(), 3U);
    EXPECT_EQ(world.bed.sent()[0].header.channel_hash, kPkcChannelHash);
    EXPECT_EQ(world.bed.sent()[1].header.from, kB);
    EXPECT_TRUE(world.bed.sent()[1].header.want_ack);
    EXPECT_NE(world.bed.sent()[1].header.channel_hash, kPkcChannelHash) << "acks go by the channel";
    EXPECT_EQ(world.bed.sent()[2].header.from, kA);
    EXPECT_EQ(world.bed.sent()[2].header.hop_start, 0);
}

TEST(Broadcast, that_wants_an_acknowledgement_does_not_say_so_on_air_and_is_sent_three_times) {
    World world;  // observed
    world.add(kA);
    world.bed.submit(0, message(1, kBroadcast, mesh::port::kPrivate, true));
    world.bed.run(60s);
    EXPECT_EQ(world.bed.sent().size(), 3U);
    for (const auto& each : world.bed.sent()) EXPECT_FALSE(each.header.want_ack);
    ASSERT_EQ(world.bed.told<Settled>(0).size(), 1U);
    EXPECT_EQ(world.bed.told<Settled>(0)[0].error, RoutingError::MaxRetransmit);
}

TEST(Broadcast, that_wants_an_acknowledgement_is_content_with_a_relay) {
    World world;
    for (const NodeId id : {kA, kB}) world.add(id);
    world.bed.submit(0, message(1, kBroadcast, mesh::port::kPrivate, true));
    world.bed.run(60s);
    EXPECT_EQ(world.bed.times_sent(PacketId{1}), 2U);
    ASSERT_EQ(world.bed.told<Settled>(0).size(), 1U);
    EXPECT_EQ(world.bed.told<Settled>(0)[0].error, RoutingError::NoError);
    EXPECT_EQ(world.bed.told<Settled>(0)[0].by, kA);
}

TEST(Retries, come_after_the_firmwares_wait) {
    World world(Firmware::V28July);  // observed: 6.9 to 7.2 s apart with tiny frames on LongFast
    world.add(kA);
    world.bed.submit(0, message(1, kB, mesh::port::kPrivate, true));
    world.bed.run(60s);
    ASSERT_EQ(world.bed.sent().size(), 3U);
    for (std::size_t i = 1; i < 3; ++i) {
        const Duration gap = world.bed.sent()[i].at - world.bed.sent()[i - 1].at;
        EXPECT_GE(gap, 6800ms);
        EXPECT_LE(gap, 7400ms);
    }
}

TEST(Retries, of_the_later_28_to_one_destination_are_four) {
    for (const NodeId to : {kB, kBroadcast}) {
        World world(Firmware::V28Fixed);
        world.add(kA);
        world.bed.submit(0, message(1, to, mesh::port::kPrivate, true));
        world.bed.run(2min);
        EXPECT_EQ(world.bed.sent().size(), to == kBroadcast ? 3U : 5U);
        ASSERT_EQ(world.bed.told<Settled>(0).size(), 1U);
        EXPECT_EQ(world.bed.told<Settled>(0)[0].error, RoutingError::MaxRetransmit);
    }
}

TEST(DutyCycle, once_used_up_stops_a_radio_and_its_relays_in_silence) {
    World world(Firmware::V27);
    world.settings->duty_cycle_permille = 1;  // 3.6 s an hour
    for (const NodeId id : {kA, kB}) world.add(id);
    for (std::uint32_t id = 1; id <= 8; ++id) {
        Packet packet = message(id, kBroadcast, 256);
        packet.data.payload.resize(200);
        world.bed.submit(0, packet);
        world.bed.run(30s);
    }
    const auto queued = world.bed.told<Queued>(0);
    EXPECT_EQ(queued.front().error, RoutingError::NoError);
    EXPECT_EQ(queued.back().error, RoutingError::DutyCycleLimit);
    EXPECT_LT(world.bed.radio(0).counters().sent, 8U);
    world.bed.run(1h);
    world.bed.submit(0, message(20, kBroadcast, 256));
    EXPECT_EQ(world.bed.told<Queued>(0).back().error, RoutingError::NoError) << "an hour later";
}

TEST(Answer, on_its_way_ends_the_relaying_of_its_request) {
    // c hears a's request late and would relay it, but hears b's answer first.
    World world(Firmware::V27);
    world.add(kA);
    world.add(kB);
    const std::size_t onlooker =
        world.bed.add(Identity{kC, Role::Client, {}, {}, {}, {}}, world.settings);
    world.bed.link(0, onlooker, 1000);
    world.bed.link(1, onlooker, 1000);
    std::size_t spared = 0;
    for (std::uint32_t id = 1; id <= 10; ++id) {
        world.bed.submit(0, message(id, kB, 256, true));
        world.bed.run(60s);
        spared += world.bed.times_sent(PacketId{id}) == 1 ? 1U : 0U;
    }
    EXPECT_GE(spared, 8U);
}

}  // namespace
}  // namespace compot::radio
