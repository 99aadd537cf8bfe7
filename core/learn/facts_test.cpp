#include "core/learn/facts.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <utility>
#include <vector>

#include "core/base/random.hpp"

namespace compot::learn {
namespace {

constexpr NodeId kCompot{10};
constexpr NodeId kSecond{11};
constexpr NodeId kThird{12};
constexpr Cell kTile{5, 7};

Claim claim(NodeId publisher, std::uint16_t sequence, TileClass what, Cell at = kTile) {
    return Claim{Fact{at, what}, publisher, FactVersion{1, sequence}};
}

bool tell(FactMap& map, const Claim& one) {
    const Result<bool> changed = map.merge(one.publisher, one.version, one.fact);
    return changed.ok() && *changed;
}

FactMap told(const std::vector<Claim>& claims) {
    FactMap map;
    for (const Claim& one : claims) tell(map, one);
    return map;
}

TEST(FactMap, says_nothing_of_a_tile_that_nobody_has_classified) {
    const FactMap map;
    EXPECT_FALSE(map.classified(kTile));
    EXPECT_FALSE(map.barred(kTile));
    EXPECT_EQ(map.count(), 0U);
    EXPECT_EQ(map.digest(), 0U);
}

TEST(FactMap, takes_a_publishers_newest_word) {
    FactMap map;
    EXPECT_TRUE(tell(map, claim(kCompot, 1, TileClass::Immovable)));
    EXPECT_TRUE(tell(map, claim(kCompot, 2, TileClass::Movable)));
    EXPECT_FALSE(tell(map, claim(kCompot, 1, TileClass::Immovable)));
    EXPECT_EQ(map.class_at(kTile), TileClass::Movable);
    EXPECT_FALSE(map.barred(kTile));
}

TEST(FactMap, believes_the_more_dangerous_of_two_publishers) {
    FactMap map;
    tell(map, claim(kCompot, 1, TileClass::Immovable));
    tell(map, claim(kSecond, 9, TileClass::Clear));
    EXPECT_EQ(map.class_at(kTile), TileClass::Immovable);
}

TEST(FactMap, bars_a_dangerous_tile_and_its_eight_neighbours) {
    const FactMap map = told({claim(kCompot, 1, TileClass::Dangerous)});
    for (std::size_t i = 0; i < kCells; ++i) {
        const Cell cell = cell_at(static_cast<std::uint8_t>(i));
        const bool near = std::abs(cell.x - kTile.x) <= 1 && std::abs(cell.y - kTile.y) <= 1;
        EXPECT_EQ(map.barred(cell), near) << int{cell.x} << ',' << int{cell.y};
    }
    EXPECT_EQ(map.count(), 1U);
}

TEST(FactMap, bars_no_tile_beyond_the_border) {
    const FactMap map = told({claim(kCompot, 1, TileClass::Dangerous, Cell{0, 0})});
    std::size_t barred = 0;
    for (std::size_t i = 0; i < kCells; ++i)
        if (map.barred(cell_at(static_cast<std::uint8_t>(i)))) ++barred;
    EXPECT_EQ(barred, 4U);
}

TEST(FactMap, never_lowers_dangerous_on_one_witness) {
    // Every other publisher, every class and every newer version, as often as it likes.
    for (const NodeId witness : {kCompot, kSecond}) {
        FactMap map = told({claim(kCompot, 1, TileClass::Dangerous)});
        for (std::uint16_t sequence = 2; sequence < 50; ++sequence) {
            tell(map, claim(witness, sequence, static_cast<TileClass>(sequence % 3)));
            EXPECT_EQ(map.class_at(kTile), TileClass::Dangerous);
        }
    }
}

TEST(FactMap, lowers_dangerous_on_two_witnesses_that_are_newer) {
    FactMap map = told({claim(kCompot, 5, TileClass::Dangerous)});
    tell(map, claim(kSecond, 6, TileClass::Clear));
    EXPECT_EQ(map.class_at(kTile), TileClass::Dangerous);
    tell(map, claim(kThird, 5, TileClass::Clear));  // not newer than the danger
    EXPECT_EQ(map.class_at(kTile), TileClass::Dangerous);
    tell(map, claim(kThird, 7, TileClass::Movable));
    EXPECT_EQ(map.class_at(kTile), TileClass::Movable);
}

TEST(FactMap, counts_the_one_who_said_dangerous_as_a_witness_of_the_contrary) {
    FactMap map = told({claim(kCompot, 5, TileClass::Dangerous)});
    tell(map, claim(kCompot, 6, TileClass::Clear));
    EXPECT_EQ(map.class_at(kTile), TileClass::Dangerous);
    tell(map, claim(kSecond, 7, TileClass::Clear));
    EXPECT_EQ(map.class_at(kTile), TileClass::Clear);
}

TEST(FactMap, takes_dangerous_back_when_it_is_said_again) {
    FactMap map = told({claim(kCompot, 1, TileClass::Dangerous),
                        claim(kCompot, 2, TileClass::Clear), claim(kSecond, 3, TileClass::Clear)});
    EXPECT_EQ(map.class_at(kTile), TileClass::Clear);
    tell(map, claim(kThird, 4, TileClass::Dangerous));
    EXPECT_EQ(map.class_at(kTile), TileClass::Dangerous);
}

TEST(FactMap, keeps_the_danger_that_a_fourth_publisher_saw) {
    FactMap map;
    for (std::uint32_t id = 1; id <= 3; ++id) tell(map, claim(NodeId{id}, 1, TileClass::Clear));
    const Claim fourth = claim(NodeId{4}, 2, TileClass::Dangerous);
    const Result<bool> refused = map.merge(fourth.publisher, fourth.version, fourth.fact);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error(), Error::NoRoom);
    EXPECT_EQ(map.class_at(kTile), TileClass::Dangerous);
}

TEST(FactMap, gives_a_publisher_a_version_newer_than_all_it_has_heard) {
    FactMap map;
    EXPECT_EQ(*map.next_version(3), (FactVersion{3, 1}));
    tell(map, Claim{Fact{kTile, TileClass::Clear}, kSecond, FactVersion{3, 41}});
    EXPECT_EQ(*map.next_version(3), (FactVersion{3, 42}));
    EXPECT_EQ(*map.next_version(4), (FactVersion{4, 1}));
    EXPECT_EQ(map.next_version(2).error(), Error::Stale);
    tell(map, Claim{Fact{kTile, TileClass::Clear}, kSecond, FactVersion{3, 0xFFFF}});
    EXPECT_EQ(map.next_version(3).error(), Error::NoRoom);
}

TEST(FactMap, knows_which_claims_it_rests_on) {
    const Claim danger = claim(kCompot, 1, TileClass::Dangerous);
    const Claim clear = claim(kCompot, 2, TileClass::Clear);
    FactMap map = told({danger});
    EXPECT_TRUE(map.rests_on(danger));
    EXPECT_FALSE(map.rests_on(clear));
    tell(map, clear);
    EXPECT_TRUE(map.rests_on(clear));
    EXPECT_TRUE(map.rests_on(danger)) << "the mark of danger is still in force";
    tell(map, claim(kCompot, 3, TileClass::Clear));
    EXPECT_FALSE(map.rests_on(clear));
}

// All claims that two tiles, four publishers (one more than columns), two versions and four classes
// can make would be 64; this draws histories from them and plays each in many orders.
TEST(FactMap, is_the_same_in_any_order_and_however_often_it_hears) {
    constexpr std::uint64_t kSeed = 20;
    Random random(kSeed);
    for (int history = 0; history < 200; ++history) {
        std::vector<Claim> claims;
        const std::uint32_t length = 1 + random.below(9);
        for (std::uint32_t i = 0; i < length; ++i) {
            claims.push_back(claim(NodeId{1 + random.below(4)},
                                   static_cast<std::uint16_t>(1 + random.below(3)),
                                   static_cast<TileClass>(random.below(4)),
                                   Cell{static_cast<std::uint8_t>(random.below(2)), 3}));
        }
        const FactMap expected = told(claims);
        for (int order = 0; order < 6; ++order) {
            std::vector<Claim> shuffled = claims;
            for (std::size_t i = shuffled.size(); i > 1; --i)
                std::swap(shuffled[i - 1], shuffled[random.below(static_cast<std::uint32_t>(i))]);
            shuffled.push_back(shuffled[random.below(length)]);  // heard twice
            const FactMap map = told(shuffled);
            ASSERT_EQ(map, expected) << "seed=" << kSeed << " history " << history;
            ASSERT_EQ(map.digest(), expected.digest());
        }
    }
}

TEST(FactMap, is_the_same_in_every_order_of_every_history_of_three_claims) {
    std::vector<Claim> all;
    for (const NodeId publisher : {kCompot, kSecond})
        for (std::uint16_t sequence = 1; sequence <= 2; ++sequence)
            for (const TileClass what :
                 {TileClass::Clear, TileClass::Immovable, TileClass::Dangerous})
                all.push_back(claim(publisher, sequence, what));
    const auto say = [&all](std::initializer_list<std::size_t> order) {
        FactMap map;
        for (const std::size_t i : order) tell(map, all[i]);
        return map;
    };
    for (std::size_t a = 0; a < all.size(); ++a) {
        for (std::size_t b = 0; b < all.size(); ++b) {
            for (std::size_t c = 0; c < all.size(); ++c) {
                const FactMap map = say({a, b, c});
                ASSERT_EQ(map, say({c, b, a}));
                ASSERT_EQ(map, say({b, a, c}));
                ASSERT_EQ(map, say({a, b, c, b, a}));
            }
        }
    }
}

TEST(FactMap, has_another_digest_when_a_claim_differs) {
    const std::uint64_t digest = told({claim(kCompot, 1, TileClass::Movable)}).digest();
    EXPECT_NE(digest, told({claim(kCompot, 2, TileClass::Movable)}).digest());
    EXPECT_NE(digest, told({claim(kSecond, 1, TileClass::Movable)}).digest());
    EXPECT_NE(digest, told({claim(kCompot, 1, TileClass::Clear)}).digest());
    EXPECT_NE(digest, told({claim(kCompot, 1, TileClass::Movable, Cell{5, 8})}).digest());
}

}  // namespace
}  // namespace compot::learn
