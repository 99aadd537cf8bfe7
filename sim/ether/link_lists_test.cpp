#include "sim/ether/link_lists.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "core/base/random.hpp"

namespace compot::ether {
namespace {

/// The same as plain maps.
class Both {
public:
    void add_station() {
        lists.add_station();
        model.emplace_back();
    }

    void set(std::uint32_t from, std::uint32_t to, std::int32_t level) {
        lists.set(from, {to, level});
        model[from][to] = level;
    }

    void remove(std::uint32_t from, std::uint32_t to) {
        lists.remove(from, to);
        model[from].erase(to);
    }

    void expect_equal() const {
        std::size_t links = 0;
        for (std::uint32_t from = 0; from < model.size(); ++from) {
            std::map<std::uint32_t, std::int32_t> read;
            std::uint32_t least = 0;
            for (const Link& link : lists.of(from)) {
                EXPECT_GE(link.to, least) << "by number";
                least = link.to + 1;
                read[link.to] = link.level_cdbm;
            }
            EXPECT_EQ(read, model[from]) << "of " << from;
            links += model[from].size();
        }
        EXPECT_EQ(lists.size(), links);
    }

    LinkLists lists;
    std::vector<std::map<std::uint32_t, std::int32_t>> model;
};

TEST(LinkLists, hold_what_maps_would_hold_packed_or_not) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        SCOPED_TRACE("seed=" + std::to_string(seed));
        Random random(seed);
        Both both;
        for (int i = 0; i < 3000 && !testing::Test::HasFailure(); ++i) {
            const auto stations = static_cast<std::uint32_t>(both.model.size());
            if (stations < 2 || random.below(60) == 0) {
                both.add_station();
                continue;
            }
            const std::uint32_t from = random.below(stations);
            const std::uint32_t to = random.below(stations);
            if (random.below(3) == 0) {
                both.remove(from, to);
            } else {
                both.set(from, to, static_cast<std::int32_t>(random.below(1000)));
            }
            if (random.below(20) == 0) both.lists.settle();
            if (i % 50 == 0) both.expect_equal();
        }
        both.expect_equal();
    }
}

TEST(LinkLists, take_no_more_than_their_links_and_a_row_each_once_packed) {
    Both both;
    constexpr std::uint32_t kStations = 40;
    for (std::uint32_t i = 0; i < kStations; ++i) {
        both.add_station();
        for (std::uint32_t other = 0; other < i; ++other) {
            both.set(i, other, 1);
            both.set(other, i, 2);
        }
    }
    both.lists.settle();
    both.expect_equal();
    EXPECT_EQ(both.lists.bytes(), kStations * (kStations - 1) * sizeof(Link) + kStations * 12);
}

}  // namespace
}  // namespace compot::ether
