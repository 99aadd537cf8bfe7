#include <gtest/gtest.h>

#include "radio/policy.hpp"
#include "radio/situation.hpp"

/// What the firmware does in one situation after another: who passes on what, by role, mode and
/// budget. Those marked "observed" were seen on the real firmware 2.8.0.

namespace compot::radio {
namespace {

TEST(Router, passes_only_the_firmwares_own_ports_where_it_can_read) {
    for (const std::uint32_t port : {1U, 3U, 4U, 67U, 256U, 64U}) {
        World world(Firmware::V27);
        world.add(kA);
        world.add(kB, false, Role::Router);
        world.add(kC);
        world.bed.submit(0, message(1, kBroadcast, port));
        world.bed.run(60s);
        EXPECT_EQ(world.bed.told<Deliver>(2).size(), policy::core_port(port) ? 1U : 0U) << port;
    }
}

TEST(Router, passes_foreign_channels_but_for_the_fault_of_july) {
    for (const Firmware firmware : {Firmware::V27, Firmware::V28July, Firmware::V28Fixed}) {
        World world(firmware);
        auto foreign = std::make_shared<Settings>(*world.settings);
        foreign->channels = {*make_channel("swarm", std::vector<std::uint8_t>(32, 7))};
        world.bed.add(Identity{kA, Role::Client, {}, {}, {}, {}}, foreign);
        world.add(kB, false, Role::Router);
        const std::size_t last = world.bed.add(Identity{kC, Role::Client, {}, {}, {}, {}}, foreign);
        world.bed.link(1, last);
        world.bed.submit(0, message(1, kBroadcast, 256));
        world.bed.run(60s);
        EXPECT_EQ(world.bed.told<Deliver>(last).size(), firmware == Firmware::V28July ? 0U : 1U);
    }
}

TEST(Relay, of_a_foreign_channel_with_a_familiar_hash_was_lost_in_july) {
    for (const Firmware firmware : {Firmware::V27, Firmware::V28July, Firmware::V28Fixed}) {
        World world(firmware);
        auto foreign = std::make_shared<Settings>(*world.settings);
        Channel twin = *make_channel("swarm", std::vector<std::uint8_t>(32, 7));
        twin.hash = world.settings->channels[0].hash;
        foreign->channels = {twin};
        world.bed.add(Identity{kA, Role::Client, {}, {}, {}, {}}, foreign);
        world.add(kB);
        const std::size_t last = world.bed.add(Identity{kC, Role::Client, {}, {}, {}, {}}, foreign);
        world.bed.link(1, last);
        world.bed.submit(0, message(1, kBroadcast, 256));
        world.bed.run(60s);
        EXPECT_EQ(world.bed.told<Deliver>(last).size(), firmware == Firmware::V28July ? 0U : 1U);
    }
}

TEST(Relay, of_a_foreign_channel_was_repeated_in_july) {
    for (const Firmware firmware : {Firmware::V28July, Firmware::V28Fixed}) {
        World world(firmware);
        auto foreign = std::make_shared<Settings>(*world.settings);
        foreign->channels = {*make_channel("swarm", std::vector<std::uint8_t>(32, 7))};
        world.bed.add(Identity{kA, Role::Client, {}, {}, {}, {}}, foreign);
        world.add(kB);
        world.add(kC);
        Packet far = message(1, kBroadcast, 256);
        far.hop_limit = 7;
        world.bed.submit(0, far);
        world.bed.run(5min);
        const std::size_t relays = world.bed.times_sent(PacketId{1}) - 1;
        if (firmware == Firmware::V28July) {
            EXPECT_GT(relays, 2U) << "b and c answer each other until no hops are left";
        } else {
            EXPECT_EQ(relays, 2U);
        }
    }
}

TEST(RebroadcastMode, says_whose_packets_are_relayed) {
    struct Case {
        RebroadcastMode mode;
        bool ours;
        bool foreign;
    };

    for (const Case& each :
         {Case{RebroadcastMode::All, true, true},
          Case{RebroadcastMode::AllSkipDecoding, true, true},
          Case{RebroadcastMode::LocalOnly, true, false},
          Case{RebroadcastMode::KnownOnly, false, false}, Case{RebroadcastMode::None, false, false},
          Case{RebroadcastMode::CorePortnumsOnly, false, true}}) {
        for (const bool is_foreign : {false, true}) {
            World world(Firmware::V27);
            auto sender = std::make_shared<Settings>(*world.settings);
            if (is_foreign) {
                sender->channels = {*make_channel("swarm", std::vector<std::uint8_t>(32, 7))};
            }
            world.bed.add(Identity{kA, Role::Client, {}, {}, {}, {}}, sender);
            Identity relay;
            relay.self = kB;
            relay.rebroadcast = each.mode;
            world.add(relay);
            world.bed.submit(0, message(1, kBroadcast, 256));
            world.bed.run(30s);
            EXPECT_EQ(world.bed.radio(1).counters().relayed,
                      (is_foreign ? each.foreign : each.ours) ? 1U : 0U)
                << static_cast<int>(each.mode) << " foreign " << is_foreign;
        }
    }
}

TEST(RouterLate, still_relays_after_hearing_another_do_it) {
    World world(Firmware::V27);
    world.add(kA);
    world.add(kB);
    const std::size_t late =
        world.bed.add(Identity{kC, Role::RouterLate, {}, {}, {}, {}}, world.settings);
    world.bed.link(0, 1, -1900);
    world.bed.link(0, late, 1000);
    world.bed.link(1, late, 500);
    world.bed.submit(0, message(1, kBroadcast, mesh::port::kText));
    world.bed.run(60s);
    ASSERT_EQ(world.bed.sent().size(), 3U);
    EXPECT_EQ(world.bed.sent()[2].radio, late);
}

TEST(ClientBase, relays_like_a_router_for_its_favourites_only) {
    for (const bool favoured : {false, true}) {
        World world(Firmware::V27);
        world.add(kA);
        world.add(kB);
        Identity base;
        base.self = kC;
        base.role = Role::ClientBase;
        if (favoured) base.favourites = std::vector<Favourite>{{kA, false}};
        const std::size_t index = world.bed.add(base, world.settings);
        world.bed.link(0, 1, -1900);
        world.bed.link(0, index, 1000);
        world.bed.link(1, index, 500);
        world.bed.submit(0, message(1, kBroadcast, mesh::port::kText));
        world.bed.run(60s);
        ASSERT_GE(world.bed.sent().size(), 2U);
        EXPECT_EQ(world.bed.sent()[1].radio == index, favoured);
    }
}

TEST(HopLimit, is_not_spent_between_routers_that_favour_each_other) {
    World world(Firmware::V27);
    world.add(kA);
    world.add(kB, false, Role::Router);
    Identity second;
    second.self = kC;
    second.role = Role::Router;
    second.favourites = std::vector<Favourite>{{kB, true}};
    world.add(second);
    world.bed.submit(0, message(1, kBroadcast, mesh::port::kText));
    world.bed.run(60s);
    ASSERT_EQ(world.bed.sent().size(), 3U);
    EXPECT_EQ(world.bed.sent()[1].header.hop_limit, 2);
    EXPECT_EQ(world.bed.sent()[2].header.hop_limit, 2) << "from b to c it cost nothing";
}

TEST(EventBuild, relays_two_hops_on_at_most_and_only_the_firmwares_own_ports) {
    World world(Firmware::V27);
    world.settings->event_build = true;
    for (const NodeId id : {kA, kB}) world.add(id);
    Packet far = message(1, kBroadcast, mesh::port::kText);
    far.hop_limit = 7;
    world.bed.submit(0, far);
    world.bed.submit(0, message(2, kBroadcast, 256));
    world.bed.run(60s);
    ASSERT_EQ(world.bed.sent().size(), 3U);
    const auto& relayed =
        world.bed.sent().back().relayed ? world.bed.sent().back() : world.bed.sent()[1];
    EXPECT_EQ(relayed.header.id, PacketId{1});
    EXPECT_EQ(relayed.header.hop_limit, 2);
    EXPECT_EQ(relayed.header.hop_start, 3) << "one hop away, as before";
}

}  // namespace
}  // namespace compot::radio
