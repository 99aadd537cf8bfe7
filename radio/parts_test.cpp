#include <gtest/gtest.h>

#include <deque>
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

TEST(History, forgets_what_was_met_longest_ago) {
    History history(3);
    const auto at = [](int seconds) { return Time{seconds * 1s}; };
    for (std::uint32_t id = 1; id <= 3; ++id) history.insert(NodeId{9}, PacketId{id}, at(0));
    history.touch(*history.find(NodeId{9}, PacketId{1}), at(5));
    history.insert(NodeId{9}, PacketId{4}, at(6));
    EXPECT_NE(history.find(NodeId{9}, PacketId{1}), nullptr);
    EXPECT_EQ(history.find(NodeId{9}, PacketId{2}), nullptr);
    EXPECT_EQ(history.find(NodeId{8}, PacketId{1}), nullptr);
    EXPECT_EQ(history.size(), 3U);
}

TEST(History, finds_what_a_plain_list_would_find) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        SCOPED_TRACE("seed=" + std::to_string(seed));
        Random random(seed);
        History history(50);
        std::deque<std::uint32_t> model;  // the youngest last
        for (int step = 0; step < 3000; ++step) {
            const std::uint32_t id = 1 + random.below(120);
            const auto known = std::find(model.begin(), model.end(), id);
            auto* record = history.find(NodeId{7}, PacketId{id});
            ASSERT_EQ(record != nullptr, known != model.end());
            const Time now{(step + 1) * 1ms};
            if (record != nullptr) {
                ASSERT_EQ(record->hop_limit, id % 8);
                history.touch(*record, now);
                model.erase(known);
            } else {
                history.insert(NodeId{7}, PacketId{id}, now).hop_limit = id % 8;
                if (model.size() == 50) model.pop_front();
            }
            model.push_back(id);
        }
    }
}

TEST(History, remembers_the_last_six_relayers) {
    History history(2);
    auto& record = history.insert(NodeId{1}, PacketId{1}, Time{});
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
