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

TEST(Spread, has_students_interval_of_the_mean) {
    const auto one = spread({3});
    EXPECT_FALSE(one->low || one->high) << "one run says nothing of others";
    // SOURCE: by hand: mean 4, standard deviation sqrt(20/3), t(3) = 3.182.
    const auto four = spread({1, 3, 5, 7});
    EXPECT_NEAR(*four->low, 4 - 4.108, 0.001);
    EXPECT_NEAR(*four->high, 4 + 4.108, 0.001);
    EXPECT_EQ(*spread({2, 2, 2})->low, 2);
    for (std::size_t degrees = 1; degrees < 200; ++degrees)
        EXPECT_GE(student_95(degrees), student_95(degrees + 1));
}

TEST(Summary, has_a_row_for_each_combination_and_counts_what_could_not_be_run) {
    const Plan plan = plan_of({"1", "2"}, {1, 2});
    const auto all = study(plan, {result("resumed", "10.5", 90), result("blocked", "null", 30),
                                  "{\"error\":\"no tile\"}", result("resumed", "20", 50)});
    ASSERT_TRUE(all);
    ASSERT_EQ(all->rows.size(), 2U);
    const Row& first = all->rows.front();
    ASSERT_EQ(first.at.size(), 1U) << "settings are the same everywhere";
    EXPECT_EQ(first.at[0].value, "1");
    EXPECT_EQ(first.find("outcome resumed")->share->hits, 1U);
    EXPECT_EQ(first.find("outcome resumed")->share->runs, 2U);
    EXPECT_EQ(first.find("time_to_help_s")->spread->mean, 10.5);
    EXPECT_EQ(first.find("time_to_help_s")->spread->runs, 1U) << "the other was not helped";
    EXPECT_EQ(first.find("frames")->spread->mean, 60);
    EXPECT_EQ(first.find("airtime_ms")->spread->mean, 150) << "of all nodes together";
    EXPECT_EQ(all->rows.back().failed, 1U);
    EXPECT_EQ(all->rows.back().find("outcome resumed")->share->runs, 1U);
    EXPECT_EQ(all->figures, (std::vector<std::string>{"outcome resumed", "time_to_help_s", "frames",
                                                      "outcome blocked"}))
        << "what is the same everywhere is no finding";
}

TEST(Summary, compares_seed_by_seed_with_the_first_value) {
    const Plan plan = plan_of({"1", "2", "3"}, {7, 8});
    const auto all = study(plan, {result("resumed", "10", 100), result("resumed", "20", 200),
                                  result("resumed", "13", 100), result("blocked", "null", 200),
                                  result("resumed", "11", 101), result("resumed", "23", 203)});
    ASSERT_TRUE(all);
    const auto change = [&](const std::string& to, const std::string& figure) {
        for (const Difference& one : all->differences)
            if (one.to == to && one.figure == figure) return one.change;
        ADD_FAILURE() << to << ' ' << figure;
        return Spread{};
    };
    EXPECT_EQ(change("2", "time_to_help_s").runs, 1U) << "only the seeds that have both";
    EXPECT_EQ(change("2", "time_to_help_s").mean, 3);
    EXPECT_EQ(change("2", "outcome resumed").mean, -0.5);
    EXPECT_EQ(change("2", "outcome blocked").mean, 0.5);
    EXPECT_EQ(change("3", "time_to_help_s").mean, 2);
    EXPECT_EQ(change("3", "frames").mean, 2);
    EXPECT_TRUE(nlohmann::json::accept(to_json(plan, *all)));
}

TEST(Summary, compares_where_all_other_axes_are_the_same) {
    Plan plan = plan_of({"1", "2"}, {7});
    plan.axes.push_back({"b", {"x", "y"}});
    const auto all = study(plan, {result("resumed", "1", 10), result("resumed", "1", 20),
                                  result("resumed", "1", 14), result("resumed", "1", 27)});
    ASSERT_TRUE(all);
    std::string said;
    for (const Difference& one : all->differences)
        said += one.key + one.from + one.to + '|' + one.at[0].path + one.at[0].value + '=' +
                std::to_string(static_cast<int>(one.change.mean)) + ' ';
    EXPECT_EQ(said, "a12|bx=4 a12|by=7 bxy|a1=10 bxy|a2=13 ");
}

TEST(Summary, of_nothing_but_failures_has_no_figures) {
    const Plan plan = plan_of({"1"}, {1});
    const auto all = study(plan, {"{\"error\":\"no tile\"}"});
    ASSERT_TRUE(all);
    EXPECT_EQ(all->rows.front().failed, 1U);
    EXPECT_TRUE(all->figures.empty());
    EXPECT_TRUE(nlohmann::json::accept(to_json(plan, *all)));
}

TEST(Summary, takes_figures_of_any_kind_of_run) {
    const Plan plan = plan_of({"1"}, {1, 2});
    const auto all =
        study(plan, {"{\"seed\":1,\"reach_pct\":70,\"delay_ms_p50\":12,\"air\":{\"lost\":4}}",
                     "{\"seed\":2,\"reach_pct\":80,\"delay_ms_p50\":null,\"air\":{\"lost\":6}}"});
    ASSERT_TRUE(all);
    EXPECT_EQ(all->rows[0].find("reach_pct")->spread->mean, 75);
    EXPECT_EQ(all->rows[0].find("delay_ms_p50")->spread->runs, 1U);
    EXPECT_EQ(all->rows[0].find("air.lost")->spread->mean, 5);
    EXPECT_EQ(all->rows[0].find("seed"), nullptr);
}

TEST(Summary, says_which_result_is_none) {
    const Plan plan = plan_of({"1"}, {1, 2});
    const auto all = study(plan, {result("resumed", "1", 1), "{\"outcome\":[]}"});
    ASSERT_FALSE(all);
    EXPECT_EQ(all.error().sentence, "cell 1: its result is not what a run prints");
}

TEST(Csv, quotes_what_holds_a_comma) {
    const Plan plan = plan_of({"\"x,y\""}, {4});
    const auto csv = to_csv(plan, {result("resumed", "1.5", 9)});
    ASSERT_TRUE(csv);
    EXPECT_EQ(*csv,
              "cell,seed,a,outcome,reason,time_to_help_s,frames,ledgers_equal,airtime_ms,energy_mj,"
              "error\n0,4,\"\"\"x,y\"\"\",resumed,\"a, b\",1.5,9,true,150.0,8.0,\n");
}

}  // namespace
}  // namespace compot::sweep
