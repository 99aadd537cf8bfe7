#include "sim/scenario/scenario.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace compot::scenario {
namespace {

const std::string kSmall = R"(
[swarm]
secret = "s"
[[node]]
name = "beta"
at = [1, 2]
works = true
[[node]]
name = "compot"
role = "edge"
at = [3, 4]
)";

std::string refusal(const std::string& text, const std::vector<std::string>& sets = {}) {
    std::vector<Override> overrides;
    for (const std::string& set : sets) overrides.push_back(*parse_override(set));
    const auto scenario = parse(text, "x.toml", overrides);
    return scenario.ok() ? "" : scenario.error().sentence;
}

Scenario changed(const std::vector<std::string>& sets) {
    std::vector<Override> overrides;
    for (const std::string& set : sets) overrides.push_back(*parse_override(set));
    const auto scenario = parse(kSmall, "folder/x.toml", overrides);
    EXPECT_TRUE(scenario.ok()) << (scenario.ok() ? "" : scenario.error().sentence);
    return scenario.ok() ? *scenario : Scenario{};
}

TEST(Scenario, reads_what_is_there_and_fills_in_the_rest) {
    const Scenario scenario = changed({});
    EXPECT_EQ(scenario.name, "x");
    ASSERT_EQ(scenario.nodes.size(), 2U);
    EXPECT_TRUE(scenario.nodes[0].duties.works);
    EXPECT_EQ(scenario.nodes[1].role, node::Role::Edge);
    EXPECT_TRUE(scenario.nodes[1].publishes_facts);
    EXPECT_EQ(scenario.preset, air::Preset::ShortFast);
    EXPECT_FALSE(scenario.blockage.appears);
}

TEST(Scenario, names_the_file_the_line_and_what_was_expected) {
    EXPECT_EQ(refusal(kSmall + "[field]\ncell_m = 0\n"),
              "x.toml:13: field.cell_m: expected a number from 0.10 to 10000, found 0");
    EXPECT_EQ(refusal(kSmall + "[field]\ncell_n = 5\n").substr(0, 74),
              "x.toml:13: field.cell_n: unknown key (did you mean cell_m?); known here: c");
    EXPECT_EQ(
        refusal(kSmall + "colour = 5\n"),
        "x.toml:12: node.compot.colour: unknown key; known here: antenna_m, at, classifies, "
        "energy, envelope, gain_db, has_backhaul, holds_batches_for, name, patrols, power_dbm, "
        "present, publishes_facts, radio_role, role, streams_telemetry, waypoints, works");
    EXPECT_EQ(refusal(kSmall + "[node.envelope]\nopens = [\"sky\"]\n"),
              "x.toml:13: node.compot.envelope.opens: expected unclassified, IMMOVABLE or "
              "DANGEROUS; found sky");
    EXPECT_EQ(refusal(kSmall + "[node.envelope]\nfrom = [5, 5]\nto = [4, 9]\n"),
              "x.toml:14: node.compot.envelope.to: expected a tile to the right of and below "
              "\"from\"");
    EXPECT_EQ(refusal("[swarm\n").substr(0, 9), "x.toml:1:");
    EXPECT_EQ(refusal("[$warm]\n").substr(0, 9), "x.toml:1:");
    EXPECT_EQ(refusal("a = f\n").find('\n'), std::string::npos);
    EXPECT_EQ(refusal("# für \"\n[run]\ntitle = \"Kätzchen\"\nfür = 1\n"),
              "x.toml:4: letters beyond ASCII stand in quotes and comments only");
    EXPECT_EQ(refusal("a = \"\"\"ä\n\"ö\"\"\"\nü = 1\n"),
              "x.toml:3: letters beyond ASCII stand in quotes and comments only");
    EXPECT_EQ(refusal("[swarm]\nsecret = \"s\"\n"),
              "x.toml:1: node: expected at least one [[node]]");
    EXPECT_EQ(refusal(kSmall + "[[obstacle]]\nat = [1, 2]\nwhat = \"MOVABLE\"\n"),
              "x.toml:13: obstacle.0.at: beta starts on this tile");
    EXPECT_EQ(refusal(kSmall + "[[obstacle]]\nat = [16, 2]\n"),
              "x.toml:13: obstacle.0.at: expected a tile [x, y] of 0 to 15, found [ 16, 2 ]");
    EXPECT_EQ(refusal(kSmall + "[[event]]\nat_s = 3\nnode = \"nobody\"\n"),
              "x.toml:14: event.0.node: no node is called nobody");
    EXPECT_NE(refusal(kSmall + "[[node]]\nname = \"beta\"\nat = [0, 0]\n"), "");
    EXPECT_NE(refusal(kSmall + "[timing]\nbeacon_min_s = 9\nbeacon_max_s = 3\n"), "");
    EXPECT_NE(refusal(kSmall + "[run]\nuntil_s = \"long\"\n"), "");
    EXPECT_NE(refusal(kSmall + "[run]\nuntil_s = nan\n"), "");
}

