#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "core/base/random.hpp"
#include "radio/airlog.hpp"
#include "radio/cipher.hpp"
#include "radio/golden.hpp"
#include "radio/history.hpp"
#include "radio/peers.hpp"
#include "radio/queue.hpp"

namespace compot::radio {
namespace {

TEST(Cipher, equals_the_firmwares_bytes) {
    for (const auto* list :
         {&golden::vectors()["frames"], &golden::vectors()["xeddsa"]["frames"]}) {
        for (const auto& row : *list) {
            if (row["rc"].get<int>() != 0) continue;
            ChannelKey key;
            ASSERT_TRUE(key.assign(golden::unhex(row["key"].get<std::string>())));
            auto bytes = golden::unhex(row["data_proto"].get<std::string>());
            crypt_channel(key, NodeId{row["from"].get<std::uint32_t>()},
                          PacketId{row["id"].get<std::uint32_t>()}, bytes);
            EXPECT_EQ(golden::hex(bytes), row["frame"].get<std::string>().substr(2 * kHeaderBytes));
        }
    }
}

TEST(Cipher, leaves_bytes_alone_without_a_key) {
    std::vector<std::uint8_t> bytes{1, 2, 3};
    crypt_channel(ChannelKey{}, NodeId{1}, PacketId{2}, bytes);
    EXPECT_EQ(bytes, (std::vector<std::uint8_t>{1, 2, 3}));
}

History::Record with_hops(std::uint8_t hop_limit) {
    History::Record record;
    record.hop_limit = hop_limit;
    return record;
}

TEST(History, forgets_what_was_met_longest_ago) {
    History history(3);
    for (std::uint32_t id = 1; id <= 3; ++id) history.insert(NodeId{9}, PacketId{id}, {});
    history.renew(history.find(NodeId{9}, PacketId{1}), with_hops(2));
    history.insert(NodeId{9}, PacketId{4}, {});
    ASSERT_NE(history.find(NodeId{9}, PacketId{1}), History::kNowhere);
    EXPECT_EQ(history.at(history.find(NodeId{9}, PacketId{1})).hop_limit, 2);
    EXPECT_EQ(history.find(NodeId{9}, PacketId{2}), History::kNowhere);
    EXPECT_EQ(history.find(NodeId{8}, PacketId{1}), History::kNowhere);
    EXPECT_EQ(history.size(), 3U);
}

/// A list of records as they are, the youngest last.
struct Known {
    NodeId from;
    std::uint32_t id = 0;
    History::Record record;
};

bool same(const History::Record& a, const History::Record& b) {
    return a.next_hop == b.next_hop && a.hop_limit == b.hop_limit &&
           a.own_hop_limit == b.own_hop_limit && a.relayers == b.relayers;
}

History::Record any_record(Random& random) {
    History::Record record = with_hops(static_cast<std::uint8_t>(random.below(8)));
    if (random.below(4) == 0) record.next_hop = static_cast<std::uint8_t>(random.below(256));
    if (random.below(2) == 0) record.sent_by(77, static_cast<std::uint8_t>(random.below(8)));
    for (std::uint32_t i = random.below(8); i > 0; --i)
        record.add_relayer(static_cast<std::uint8_t>(random.below(256)));
    return record;
}

/// One random step on a history and on a plain list, which must agree.
void step(Random& random, History& history, std::deque<Known>& model, std::size_t capacity) {
    const NodeId from{7 + random.below(3)};
    const std::uint32_t id = 1 + random.below(50);
    const auto known = std::find_if(model.begin(), model.end(), [&](const Known& each) {
        return each.from == from && each.id == id;
    });
    const auto place = history.find(from, PacketId{id});
    ASSERT_EQ(place != History::kNowhere, known != model.end());
    const History::Record record = any_record(random);
    if (known == model.end()) {
        history.insert(from, PacketId{id}, record);
        if (model.size() == capacity) model.pop_front();
        model.push_back({from, id, record});
        return;
    }
    ASSERT_TRUE(same(history.at(place), known->record));
    if (random.below(2) == 0) {
        history.put(place, record);
        known->record = record;
        return;
    }
    history.renew(place, record);
    model.erase(known);
    model.push_back({from, id, record});
}

TEST(History, keeps_what_a_plain_list_would_keep) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        SCOPED_TRACE("seed=" + std::to_string(seed));
        Random random(seed);
        const auto names = std::make_shared<Names>();
        std::deque<Known> model;
        std::deque<Known> others;
        {
            History history(50, 77, names);
            History other(20, kNoHop, names);
            for (int i = 0; i < 3000 && !HasFatalFailure(); ++i) {
                step(random, history, model, 50);
                step(random, other, others, 20);
            }
            EXPECT_LE(names->size(), 70U);
        }
        EXPECT_EQ(names->size(), 0U) << "with the histories everything is forgotten";
    }
}

