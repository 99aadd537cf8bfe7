#include "radio/radio.hpp"

#include <gtest/gtest.h>

#include <set>

#include "radio/contention.hpp"
#include "radio/golden.hpp"
#include "radio/testbed.hpp"

namespace compot::radio {
namespace {

using mesh::RoutingError;

constexpr NodeId kA{0x000000A1};
constexpr NodeId kB{0x000000B2};
constexpr NodeId kC{0x000000C3};
constexpr NodeId kD{0x000000D4};
constexpr NodeId kE{0x000000E5};

Packet packet(std::uint32_t id, NodeId to = kBroadcast, bool want_ack = false) {
    Packet made;
    made.to = to;
    made.id = PacketId{id};
    made.want_ack = want_ack;
    made.data.portnum = mesh::port::kPrivate;
    for (const char letter : {'h', 'e', 'l', 'l', 'o'}) {
        made.data.payload.push(static_cast<std::uint8_t>(letter));
    }
    return made;
}

/// a - b - c - ... in a row.
Testbed row(std::size_t length, Settings settings = Testbed::default_settings(),
            std::uint64_t seed = 1) {
    Testbed bed(std::move(settings), seed);
    const NodeId names[] = {kA, kB, kC, kD, kE};
    for (std::size_t i = 0; i < length; ++i) {
        bed.add(names[i]);
        if (i > 0) bed.link(i - 1, i);
    }
    return bed;
}

TEST(Radio, sends_a_broadcast_as_the_firmware_encrypts_it) {
    const auto& row = golden::vectors()["frames"][0];
    Settings settings = Testbed::default_settings();
    Testbed bed(settings);
    bed.add(NodeId{row["from"].get<std::uint32_t>()});
    Packet sent;
    sent.id = PacketId{row["id"].get<std::uint32_t>()};
    sent.data.portnum = row["portnum"].get<std::uint32_t>();
    ASSERT_TRUE(sent.data.payload.assign(golden::unhex(row["payload"].get<std::string>())));
    bed.submit(0, sent);
    bed.run(10s);
    ASSERT_EQ(bed.sent().size(), 1U);
    EXPECT_EQ(golden::hex(bed.sent()[0].frame.view()), row["frame"].get<std::string>());
}

TEST(Radio, carries_a_broadcast_over_three_hops_and_delivers_it_once) {
    Testbed bed = row(5);
    bed.submit(0, packet(77));
    bed.run(60s);
    for (std::size_t node = 1; node < 5; ++node) {
        const auto delivered = bed.told<Deliver>(node);
        ASSERT_EQ(delivered.size(), 1U) << node;
        EXPECT_EQ(delivered[0].packet.data, [] {
            mesh::Data data = packet(77).data;
            data.bitfield = 0;
            return data;
        }());
        EXPECT_EQ(delivered[0].packet.from, kA);
        EXPECT_EQ(delivered[0].packet.hop_start - delivered[0].packet.hop_limit,
                  static_cast<int>(node) - 1);
    }
    EXPECT_EQ(bed.times_sent(PacketId{77}), 4U) << "a, b, c and d; e has no hops left to give";
}

TEST(Radio, marks_each_relayed_copy_with_its_own_name) {
    Testbed bed = row(3);
    bed.submit(0, packet(77));
    bed.run(60s);
    ASSERT_GE(bed.sent().size(), 2U);
    EXPECT_EQ(bed.sent()[0].header.relay_node, short_name(kA));
    EXPECT_EQ(bed.sent()[1].header.relay_node, short_name(kB));
    EXPECT_EQ(bed.sent()[1].header.from, kA);
    EXPECT_TRUE(bed.sent()[1].relayed);
}

TEST(Radio, with_no_hops_reaches_neighbours_only) {
    Testbed bed = row(3);
    Packet near = packet(77);
    near.hop_limit = 0;
    bed.submit(0, near);
    bed.run(60s);
    EXPECT_EQ(bed.sent().size(), 1U);
    EXPECT_EQ(bed.sent()[0].header.hop_start, 0);
    EXPECT_EQ(bed.told<Deliver>(1).size(), 1U);
    EXPECT_TRUE(bed.told<Deliver>(2).empty());
}

TEST(Radio, gives_up_its_relay_when_a_neighbour_was_quicker) {
    // b hears a weakly and so relays early; c hears a well, waits long, and hears b.
    Testbed bed;
    bed.add(kA);
    bed.add(kB);
    bed.add(kC);
    bed.link(0, 1, -1900);
    bed.link(0, 2, 1000);
    bed.link(1, 2, 500);
    std::size_t cancelled = 0;
    for (std::uint32_t id = 1; id <= 20; ++id) {
        bed.submit(0, packet(id));
        bed.run(60s);
        cancelled += bed.times_sent(PacketId{id}) == 2 ? 1U : 0U;
    }
    EXPECT_GE(cancelled, 16U) << "only windows that happen to overlap let both relay";
    EXPECT_EQ(bed.radio(2).counters().relays_cancelled, cancelled);
}

TEST(Radio, as_a_router_relays_although_others_were_quicker) {
    Testbed bed;
    bed.add(kA);
    bed.add(kB);
    bed.add(kC, Role::Router);
    bed.link(0, 1, -1900);
    bed.link(0, 2, 1000);
    bed.link(1, 2, 500);
    Packet text = packet(5);
    text.data.portnum = mesh::port::kText;
    bed.submit(0, text);
    bed.run(60s);
    EXPECT_EQ(bed.radio(2).counters().relayed, 1U);
    ASSERT_GE(bed.sent().size(), 2U);
    EXPECT_EQ(bed.sent()[1].radio, 2U) << "the router's window comes first";
}

TEST(Radio, as_a_mute_client_relays_nothing) {
    Testbed bed;
    bed.add(kA);
    bed.add(kB, Role::ClientMute);
    bed.add(kC);
    bed.link(0, 1);
    bed.link(1, 2);
    bed.submit(0, packet(5));
    bed.run(60s);
    EXPECT_EQ(bed.told<Deliver>(1).size(), 1U);
    EXPECT_TRUE(bed.told<Deliver>(2).empty());
}

TEST(Radio, relays_what_it_cannot_read) {
    auto shared = Testbed::default_settings();
    Testbed bed(shared);
    auto foreign = std::make_shared<Settings>(shared);
    foreign->channels = {*make_channel("else", golden::unhex("0102030405060708090a0b0c0d0e0f10"))};
    bed.add(kA);
    Identity b;
    b.self = kB;
    bed.add(b, foreign);
    bed.add(kC);
    bed.link(0, 1);
    bed.link(1, 2);
    bed.submit(0, packet(5));
    bed.run(60s);
    EXPECT_TRUE(bed.told<Deliver>(1).empty());
    EXPECT_EQ(bed.told<Deliver>(2).size(), 1U);
}

TEST(Radio, draws_its_delays_from_the_window_of_the_copy_it_heard) {
    const Duration slot = air::slot(air::Modem{});
    for (const int level : {-2000, -1000, 0, 1000}) {
        const auto snr = static_cast<std::int16_t>(level);
        const Window window = relay_window(snr, false);
        std::set<std::int64_t> seen;
        for (std::uint64_t seed = 1; seed <= 40; ++seed) {
            Testbed bed(Testbed::default_settings(), seed);
            bed.add(kA);
            bed.add(kB);
            bed.link(0, 1, snr);
            bed.submit(0, packet(9));
            bed.run(60s);
            ASSERT_EQ(bed.sent().size(), 2U);
            const Duration airtime = *air::airtime(air::Modem{}, bed.sent()[0].frame.size());
            const Duration wait =
                bed.sent()[1].at - bed.sent()[0].at - airtime - 2 * air::symbol(air::Modem{});
            EXPECT_EQ(wait % slot, 0us) << "seed=" << seed;
            EXPECT_GE(wait / slot, window.first);
            EXPECT_LE(wait / slot, window.last());
            seen.insert(wait / slot);
        }
        EXPECT_GT(seen.size(), 4U);
    }
}

TEST(Radio, confirms_a_packet_over_two_hops_first_by_relay_then_by_the_destination) {
    Testbed bed = row(3);
    bed.submit(0, packet(8, kC, true));
    bed.run(60s);
    const auto settled = bed.told<Settled>(0);
    ASSERT_EQ(settled.size(), 2U);
    EXPECT_EQ(settled[0].id.value, 8U);
    EXPECT_EQ(settled[0].by, kA) << "implicit: b was heard relaying it";
    EXPECT_EQ(settled[1].by, kC);
    EXPECT_EQ(settled[1].error, RoutingError::NoError);
    EXPECT_EQ(bed.times_sent(PacketId{8}), 2U);
}

TEST(Radio, confirms_a_neighbours_packet_by_its_acknowledgement_alone) {
    Testbed bed = row(2);
    bed.submit(0, packet(8, kB, true));
    bed.run(60s);
    const auto settled = bed.told<Settled>(0);
    ASSERT_EQ(settled.size(), 1U);
    EXPECT_EQ(settled[0].by, kB);
}

TEST(Radio, sends_three_times_in_all_and_then_gives_up) {
    Testbed bed = row(2);
    bed.cut(0, 1);
    bed.submit(0, packet(8, kB, true));
    bed.run(60s);
    EXPECT_EQ(bed.times_sent(PacketId{8}), 3U);
    for (std::size_t i = 1; i < bed.sent().size(); ++i) {
        const Duration gap = bed.sent()[i].at - bed.sent()[i - 1].at;
        EXPECT_GT(gap, 6s);
        EXPECT_LT(gap, 8s);
    }
    const auto settled = bed.told<Settled>(0);
    ASSERT_EQ(settled.size(), 1U);
    EXPECT_EQ(settled[0].error, RoutingError::MaxRetransmit);
    EXPECT_EQ(settled[0].by, kA);
}

TEST(Radio, holds_sixteen_packets_and_refuses_the_next) {
    Testbed bed = row(1);
    for (std::uint32_t id = 1; id <= 20; ++id) bed.submit(0, packet(id));
    const auto queued = bed.told<Queued>(0);
    ASSERT_EQ(queued.size(), 20U);
    for (std::size_t i = 0; i < 20; ++i) {
        EXPECT_EQ(queued[i].error, i < 16 ? RoutingError::NoError : RoutingError::BadRequest);
    }
    bed.run(120s);
    EXPECT_EQ(bed.sent().size(), 16U);
    for (std::size_t i = 0; i < 16; ++i) EXPECT_EQ(bed.sent()[i].header.id.value, i + 1);
}

TEST(Radio, lets_an_urgent_packet_take_the_place_of_a_less_urgent_one) {
    Testbed bed = row(1);
    for (std::uint32_t id = 1; id <= 16; ++id) bed.submit(0, packet(id));
    Packet alert = packet(99);
    alert.priority = Priority::Alert;
    bed.submit(0, alert);
    bed.run(120s);
    EXPECT_EQ(bed.sent().size(), 16U);
    EXPECT_EQ(bed.sent()[0].header.id.value, 99U);
    EXPECT_EQ(bed.times_sent(PacketId{16}), 0U);
}

TEST(Radio, refuses_what_cannot_be_sent) {
    Testbed bed = row(1);
    Packet wrong = packet(1);
    wrong.channel = 5;
    bed.submit(0, wrong);
    Packet large = packet(2);
    large.data.payload.resize(232);
    bed.submit(0, large);
    bed.run(60s);
    const auto queued = bed.told<Queued>(0);
    ASSERT_EQ(queued.size(), 2U);
    EXPECT_EQ(queued[0].error, RoutingError::NoChannel);
    EXPECT_EQ(queued[1].error, RoutingError::TooLarge);
    EXPECT_TRUE(bed.sent().empty());
}

TEST(Radio, sends_the_largest_payload) {
    Testbed bed = row(2);
    Packet large = packet(2);
    large.data.payload.resize(231);
    bed.submit(0, large);
    bed.run(60s);
    ASSERT_EQ(bed.told<Deliver>(1).size(), 1U);
    EXPECT_EQ(bed.sent()[0].frame.size(), kFrameBytesMax);
}

TEST(Radio, never_sends_two_frames_at_once_and_waits_for_a_busy_channel) {
    Testbed bed;
    for (std::uint32_t i = 0; i < 4; ++i) bed.add(NodeId{0x100 + i});
    for (std::size_t a = 0; a < 4; ++a) {
        for (std::size_t b = a + 1; b < 4; ++b) bed.link(a, b);
    }
    for (std::uint32_t i = 0; i < 12; ++i) {
        Packet near = packet(i + 1);
        near.hop_limit = 0;
        bed.submit(i % 4, near);
    }
    bed.run(120s);
    EXPECT_EQ(bed.sent().size(), 12U);
    std::size_t overlaps = 0;
    for (std::size_t i = 1; i < bed.sent().size(); ++i) {
        const Duration airtime = *air::airtime(air::Modem{}, bed.sent()[i - 1].frame.size());
        overlaps += bed.sent()[i].at < bed.sent()[i - 1].at + airtime ? 1U : 0U;
    }
    EXPECT_LE(overlaps, 2U) << "only senders that drew the same slot collide";
}

TEST(Radio, drops_garbage_and_counts_it) {
    Testbed bed = row(1);
    bed.inject(0, Frame{1, 2, 3});
    Frame from_nobody;
    from_nobody.resize(30);
    bed.inject(0, from_nobody);
    EXPECT_EQ(bed.radio(0).counters().malformed, 2U);
    EXPECT_EQ(bed.radio(0).verdict(), Verdict::Malformed);
    bed.run(10s);
    EXPECT_TRUE(bed.sent().empty());
}

TEST(Radio, measures_how_busy_the_channel_is) {
    Testbed bed = row(2);
    bed.submit(0, packet(1));
    bed.run(20s);
    const Duration airtime = *air::airtime(air::Modem{}, bed.sent()[0].frame.size());
    const auto expected = 2 * to_us(airtime) * 1000 / 60'000'000;
    EXPECT_EQ(bed.radio(0).busy_permille(bed.now()), expected) << "its own and the relay of it";
    EXPECT_EQ(bed.radio(0).duty_permille(bed.now()), to_us(airtime) / 3'600'000);
    bed.run(60s);
    EXPECT_EQ(bed.radio(0).busy_permille(bed.now()), 0);
}

TEST(Radio, with_encryption_off_behaves_alike) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        Settings plain = Testbed::default_settings();
        plain.encrypts = false;
        Testbed with = row(5, Testbed::default_settings(), seed);
        Testbed without = row(5, plain, seed);
        for (Testbed* bed : {&with, &without}) {
            bed->submit(0, packet(8, kD, true));
            bed->submit(4, packet(9));
            bed->run(120s);
        }
        ASSERT_EQ(with.sent().size(), without.sent().size());
        for (std::size_t i = 0; i < with.sent().size(); ++i) {
            EXPECT_EQ(with.sent()[i].at, without.sent()[i].at);
            EXPECT_EQ(with.sent()[i].header, without.sent()[i].header);
        }
    }
}

TEST(Radio, does_the_same_again_with_the_same_seed) {
    Testbed first = row(5, Testbed::default_settings(), 42);
    Testbed second = row(5, Testbed::default_settings(), 42);
    Testbed other = row(5, Testbed::default_settings(), 43);
    for (Testbed* bed : {&first, &second, &other}) {
        bed->submit(0, packet(8));
        bed->run(60s);
    }
    ASSERT_EQ(first.sent().size(), second.sent().size());
    for (std::size_t i = 0; i < first.sent().size(); ++i) {
        EXPECT_EQ(first.sent()[i].at, second.sent()[i].at);
        EXPECT_EQ(first.sent()[i].frame, second.sent()[i].frame);
    }
    EXPECT_NE(first.sent()[1].at, other.sent()[1].at);
}

}  // namespace
}  // namespace compot::radio
