#include "core/bundle/copy_map.hpp"

#include <gtest/gtest.h>

namespace compot::bundle {
namespace {

TEST(CopyMap, sends_addresses_where_their_copy_went) {
    CopyMap map;
    ASSERT_TRUE(map.try_push({0, 100, 0}));
    ASSERT_TRUE(map.try_push({8, 200, 100}));  // eight bytes were inserted
    ASSERT_TRUE(map.try_push({0, 300, 320}));  // twenty were removed
    map.sort();
    EXPECT_EQ(map.to_new(99), 99U);
    EXPECT_EQ(map.to_new(100), 108U);
    EXPECT_EQ(map.to_new(299), 307U);
    EXPECT_EQ(map.to_new(310), 318U);  // removed: by the copy before it
    EXPECT_EQ(map.to_new(320), 308U);
}

TEST(CopyMap, a_phrase_inside_a_longer_copy_says_nothing) {
    CopyMap map;
    ASSERT_TRUE(map.try_push({0, 1000, 0}));
    ASSERT_TRUE(map.try_push({0, 50, 500}));
    map.sort();
    EXPECT_EQ(map.to_new(510), 510U);
}

TEST(CopyMap, without_copies_nothing_moves) {
    CopyMap map;
    map.sort();
    EXPECT_EQ(map.to_new(42), 42U);
}

TEST(CopyMap, says_when_it_is_full) {
    CopyMap map;
    for (std::uint32_t i = 0; i < kCopiesMax; ++i) ASSERT_TRUE(map.try_push({1, 2, 4 * i}));
    EXPECT_FALSE(map.try_push({1, 2, 3}));
    EXPECT_EQ(map.size(), kCopiesMax);
    EXPECT_EQ(map[3].gap, 1U);
    EXPECT_EQ(map[3].old_start, 12U);
}

}  // namespace
}  // namespace compot::bundle
