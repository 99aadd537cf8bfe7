#include "core/registry/registry.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "core/base/doc_bytes_test.hpp"
#include "core/base/random.hpp"

namespace compot::registry {
namespace {

constexpr NodeId kSelf{100};

Time at(std::int64_t seconds) { return Time{} + std::chrono::seconds{seconds}; }

Record record(std::uint32_t node, std::uint16_t version = 1, std::uint16_t capabilities = kCamera,
              std::uint8_t battery = 80) {
    Record out;
    out.node = NodeId{node};
    out.version = version;
    out.role = 2;
    out.capabilities = capabilities;
    out.battery_percent = battery;
    out.x = 3;
    out.y = 4;
    out.models = {11, 22};
    out.firmware = {1, 2, 3, 4, 5, 6, 7, 8};
    return out;
}

TEST(Record, comes_back_from_its_bytes) {
    const RecordBytes bytes = encode(record(7));
    EXPECT_EQ(bytes.size(), 21U + 8U);
    const Result<Record> back = parse_record(bytes.view());
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(*back, record(7));
    EXPECT_LE(kRecordBytesMax, 60U);
}

TEST(Record, has_the_bytes_of_the_document) {
    Record compot = record(0xC0117070, 3, kCamera | kSceneModel | kBackhaul | kMoves, 96);
    compot.models = {0x5CE4E001};
    EXPECT_EQ(doc_bytes("doc/ledger.md", "capability-record"), hex(encode(compot).view()));
}

TEST(Record, is_refused_when_it_ends_early_or_late) {
    const RecordBytes bytes = encode(record(7));
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(parse_record(bytes.view().first(size)).ok()) << size;
    std::vector<std::uint8_t> longer(bytes.begin(), bytes.end());
    longer.push_back(0);
    EXPECT_EQ(parse_record(longer).error(), Error::Malformed);
}

TEST(Record, is_refused_with_values_that_it_cannot_have) {
    const RecordBytes good = encode(record(7));
    const auto refused = [&good](std::size_t place, std::vector<std::uint8_t> values) {
        RecordBytes bytes = good;
        for (const std::uint8_t value : values) bytes[place++] = value;
        return !parse_record(bytes.view()).ok();
    };
    EXPECT_TRUE(refused(0, {0, 0, 0, 0}));
    EXPECT_TRUE(refused(0, {255, 255, 255, 255}));
    EXPECT_TRUE(refused(4, {0, 0}));
    EXPECT_TRUE(refused(9, {101}));
    EXPECT_TRUE(refused(12, {5}));
    EXPECT_TRUE(refused(13, {22, 0, 0, 0, 11, 0, 0, 0})) << "models not ascending";
    EXPECT_TRUE(refused(13, {22, 0, 0, 0, 22, 0, 0, 0})) << "a model twice";
}

TEST(Registry, takes_the_newest_record) {
    Registry registry(kSelf);
    EXPECT_TRUE(registry.merge(record(7, 2), at(0)));
    EXPECT_FALSE(registry.merge(record(7, 1), at(1)));
    EXPECT_FALSE(registry.merge(record(7, 2), at(1)));
    EXPECT_TRUE(registry.merge(record(7, 3), at(1)));
    EXPECT_EQ(registry.find(NodeId{7})->record.version, 3);
    EXPECT_EQ(registry.find(NodeId{8}), nullptr);
}

TEST(Registry, agrees_in_any_order) {
    std::vector<Record> records;
    for (std::uint32_t node = 1; node <= 4; ++node)
        for (std::uint16_t version = 1; version <= 2; ++version)
            for (const std::uint8_t battery : {std::uint8_t{20}, std::uint8_t{30}})
                records.push_back(record(node, version, kCamera, battery));
    constexpr std::uint64_t kSeed = 3;
    Random random(kSeed);
    std::uint64_t digest = 0;
    for (int order = 0; order < 200; ++order) {
        for (std::size_t i = records.size(); i > 1; --i)
            std::swap(records[i - 1], records[random.below(static_cast<std::uint32_t>(i))]);
        Registry registry(kSelf);
        for (const Record& one : records) registry.merge(one, at(0));
        if (order == 0) digest = registry.digest();
        ASSERT_EQ(registry.digest(), digest) << "seed=" << kSeed;
    }
    EXPECT_NE(digest, 0U);
}

TEST(Registry, asks_the_fresh_before_the_near_and_the_near_before_the_full) {
    Registry registry(kSelf);
    const auto know = [&registry](std::uint32_t node, std::uint8_t battery, std::int64_t heard,
                                  std::uint8_t hops) {
        registry.merge(record(node, 1, kCamera | kSceneModel, battery), at(0));
        registry.heard(NodeId{node}, at(heard), hops);
    };
    know(1, 100, 10, 0);  // unheard for long
    know(2, 10, 600, 0);  // nearly empty
    know(3, 50, 600, 2);
    know(4, 60, 600, 1);
    know(5, 70, 600, 1);
    know(6, 70, 600, 1);
    const auto asked = [&registry](std::initializer_list<std::uint32_t> silent) {
        Registry copy = registry;
        for (const std::uint32_t node : silent)
            copy.merge(record(node, 2, 0), at(600));  // it can't any more
        return copy.best_helper(kCamera | kSceneModel, at(601));
    };
    EXPECT_EQ(asked({}), NodeId{5});
    EXPECT_EQ(asked({5}), NodeId{6});
    EXPECT_EQ(asked({5, 6}), NodeId{4});
    EXPECT_EQ(asked({5, 6, 4}), NodeId{3});
    EXPECT_EQ(asked({5, 6, 4, 3}), NodeId{2});
    EXPECT_EQ(asked({5, 6, 4, 3, 2}), NodeId{1});
    EXPECT_EQ(registry.best_helper(kBackhaul, at(601)), std::nullopt);
    EXPECT_EQ(registry.best_helper(kCamera, at(600) + kStale + 1s), std::nullopt);
}

TEST(Registry, never_asks_itself) {
    Registry registry(kSelf);
    registry.merge(record(kSelf.value), at(0));
    EXPECT_EQ(registry.best_helper(kCamera, at(1)), std::nullopt);
}

TEST(Registry, lets_the_one_unheard_for_longest_go_and_never_itself) {
    Registry registry(kSelf);
    registry.merge(record(kSelf.value), at(0));
    for (std::uint32_t node = 1; node < kRegistryMax; ++node) {
        registry.merge(record(node), at(1));
        registry.heard(NodeId{node}, at(node == 5 ? 2 : 3), 0);
    }
    EXPECT_TRUE(registry.merge(record(200), at(4)));
    EXPECT_EQ(registry.size(), kRegistryMax);
    EXPECT_EQ(registry.find(NodeId{5}), nullptr);
    EXPECT_NE(registry.find(kSelf), nullptr);
    EXPECT_NE(registry.find(NodeId{200}), nullptr);
}

TEST(Registry, marks_what_it_has) {
    Registry registry(kSelf);
    registry.merge(record(9, 4), at(0));
    registry.merge(record(2, 3), at(0));
    EXPECT_EQ(registry.marks(), (sync::Marks{{NodeId{2}, 3}, {NodeId{9}, 4}}));
}

}  // namespace
}  // namespace compot::registry