TEST(History, remembers_the_last_six_relayers) {
    History::Record record;
    record.add_relayer(10);
    EXPECT_TRUE(record.relayed_only_by(10));
    for (std::uint8_t node = 11; node <= 16; ++node) record.add_relayer(node);
    EXPECT_FALSE(record.relayed_by(10));
    EXPECT_TRUE(record.relayed_by(11));
    EXPECT_FALSE(record.relayed_only_by(16));
    EXPECT_FALSE(record.relayed_by(kNoHop));
}

WaitingList waiting(std::uint32_t id, Priority priority, bool own = true, bool late = false) {
    WaitingList made(1);
    Waiting& item = made.front();
    item.header.from = NodeId{1};
    item.header.id = PacketId{id};
    item.priority = priority;
    item.own = own;
    if (late) item.not_before = Time{1s};
    return made;
}

TEST(Queue, serves_the_urgent_then_relays_then_in_order_of_arrival) {
    Queue queue;
    WaitingList evicted;
    ASSERT_TRUE(queue.push(waiting(1, Priority::Default), evicted));
    ASSERT_TRUE(queue.push(waiting(2, Priority::Ack, false, true), evicted));
    ASSERT_TRUE(queue.push(waiting(3, Priority::Default), evicted));
    ASSERT_TRUE(queue.push(waiting(4, Priority::Default, false), evicted));
    ASSERT_TRUE(queue.push(waiting(5, Priority::High), evicted));
    EXPECT_EQ(queue.size(), 5U);
    std::vector<std::uint32_t> order;
    while (!queue.empty()) order.push_back(queue.pop().front().header.id.value);
    EXPECT_EQ(order, (std::vector<std::uint32_t>{5, 4, 1, 3, 2}));
}

TEST(Queue, when_full_gives_up_the_least_urgent_or_nothing) {
    Queue queue;
    WaitingList evicted;
    for (std::uint32_t id = 1; id <= kQueueMax; ++id) {
        ASSERT_TRUE(queue.push(
            waiting(id, id == kQueueMax ? Priority::Background : Priority::Default), evicted));
    }
    EXPECT_FALSE(queue.push(waiting(50, Priority::Background), evicted));
    EXPECT_TRUE(queue.push(waiting(51, Priority::Default), evicted));
    ASSERT_FALSE(evicted.empty());
    EXPECT_EQ(evicted.front().header.id.value, kQueueMax);
    EXPECT_FALSE(queue.push(waiting(52, Priority::Default), evicted));
    EXPECT_EQ(queue.free(), 0U);
    EXPECT_FALSE(queue.remove(NodeId{1}, PacketId{51}).empty());
    EXPECT_TRUE(queue.remove(NodeId{1}, PacketId{51}).empty());
}

TEST(Queue, when_full_gives_up_a_late_one_only_if_all_others_are_as_urgent) {
    Queue queue;
    WaitingList evicted;
    for (std::uint32_t id = 1; id <= kQueueMax - 2; ++id)
        ASSERT_TRUE(queue.push(waiting(id, Priority::Default), evicted));
    ASSERT_TRUE(queue.push(waiting(30, Priority::Background, false, true), evicted));
    ASSERT_TRUE(queue.push(waiting(31, Priority::Min, false, true), evicted));
    ASSERT_TRUE(queue.push(waiting(40, Priority::Default), evicted));
    EXPECT_EQ(evicted.front().header.id.value, 31U) << "the last of the late ones";
    ASSERT_TRUE(queue.push(waiting(41, Priority::High), evicted));
    EXPECT_EQ(evicted.front().header.id.value, 40U)
        << "before a late one the last that is not late";
    EXPECT_FALSE(queue.remove(NodeId{1}, PacketId{30}).empty());
}

