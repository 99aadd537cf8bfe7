#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <string>

#include "core/base/random.hpp"
#include "radio/airlog.hpp"
#include "radio/cipher.hpp"
#include "radio/golden.hpp"
#include "radio/history.hpp"
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

std::unique_ptr<Waiting> waiting(std::uint32_t id, Priority priority, bool own = true,
                                 bool late = false) {
    auto item = std::make_unique<Waiting>();
    item->header.from = NodeId{1};
    item->header.id = PacketId{id};
    item->priority = priority;
    item->own = own;
    if (late) item->not_before = Time{1s};
    return item;
}

TEST(Queue, serves_the_urgent_then_relays_then_in_order_of_arrival) {
    Queue queue;
    std::unique_ptr<Waiting> evicted;
    ASSERT_TRUE(queue.push(waiting(1, Priority::Default), &evicted));
    ASSERT_TRUE(queue.push(waiting(2, Priority::Ack, false, true), &evicted));
    ASSERT_TRUE(queue.push(waiting(3, Priority::Default), &evicted));
    ASSERT_TRUE(queue.push(waiting(4, Priority::Default, false), &evicted));
    ASSERT_TRUE(queue.push(waiting(5, Priority::High), &evicted));
    std::vector<std::uint32_t> order;
    while (!queue.empty()) order.push_back(queue.pop()->header.id.value);
    EXPECT_EQ(order, (std::vector<std::uint32_t>{5, 4, 1, 3, 2}));
}

TEST(Queue, when_full_gives_up_the_least_urgent_or_nothing) {
    Queue queue;
    std::unique_ptr<Waiting> evicted;
    for (std::uint32_t id = 1; id <= kQueueMax; ++id) {
        ASSERT_TRUE(queue.push(
            waiting(id, id == kQueueMax ? Priority::Background : Priority::Default), &evicted));
    }
    EXPECT_FALSE(queue.push(waiting(50, Priority::Background), &evicted));
    EXPECT_TRUE(queue.push(waiting(51, Priority::Default), &evicted));
    ASSERT_NE(evicted, nullptr);
    EXPECT_EQ(evicted->header.id.value, kQueueMax);
    EXPECT_FALSE(queue.push(waiting(52, Priority::Default), &evicted));
    EXPECT_EQ(queue.free(), 0U);
    EXPECT_NE(queue.remove(NodeId{1}, PacketId{51}), nullptr);
    EXPECT_EQ(queue.remove(NodeId{1}, PacketId{51}), nullptr);
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
