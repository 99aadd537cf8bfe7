#include "sim/simulation.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace compot::sim {
namespace {

/// The report of a whole run, as the command prints it.
std::string whole_run(std::uint64_t seed, const std::vector<std::string>& sets = {}) {
    std::vector<scenario::Override> overrides;
    for (const std::string& set : sets) overrides.push_back(*scenario::parse_override(set));
    const auto loaded = scenario::load("scenarios/blocked-cat.toml", overrides);
    EXPECT_TRUE(loaded.ok()) << (loaded.ok() ? "" : loaded.error().sentence);
    if (!loaded) return {};
    Options options;
    options.seed = seed;
    auto world = Simulation::create(*loaded, options);
    EXPECT_TRUE(world.ok()) << (world.ok() ? "" : world.error().sentence);
    if (!world) return {};
    while (!(*world)->finished() && (*world)->now() < Time{5min})
        (*world)->run_until((*world)->now() + 1s);
    return to_json((*world)->report());
}

TEST(Simulation, of_one_seed_is_the_same_run_each_time_and_of_another_seed_another) {
    const std::vector<std::string> hard{"air.loss_percent=20", "foreign.load_percent=10",
                                        "blockage.known_to=[\"compot\"]"};
    const std::string easy_run = whole_run(3);
    EXPECT_EQ(whole_run(3), easy_run);
    EXPECT_NE(whole_run(4), easy_run);
    const std::string hard_run = whole_run(3, hard);
    EXPECT_EQ(whole_run(3, hard), hard_run);
    EXPECT_NE(hard_run, easy_run);
}

TEST(Simulation, does_not_care_in_what_steps_it_is_run) {
    const auto loaded = scenario::load("scenarios/blocked-cat.toml", {});
    ASSERT_TRUE(loaded.ok());
    Options options;
    options.seed = 5;
    auto at_once = Simulation::create(*loaded, options);
    auto in_steps = Simulation::create(*loaded, options);
    ASSERT_TRUE(at_once.ok() && in_steps.ok());
    (*at_once)->run_until(Time{60s});
    while ((*in_steps)->next_at() <= Time{60s}) ASSERT_TRUE((*in_steps)->step());
    (*in_steps)->run_until(Time{60s});
    EXPECT_EQ(to_json((*at_once)->report()), to_json((*in_steps)->report()));
}

}  // namespace
}  // namespace compot::sim