TEST(Scenario, says_how_sure_compot_must_be_and_how_thick_the_fog_is) {
    EXPECT_EQ(changed({}).confidence_permille, 700);
    EXPECT_EQ(changed({}).fog_percent, 0);
    const Scenario foggy = changed({"swarm.confidence_permille=850", "field.fog_percent=100"});
    EXPECT_EQ(foggy.confidence_permille, 850);
    EXPECT_EQ(foggy.fog_percent, 100);
    EXPECT_NE(refusal(kSmall, {"swarm.confidence_permille=499"}).find("from 500 to 1000"),
              std::string::npos);
    EXPECT_NE(refusal(kSmall, {"swarm.confidence_permille=1001"}), "");
    EXPECT_NE(refusal(kSmall, {"field.fog_percent=101"}).find("from 0 to 100"), std::string::npos);
}

TEST(Scenario, refuses_more_publishers_and_known_obstacles_than_an_enrolment_holds) {
    std::string text = kSmall;
    for (int i = 1; i <= 3; ++i) {
        text += "[[node]]\nname = \"edge" + std::to_string(i) + "\"\nrole = \"edge\"\nat = [9, " +
                std::to_string(i) + "]\n";
        EXPECT_EQ(refusal(text).empty(), i <= 2) << i;
    }
    EXPECT_EQ(refusal(text),
              "x.toml:4: node: expected at most 3 that publish facts (an edge does unless "
              "publishes_facts = false), found 4");
    EXPECT_EQ(refusal(text, {"node.edge3.publishes_facts=false"}), "");
    const std::string known = "[[obstacle]]\nat = [0, 0]\n";
    EXPECT_NE(refusal(text + known, {"node.edge3.publishes_facts=false"}), "")
        << "known obstacles take a place";
    std::string walls = kSmall;
    for (int i = 0; i < 33; ++i) {
        walls += "[[obstacle]]\nat = [" + std::to_string(4 + i % 11) + ", " +
                 std::to_string(6 + i / 11) + "]\n";
    }
    EXPECT_EQ(refusal(walls),
              "x.toml:12: obstacle: expected at most 32 with known = true, found 33");
}

TEST(Scenario, set_reaches_every_key_by_its_path_and_is_held_to_the_same_rules) {
    const Scenario scenario =
        changed({"air.loss_percent=12.5", "swarm.preset=LongFast", "node.beta.at=[5, 6]",
                 "node.1.energy.charge_percent=30", "blockage.appears_s=4"});
    EXPECT_EQ(scenario.air.loss_millionths, 125'000U);
    EXPECT_EQ(scenario.preset, air::Preset::LongFast);
    EXPECT_EQ(scenario.nodes[0].at, (learn::Cell{5, 6}));
    EXPECT_EQ(scenario.nodes[1].energy.charge_permille, 300);
    EXPECT_TRUE(scenario.blockage.appears);
    EXPECT_EQ(
        refusal(kSmall, {"air.loss_percent=101"}),
        "--set air.loss_percent: air.loss_percent: expected a number from 0 to 100, found 101");
    EXPECT_EQ(refusal(kSmall, {"node.zeta.at=[1, 1]"}),
              "--set node.zeta.at: no such place in x.toml");
    EXPECT_NE(refusal(kSmall, {"air.wind=3"}), "");
    EXPECT_FALSE(parse_override("novalue").ok());
    EXPECT_FALSE(parse_override("=3").ok());
}

TEST(Scenario, the_shipped_ones_are_whole) {
    for (const char* file : {"scenarios/blocked-cat.toml", "scenarios/blocked-cat-longfast.toml"}) {
        const auto scenario = load(file, {});
        EXPECT_TRUE(scenario.ok()) << (scenario.ok() ? "" : scenario.error().sentence);
    }
    EXPECT_FALSE(load("scenarios/none.toml", {}).ok());
}

}  // namespace
}  // namespace compot::scenario
