#include <gtest/gtest.h>

#include "radio/situation.hpp"

/// What the firmware does in one situation after another: how routes are learned, used and given
/// up. Those marked "observed" were seen on the real firmware 2.8.0.

namespace compot::radio {
namespace {

std::vector<std::uint8_t> bytes_of(const Packet& packet) {
    return {packet.data.payload.begin(), packet.data.payload.end()};
}

TEST(Traceroute, notes_each_radio_on_the_way_there_and_back_and_its_levels) {
    World world(Firmware::V28July);  // observed: 12 01 18 and 12 01 18 1a 04 ... 22 01 18 at 6 dB
    for (const NodeId id : {kA, kB, kC}) world.add(id);
    world.bed.link(0, 1, 600);
    world.bed.link(1, 2, 600);
    Packet ask = message(1, kC, mesh::port::kTraceroute, true);
    ask.data.payload.clear();
    ask.data.want_response = true;
    world.bed.submit(0, ask);
    world.bed.run(60s);
    const auto asked = world.bed.told<Deliver>(2);
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(bytes_of(asked[0].packet),
              (std::vector<std::uint8_t>{0x0A, 4, 0x6D, 0x84, 0x65, 0x37, 0x12, 2, 24, 24}));
    std::vector<Deliver> answers;
    for (const auto& each : world.bed.told<Deliver>(0)) {
        if (each.packet.data.portnum == mesh::port::kTraceroute) answers.push_back(each);
    }
    ASSERT_EQ(answers.size(), 1U);
    EXPECT_EQ(bytes_of(answers[0].packet),
              (std::vector<std::uint8_t>{0x0A, 4, 0x6D, 0x84, 0x65, 0x37, 0x12, 2, 24, 24,  //
                                         0x1A, 4, 0x6D, 0x84, 0x65, 0x37, 0x22, 2, 24, 24}));
    for (const auto& each : world.bed.sent()) {
        if (each.header.from != kC || each.relayed) continue;
        EXPECT_NE(each.frame.size(), 29U) << "the answer is acknowledgement enough";
    }
}

TEST(Traceroute, names_those_unknown_that_could_not_read_it) {
    World world;
    auto foreign = std::make_shared<Settings>(*world.settings);
    foreign->channels = {*make_channel("swarm", std::vector<std::uint8_t>(32, 7))};
    world.bed.add(Identity{kA, Role::Client, {}, {}, {}, {}}, foreign);
    world.add(kB);  // relays what it can't read
    const std::size_t last = world.bed.add(Identity{kC, Role::Client, {}, {}, {}, {}}, foreign);
    world.bed.link(1, last, 600);
    Packet ask = message(1, kC, mesh::port::kTraceroute);
    ask.data.payload.clear();
    ask.data.want_response = true;
    world.bed.submit(0, ask);
    world.bed.run(20s);
    const auto asked = world.bed.told<Deliver>(last);
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(bytes_of(asked[0].packet).front(), 0x0A);
    EXPECT_EQ(bytes_of(asked[0].packet)[2], 0xFF) << "somebody unknown";
}

TEST(NextHop, is_learned_from_an_acknowledgement_and_spares_the_others) {
    World world(Firmware::V27);
    for (const NodeId id : {kA, kB, kC}) world.add(id);
    world.bed.submit(0, message(1, kC, 256, true));
    world.bed.run(60s);
    EXPECT_EQ(world.bed.radio(0).next_hop_to(kC, world.bed.now()), short_name(kB));
    EXPECT_EQ(world.bed.radio(1).next_hop_to(kC, world.bed.now()), short_name(kC));
    world.bed.forget();
    // A bystander of a must not relay what is directed to b.
    const std::size_t bystander = world.bed.add(
        [] {
            Identity identity;
            identity.self = kD;
            return identity;
        }(),
        world.settings);
    world.bed.link(0, bystander);
    world.bed.submit(0, message(2, kC, 256, true));
    world.bed.run(60s);
    EXPECT_EQ(world.bed.sent()[0].header.next_hop, short_name(kB));
    for (const auto& each : world.bed.sent()) EXPECT_NE(each.radio, bystander);
    const auto settled = world.bed.told<Settled>(0);
    ASSERT_FALSE(settled.empty());
    EXPECT_EQ(settled.back().by, kC);
}

TEST(NextHop, in_28_is_not_learned_of_a_relay_never_heard_itself) {
    World world;  // observed: the second packet over the same two hops has next_hop 0 again
    for (const NodeId id : {kA, kB, kC}) world.add(id);
    world.bed.submit(0, message(1, kC, 256, true));
    world.bed.run(60s);
    EXPECT_EQ(world.bed.radio(0).next_hop_to(kC, world.bed.now()), kNoHop);
    Packet near = message(2, kBroadcast, 256);
    world.bed.submit(1, near);
    world.bed.run(60s);
    world.bed.submit(0, message(3, kC, 256, true));
    world.bed.run(60s);
    EXPECT_EQ(world.bed.radio(0).next_hop_to(kC, world.bed.now()), short_name(kB));
    EXPECT_EQ(world.bed.radio(0).next_hop_to(kC, world.bed.now() + 31min), kNoHop) << "stale";
}

TEST(NextHop, in_28_is_named_by_nobody_who_has_no_clock) {
    World world;  // observed
    world.settings->knows_time = false;
    for (const NodeId id : {kA, kB}) world.add(id);
    world.bed.submit(1, message(1, kBroadcast, 256));
    world.bed.run(60s);
    world.bed.submit(0, message(2, kB, 256, true));
    world.bed.run(60s);
    EXPECT_EQ(world.bed.radio(0).next_hop_to(kB, world.bed.now()), kNoHop);
}

TEST(NextHop, in_28_is_not_named_when_a_second_neighbour_is_called_alike) {
    World world;
    const NodeId twin{(kC.value & 0xFFFFFF00U) | short_name(kB)};
    for (const NodeId id : {kA, kB}) world.add(id);
    world.bed.submit(1, message(1, kBroadcast, 256));
    world.bed.run(60s);
    world.bed.submit(0, message(2, kB, 256, true));
    world.bed.run(60s);
    EXPECT_EQ(world.bed.radio(0).next_hop_to(kB, world.bed.now()), short_name(kB));
    const std::size_t other = world.bed.add(
        [&] {
            Identity identity;
            identity.self = twin;
            return identity;
        }(),
        world.settings);
    world.bed.link(0, other);
    world.bed.submit(other, message(3, kBroadcast, 256));
    world.bed.run(60s);
    EXPECT_EQ(world.bed.radio(0).next_hop_to(kB, world.bed.now()), kNoHop) << "which of the two?";
}

TEST(NextHop, that_is_gone_is_given_up_with_the_last_attempt) {
    World world(Firmware::V27);
    for (const NodeId id : {kA, kB, kC}) world.add(id);
    world.bed.submit(0, message(1, kC, 256, true));
    world.bed.run(60s);
    world.bed.cut(0, 1);
    world.bed.forget();
    const std::size_t other = world.add(kD);  // c - d
    world.bed.link(0, other);
    world.bed.submit(0, message(2, kC, 256, true));
    world.bed.run(120s);
    std::vector<int> next_hops;
    for (const auto& each : world.bed.sent()) {
        if (each.radio == 0 && each.header.id.value == 2) next_hops.push_back(each.header.next_hop);
    }
    EXPECT_EQ(next_hops, (std::vector<int>{short_name(kB), short_name(kB), 0}));
    EXPECT_EQ(world.bed.told<Settled>(0).back().by, kC) << "the flood found the way by d";
}

}  // namespace
}  // namespace compot::radio
