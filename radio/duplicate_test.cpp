#include <gtest/gtest.h>

#include <algorithm>

#include "radio/testbed.hpp"

/// A packet heard a second time: mostly that ends our relay of it, but not always.

namespace compot::radio {
namespace {

constexpr NodeId kUs{0x579BAF4A};
constexpr NodeId kThem{0x3765846D};
constexpr NodeId kFar{0x3CF3D6A4};
constexpr std::uint8_t kNear = 0x77;  ///< a neighbour's short name

Settings plain() {
    Settings settings = Testbed::default_settings();
    settings.encrypts = false;
    return settings;
}

struct Copy {
    std::uint8_t hop_limit = 3;
    std::uint8_t hop_start = 3;
    std::uint8_t relay_node = short_name(kThem);
    std::uint8_t next_hop = kNoHop;
    NodeId to = kBroadcast;
    bool want_ack = false;
};

Frame frame(const Copy& copy) {
    Header header;
    header.to = copy.to;
    header.from = kThem;
    header.id = PacketId{7};
    header.hop_limit = copy.hop_limit;
    header.hop_start = copy.hop_start;
    header.relay_node = copy.relay_node;
    header.next_hop = copy.next_hop;
    header.want_ack = copy.want_ack;
    header.channel_hash = default_channel("LongFast").hash;
    Frame made;
    EXPECT_TRUE(made.assign(encode(header)));
    for (const int byte : {0x08, 0x80, 0x02, 0x12, 0x01, 0x41, 0x48, 0x00}) {
        made.push(static_cast<std::uint8_t>(byte));
    }
    return made;
}

struct Bench {
    Bench() : bed(plain()) { bed.add(kUs); }

    void hear(const Copy& copy) { bed.inject(0, frame(copy)); }

    [[nodiscard]] std::vector<Header> sent() {
        bed.run(30s);
        std::vector<Header> headers;
        for (const auto& each : bed.sent()) headers.push_back(each.header);
        return headers;
    }

    Testbed bed;
};

TEST(Duplicate, of_a_relay_ends_ours) {
    Bench bench;
    bench.hear({});
    bench.hear({.hop_limit = 2, .relay_node = kNear});
    EXPECT_TRUE(bench.sent().empty());
    EXPECT_EQ(bench.bed.radio(0).counters().relays_cancelled, 1U);
}

TEST(Duplicate, with_more_hops_left_takes_the_place_of_the_one_that_waits) {
    Bench bench;
    bench.hear({.hop_limit = 1, .relay_node = kNear});
    bench.hear({.hop_limit = 3});
    const auto sent = bench.sent();
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_EQ(sent[0].hop_limit, 2);
}

TEST(Duplicate, with_more_hops_left_is_not_relayed_twice) {
    Bench bench;
    bench.hear({.hop_limit = 1, .relay_node = kNear});
    EXPECT_EQ(bench.sent().size(), 1U);
    bench.hear({.hop_limit = 2, .relay_node = kNear});
    EXPECT_EQ(bench.sent().size(), 1U);
}

TEST(Duplicate, from_the_originator_itself_is_relayed_again_once_ours_has_gone) {
    Bench bench;
    bench.hear({});
    EXPECT_EQ(bench.sent().size(), 1U);
    bench.hear({});
    EXPECT_EQ(bench.sent().size(), 2U);
}

TEST(Duplicate, from_the_originator_of_a_packet_to_us_is_confirmed_again_to_neighbours) {
    Bench bench;
    bench.hear({.to = kUs, .want_ack = true});
    EXPECT_EQ(bench.sent().size(), 1U);
    bench.hear({.to = kUs, .want_ack = true});
    const auto sent = bench.sent();
    ASSERT_EQ(sent.size(), 2U);
    EXPECT_EQ(sent[1].hop_limit, 0);
    EXPECT_EQ(bench.bed.told<Deliver>(0).size(), 1U) << "delivered once";
}

TEST(Duplicate, that_falls_back_to_flooding_is_relayed_after_all) {
    Bench bench;
    bench.hear({.next_hop = kNear, .to = kFar});
    EXPECT_TRUE(bench.sent().empty()) << "it was for another to relay";
    bench.hear({.hop_limit = 2, .relay_node = 0x55, .to = kFar});
    EXPECT_EQ(bench.sent().size(), 1U);
}

TEST(Duplicate, that_falls_back_is_left_alone_when_its_next_hop_had_carried_it) {
    Bench bench;
    bench.hear({.next_hop = short_name(kUs), .to = kFar});
    EXPECT_FALSE(bench.sent().empty()) << "it was for us to relay";
    const std::size_t before = bench.bed.sent().size();
    bench.hear({.hop_limit = 1, .relay_node = 0x55, .to = kFar});
    EXPECT_EQ(bench.sent().size(), before);
}

TEST(Duplicate, does_not_end_a_relay_that_we_were_asked_for) {
    Bench bench;
    bench.hear({.next_hop = short_name(kUs), .to = kFar});
    bench.hear({.hop_limit = 2, .relay_node = kNear, .next_hop = kNear, .to = kFar});
    EXPECT_EQ(bench.sent().size(), 1U);
}

}  // namespace
}  // namespace compot::radio
