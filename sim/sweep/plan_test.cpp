#include "sim/sweep/plan.hpp"

#include <gtest/gtest.h>

#include <set>

namespace compot::sweep {
namespace {

constexpr const char* kNothing = "";

Plan plan_of(std::vector<Axis> axes, std::vector<std::uint64_t> seeds) {
    Plan plan;
    plan.file = "night.toml";
    plan.text = kNothing;
    plan.program = "one";
    plan.axes = std::move(axes);
    plan.seeds = std::move(seeds);
    return plan;
}

std::string refusal(const std::string& text) {
    const auto seeds = parse_seeds(text);
    return seeds ? "" : seeds.error().sentence;
}

TEST(Seeds, come_in_the_order_in_which_they_are_named) {
    EXPECT_EQ(*parse_seeds("7"), (std::vector<std::uint64_t>{7}));
    EXPECT_EQ(*parse_seeds("9,1-3"), (std::vector<std::uint64_t>{9, 1, 2, 3}));
    EXPECT_EQ(*parse_seeds("18446744073709551615"),
              (std::vector<std::uint64_t>{18446744073709551615U}));
}

TEST(Seeds, are_refused_with_the_part_that_is_wrong) {
    EXPECT_EQ(refusal("1-"), "seeds: \"\" is no seed; write 1-100 or 3,7,20-29");
    EXPECT_EQ(refusal("1,x"), "seeds: \"x\" is no seed; write 1-100 or 3,7,20-29");
    EXPECT_EQ(refusal(""), "seeds: \"\" is no seed; write 1-100 or 3,7,20-29");
    EXPECT_EQ(refusal("5-2"), "seeds: 5-2 runs backwards");
    EXPECT_EQ(refusal("1-4,3"), "seeds: 3 is named twice");
    EXPECT_EQ(refusal("0-18446744073709551615"), "seeds: more than 1000000");
}

TEST(Axis, keeps_commas_that_belong_to_a_value) {
    EXPECT_EQ(parse_axis("air.loss_percent=0,10,20")->values,
              (std::vector<std::string>{"0", "10", "20"}));
    EXPECT_EQ(parse_axis("sites=[[1,2],[3,4]],[[5,6]]")->values,
              (std::vector<std::string>{"[[1,2],[3,4]]", "[[5,6]]"}));
    EXPECT_EQ(parse_axis("channel=\"a,b\",'c'")->values,
              (std::vector<std::string>{"\"a,b\"", "'c'"}));
}

TEST(Axis, without_a_key_or_a_value_is_refused) {
    EXPECT_FALSE(parse_axis("air.loss_percent"));
    EXPECT_FALSE(parse_axis("=1"));
    EXPECT_FALSE(parse_axis("air.loss_percent=1,,2"));
}

TEST(Plan, runs_every_combination_with_every_seed_once) {
    const Plan plan = plan_of({{"a", {"1", "2"}}, {"b", {"x", "y", "z"}}}, {5, 6});
    ASSERT_EQ(plan.cells(), 12U);
    std::set<std::string> seen;
    for (std::size_t i = 0; i < plan.cells(); ++i) {
        const Cell here = cell(plan, i);
        const auto at = plan.overrides(here.combination);
        seen.insert(at[0].value + at[1].value + std::to_string(here.seed));
    }
    EXPECT_EQ(seen.size(), 12U);
    EXPECT_EQ(plan.overrides(1)[1].value, "y") << "the last axis changes fastest";
    EXPECT_EQ(cell(plan, 1).seed, 6U) << "seeds are innermost";
}

TEST(Plan, puts_settings_before_the_axes_so_that_an_axis_has_the_last_word) {
    Plan plan = plan_of({{"a", {"1"}}}, {1});
    plan.settings = {{"a", "9"}, {"c", "3"}};
    const auto at = plan.overrides(0);
    ASSERT_EQ(at.size(), 3U);
    EXPECT_EQ(at[0].value, "9");
    EXPECT_EQ(at[1].path, "c");
    EXPECT_EQ(at[2].value, "1");
}

TEST(Plan, names_a_cell_by_everything_that_can_change_its_result) {
    const Plan plan = plan_of({{"a", {"1", "2"}}}, {1, 2});
    std::set<std::string> names;
    for (std::size_t i = 0; i < plan.cells(); ++i) names.insert(name(plan, cell(plan, i)));
    for (const int change : {0, 1, 2, 3}) {
        Plan other = plan;
        if (change == 0) other.text += "#";
        if (change == 1) other.program = "two";
        if (change == 2) other.without = {"beta"};
        if (change == 3) other.settings = {{"b", "1"}};
        names.insert(name(other, cell(other, 0)));
    }
    EXPECT_EQ(names.size(), 8U);
    EXPECT_EQ(names.begin()->size(), 32U);
}

TEST(Plan, keeps_a_cells_name_when_other_cells_join) {
    const Plan plan = plan_of({{"a", {"1"}}}, {1});
    const Plan wider = plan_of({{"a", {"1", "2"}}}, {1, 2});
    EXPECT_EQ(name(plan, cell(plan, 0)), name(wider, cell(wider, 0)));
}

TEST(Plan, survives_being_written_and_read) {
    Plan plan = plan_of({{"a", {"1", "\"x,y\""}}}, {1, 18446744073709551615U});
    plan.settings = {{"b.c", "2"}};
    plan.without = {"gamma"};
    const auto read = from_json(to_json(plan));
    ASSERT_TRUE(read) << read.error().sentence;
    EXPECT_EQ(to_json(*read), to_json(plan));
    EXPECT_EQ(name(*read, cell(*read, 3)), name(plan, cell(plan, 3)));
}

TEST(Plan, that_is_none_is_refused) {
    for (const char* text : {"", "[]", "{}", "{\"version\":2}", "{\"version\":1}",
                             "{\"version\":1,\"file\":3}", "{\"version\":\"1\"}"})
        EXPECT_FALSE(from_json(text)) << text;
}

TEST(Plan, is_checked_whole_before_anything_runs) {
    Plan plan = plan_of({{"no.such.key", {"1", "2"}}}, {1});
    EXPECT_FALSE(check(plan)) << "the scenario has no such key";
    EXPECT_FALSE(check(plan_of({}, {}))) << "no seed";
}

}  // namespace
}  // namespace compot::sweep
