#include "sim/sweep/summary.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace compot::sweep {
namespace {

std::string result(const char* outcome, const char* help, int frames) {
    return std::string("{\"outcome\":\"") + outcome +
           "\",\"reason\":\"a, b\",\"time_to_help_s\":" + help +
           ",\"frames\":" + std::to_string(frames) +
           ",\"ledgers_equal\":true,\"nodes\":[{\"airtime_ms\":100,\"energy_mj\":7},"
           "{\"airtime_ms\":50,\"energy_mj\":1}]}";
}

Plan plan_of(std::vector<std::string> values, std::vector<std::uint64_t> seeds) {
    Plan plan;
    plan.settings = {{"s", "1"}};
    plan.axes = {{"a", std::move(values)}};
    plan.seeds = std::move(seeds);
    return plan;
}

// SOURCE: the interval's own formula, worked by hand for 8 of 10.
TEST(Share, has_wilsons_interval) {
    const Share eight = share(8, 10);
    EXPECT_NEAR(eight.low, 0.4902, 0.0005);
    EXPECT_NEAR(eight.high, 0.9433, 0.0005);
    EXPECT_EQ(share(0, 10).low, 0);
    EXPECT_EQ(share(10, 10).high, 1);
}

TEST(Spread, takes_the_nearest_rank) {
    EXPECT_FALSE(spread({}));
    const auto one = spread({3});
    EXPECT_EQ(one->median, 3);
    EXPECT_EQ(one->p95, 3);
    std::vector<double> hundred;
    for (int i = 100; i >= 1; --i) hundred.push_back(i);
    const auto many = spread(hundred);
    EXPECT_EQ(many->mean, 50.5);
    EXPECT_EQ(many->median, 50);
    EXPECT_EQ(many->p95, 95);
}

TEST(Summary, has_a_row_for_each_combination_and_counts_what_could_not_be_run) {
    const Plan plan = plan_of({"1", "2"}, {1, 2});
    const auto rows = summarize(plan, {result("resumed", "10.5", 90), result("blocked", "null", 30),
                                       "{\"error\":\"no tile\"}", result("resumed", "20", 50)});
    ASSERT_TRUE(rows);
    ASSERT_EQ(rows->size(), 2U);
    const Row& first = rows->front();
    ASSERT_EQ(first.at.size(), 1U) << "settings are the same everywhere";
    EXPECT_EQ(first.at[0].value, "1");
    EXPECT_EQ(first.resumed->hits, 1U);
    EXPECT_EQ(first.resumed->runs, 2U);
    EXPECT_EQ(first.time_to_help_s->mean, 10.5);
    EXPECT_EQ(first.frames->mean, 60);
    EXPECT_EQ(first.airtime_ms->mean, 150);
    EXPECT_EQ(rows->back().failed, 1U);
    EXPECT_EQ(rows->back().resumed->runs, 1U);
}

TEST(Summary, of_nothing_but_failures_has_no_shares) {
    const Plan plan = plan_of({"1"}, {1});
    const auto rows = summarize(plan, {"{\"error\":\"no tile\"}"});
    ASSERT_TRUE(rows);
    EXPECT_FALSE(rows->front().resumed);
    EXPECT_FALSE(rows->front().frames);
    EXPECT_TRUE(nlohmann::json::accept(to_json(*rows)));
}

TEST(Summary, says_which_result_is_none) {
    const Plan plan = plan_of({"1"}, {1, 2});
    const auto rows = summarize(plan, {result("resumed", "1", 1), "{\"outcome\":3}"});
    ASSERT_FALSE(rows);
    EXPECT_EQ(rows.error().sentence, "cell 1: its result is not what a run prints");
}

TEST(Csv, quotes_what_holds_a_comma) {
    const Plan plan = plan_of({"\"x,y\""}, {4});
    const auto csv = to_csv(plan, {result("resumed", "1.5", 9)});
    ASSERT_TRUE(csv);
    EXPECT_EQ(*csv,
              "cell,seed,a,outcome,reason,time_to_help_s,frames,airtime_ms,energy_mj,ledgers_equal,"
              "error\n0,4,\"\"\"x,y\"\"\",resumed,\"a, b\",1.5,9.0,150.0,8.0,true,\n");
}

}  // namespace
}  // namespace compot::sweep
