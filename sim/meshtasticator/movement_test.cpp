#include "sim/meshtasticator/movement.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "sim/meshtasticator/firmware.hpp"
#include "sim/meshtasticator/model.hpp"

namespace compot::meshtasticator {
namespace {

// SOURCE: Python 3.11's random.Random.
TEST(PythonRandom, gives_pythons_numbers) {
    PythonRandom zero(0);
    EXPECT_EQ(zero.unit(), 0.8444218515250481);
    EXPECT_EQ(zero.unit(), 0.7579544029403025);
    PythonRandom one(1);
    EXPECT_EQ(one.unit(), 0.13436424411240122);
    EXPECT_EQ(one.unit(), 0.8474337369372327);
    for (const std::uint32_t chosen : {0U, 1U, 0U, 1U, 1U, 1U}) EXPECT_EQ(one.below(3), chosen);
}

constexpr std::int32_t kLevel = -130'000;  // 1.5 dB above what can be received

/// Three a kilometre apart, from south to north.
Scenario row_of_three(std::vector<bool> moves) {
    Scenario scenario;
    scenario.nodes = 3;
    scenario.until = 1800s;
    scenario.rssi_mdbm = {kInaudible, kLevel, kLevel, kLevel,    kInaudible,
                          kLevel,     kLevel, kLevel, kInaudible};
    Places places;
    places.starts = {{0, -100'000, 100}, {0, 0, 100}, {0, 100'000, 100}};
    places.moves = std::move(moves);
    scenario.places = places;
    return scenario;
}

TEST(Movement, takes_the_step_that_a_nodes_number_decides) {
    // From Python: Random(1) gives node 1 two numbers, a choice of 96 m, a turn of 1.6026 rad and a
    // distance of 47.562 m.
    const ether::Position there{-151, 4'754, 100};
    const ether::Macrocell model(908'750, ether::Macrocell::Ground::Suburb);
    const Scenario scenario = row_of_three({false, true, false});
    for (const std::uint64_t seed : {1U, 2U}) {
        SCOPED_TRACE("seed=" + std::to_string(seed));
        Movement movement(scenario, seed);
        EXPECT_EQ(movement.next_at(), Time{}) << "the first step is taken at once";
        std::vector<std::int32_t> levels = scenario.rssi_mdbm;
        EXPECT_EQ(movement.step(levels), 1);
        const auto& starts = scenario.places->starts;
        const std::int32_t gain_mdb =
            10 * (model.loss_cdb(starts[1], starts[0]) - model.loss_cdb(there, starts[0]));
        ASSERT_GT(std::abs(gain_mdb), 50);
        EXPECT_NEAR(levels[3] - kLevel, gain_mdb, 20) << "from it";
        EXPECT_EQ(levels[1], levels[3]) << "to it";
        EXPECT_EQ(levels[2], kLevel) << "neither has moved";
        EXPECT_EQ(levels[4], kInaudible);
        EXPECT_GT(movement.next_at(), Time{});
    }
}

TEST(Movement, is_about_once_in_a_minute_until_the_end) {
    int steps = 0;
    constexpr int kSeeds = 20;
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        const Scenario scenario = row_of_three({true, false, true});
        Movement movement(scenario, seed);
        std::vector<std::int32_t> levels = scenario.rssi_mdbm;
        for (Time last{}; movement.next_at() != kNever; ++steps) {
            EXPECT_GE(movement.next_at(), last);
            last = movement.next_at();
            EXPECT_LT(last, Time{scenario.until});
            EXPECT_NE(movement.step(levels), 1) << "it stays";
        }
    }
    EXPECT_NEAR(steps, kSeeds * 2 * 31, 150) << "two nodes for half an hour";
}

TEST(Movement, is_nobodys_where_no_places_are_known) {
    Scenario scenario = row_of_three({true, true, true});
    scenario.places.reset();
    EXPECT_EQ(Movement(scenario, 1).next_at(), kNever);
}

TEST(Movement, decides_who_is_heard_by_all_rules) {
    Scenario moving = row_of_three({true, false, false});
    for (int minute = 1; minute < 28; ++minute) moving.messages.push_back({minute * 60s, 0});
    Scenario still = moving;
    still.places.reset();
    EXPECT_EQ(run(still, {}, 1).reach_pct, 100);
    EXPECT_LT(run(moving, {}, 1).reach_pct, 100);
    EXPECT_EQ(run_firmware(still, radio::Firmware::V27, 1).reach_pct, 100);
    EXPECT_LT(run_firmware(moving, radio::Firmware::V27, 1).reach_pct, 100);
}

}  // namespace
}  // namespace compot::meshtasticator