TEST(Names, are_found_until_the_last_who_remembers_them_drops_them) {
    Names names;
    std::vector<Names::Name> taken;
    for (std::uint32_t id = 0; id < 300; ++id) taken.push_back(names.take(NodeId{7}, PacketId{id}));
    EXPECT_EQ(names.take(NodeId{7}, PacketId{5}), taken[5]);
    EXPECT_EQ(names.size(), 300U);
    for (const Names::Name name : taken) names.drop(name);
    EXPECT_EQ(names.size(), 1U);
    EXPECT_EQ(names.find(NodeId{7}, PacketId{5}), taken[5]);
    EXPECT_EQ(names.find(NodeId{7}, PacketId{6}), Names::kUnknown);
    for (std::uint32_t id = 0; id < 300; ++id)
        EXPECT_LT(names.take(NodeId{8}, PacketId{id}), 301U) << "places are used again";
    EXPECT_EQ(names.find(NodeId{7}, PacketId{5}), taken[5]);
}

TEST(History, of_a_world_with_very_many_packets_keeps_them_apart) {
    const auto names = std::make_shared<Names>();
    constexpr std::uint32_t kMany = 70'000;  // two histories that remember more than 65536
    History others(60'000, kNoHop, names);
    History more(10'000, kNoHop, names);
    for (std::uint32_t id = 0; id < kMany; ++id)
        (id < 60'000 ? others : more).insert(NodeId{1}, PacketId{id}, {});
    History history(4, kNoHop, names);
    history.insert(NodeId{1}, PacketId{3}, with_hops(3));
    history.insert(NodeId{1}, PacketId{65'539}, with_hops(5));  // differ in the high half alone
    history.insert(NodeId{2}, PacketId{1}, with_hops(1));
    ASSERT_EQ(names->find(NodeId{1}, PacketId{65'539}) & 0xFFFFU,
              names->find(NodeId{1}, PacketId{3}) & 0xFFFFU);
    EXPECT_EQ(history.at(history.find(NodeId{1}, PacketId{3})).hop_limit, 3);
    EXPECT_EQ(history.at(history.find(NodeId{1}, PacketId{65'539})).hop_limit, 5);
    EXPECT_EQ(history.at(history.find(NodeId{2}, PacketId{1})).hop_limit, 1);
    EXPECT_EQ(history.find(NodeId{1}, PacketId{4}), History::kNowhere);
}

TEST(Peers, when_full_forgets_who_was_heard_longest_ago_with_all_that_was_known_of_it) {
    Peers peers(3);
    peers.heard_directly(NodeId{0x101}, Time{1h});
    peers.set_introduced(NodeId{0x101});
    peers.set_next_hop(NodeId{0x101}, {0x55, 1, Time{2h}});
    peers.heard_directly(NodeId{0x102}, Time{200h});
    peers.set_signs(NodeId{0x102});
    peers.heard_directly(NodeId{0x103}, Time{201h});
    EXPECT_TRUE(peers.introduced(NodeId{0x101}));
    EXPECT_FALSE(peers.signs(NodeId{0x101}));
    EXPECT_EQ(peers.next_hop(NodeId{0x101}).relay, 0x55);
    EXPECT_EQ(peers.next_hop(NodeId{0x102}).relay, kNoHop);
    EXPECT_TRUE(peers.unique_neighbour(0x02, Time{202h}));
    EXPECT_FALSE(peers.unique_neighbour(0x02, Time{202h} + 1us)) << "two hours ago";
    peers.heard_directly(NodeId{0x204}, Time{202h});
    EXPECT_FALSE(peers.introduced(NodeId{0x101}));
    EXPECT_EQ(peers.next_hop(NodeId{0x101}).relay, kNoHop);
    EXPECT_TRUE(peers.signs(NodeId{0x102}));
    peers.set_next_hop(NodeId{0x204}, {0x66, 0, Time{202h}});
    EXPECT_EQ(peers.next_hop(NodeId{0x204}).relay, 0x66);
}

TEST(AirLog, adds_up_the_last_minute_and_the_last_hour) {
    AirLog log;
    log.add_received(6s, Time{5s});
    EXPECT_EQ(log.busy_permille(Time{9s}), 100);
    log.add_sent(3s, Time{12s});
    EXPECT_EQ(log.busy_permille(Time{59s}), 150);
    EXPECT_EQ(log.busy_permille(Time{60s}), 50) << "the first ten seconds are out";
    EXPECT_EQ(log.busy_permille(Time{100s}), 0);
    EXPECT_EQ(log.duty_permille(Time{3599s}), 0) << "3 s of an hour are 0.8 permille";
    log.add_sent(36s, Time{1800s});
    EXPECT_EQ(log.duty_permille(Time{3599s}), 10);
    EXPECT_EQ(log.duty_permille(Time{3600s}), 10);
    EXPECT_EQ(log.duty_permille(Time{5400s}), 0);
}

}  // namespace
}  // namespace compot::radio
