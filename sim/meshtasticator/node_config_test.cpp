#include "sim/meshtasticator/node_config.hpp"

#include <gtest/gtest.h>

#include "sim/meshtasticator/firmware.hpp"
#include "sim/meshtasticator/model.hpp"

namespace compot::meshtasticator {
namespace {

/// As Meshtasticator's window writes it.
constexpr const char* kThree = R"(0:
  antennaGain: 0.0
  hopLimit: 3
  isClientMute: false
  isRepeater: false
  isRouter: false
  neighborInfo: false
  x: -1000.0
  y: 0.0
  z: 1.0
1:
  antennaGain: 0.0
  hopLimit: 5
  isClientMute: false
  isRepeater: false
  isRouter: true
  neighborInfo: false
  x: 0.0
  y: 0.0
  z: 1.0
2:
  antennaGain: 3.0
  hopLimit: 3
  isClientMute: true
  isRepeater: false
  isRouter: false
  neighborInfo: false
  x: 500.0
  y: 0.0
  z: 1.0
)";

std::string with(const std::string& part, const std::string& instead) {
    std::string text = kThree;
    const std::size_t at = text.find(part);
    EXPECT_NE(at, std::string::npos) << part;
    return text.replace(at, part.size(), instead);
}

std::string refusal(const std::string& text) {
    const auto parsed = parse_node_config(text, 1);
    return parsed ? "" : parsed.error().sentence;
}

TEST(NodeConfig, gives_levels_by_the_default_model_and_messages_by_the_default_traffic) {
    double sum_mdbm = 0;
    std::size_t messages = 0;
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        const auto scenario = parse_node_config(kThree, seed);
        ASSERT_TRUE(scenario) << scenario.error().sentence;
        sum_mdbm += scenario->rssi(0, 1);
        messages += scenario->messages.size();
        EXPECT_EQ(scenario->until, 1800s);
    }
    // 147.85 dB over 1 km, 3 dB of deviation: the mean of a hundred is within four of its errors.
    EXPECT_NEAR(sum_mdbm / 100, 30'000 - 147'850, 4 * 300);
    // Three nodes, one message in 100 s: 5400 expected.
    EXPECT_NEAR(static_cast<double>(messages), 5400, 4 * 73.5);
}

TEST(NodeConfig, gives_each_node_its_part_and_hops) {
    const auto scenario = parse_node_config(kThree, 1);
    ASSERT_TRUE(scenario);
    EXPECT_EQ(scenario->part(0), Part::Client);
    EXPECT_EQ(scenario->part(1), Part::Router);
    EXPECT_EQ(scenario->part(2), Part::Mute);
    EXPECT_EQ(scenario->hops(1), 5);
    EXPECT_EQ(scenario->rssi(0, 0), kInaudible);
}

TEST(NodeConfig, runs_by_its_rules_and_by_the_firmwares) {
    const auto scenario = parse_node_config(kThree, 1);
    ASSERT_TRUE(scenario);
    EXPECT_GT(run(*scenario, {}, 1).reach_pct, 50);
    EXPECT_GT(run_firmware(*scenario, radio::Firmware::V27, 1).reach_pct, 50);
}

TEST(NodeConfig, lets_a_mute_node_relay_nothing) {
    // 0 and 2 are out of each other's reach; all hangs on 1.
    const std::string far = with("x: 500.0", "x: 1500.0");
    std::string mute = far;
    const std::size_t second = mute.find("1:\n");
    mute.replace(mute.find("isClientMute: false", second), 19, "isClientMute: true");
    mute.replace(mute.find("isRouter: true"), 14, "isRouter: false");
    const auto relays = parse_node_config(far, 3);
    const auto silent = parse_node_config(mute, 3);
    ASSERT_TRUE(relays);
    ASSERT_TRUE(silent) << silent.error().sentence;
    EXPECT_GT(run(*relays, {}, 1).useful, run(*silent, {}, 1).useful);
}

TEST(NodeConfig, that_is_wrong_is_refused_by_node_and_key) {
    EXPECT_EQ(refusal("[1, 2]"), "is no map of nodes by number");
    EXPECT_EQ(refusal("0: {x: 1}"), "2 to 1000 nodes are possible");
    EXPECT_EQ(refusal(with("  x: 0.0\n", "")), "node 1: x is missing");
    EXPECT_EQ(refusal(with("x: 500.0", "x: far")), "node 2: x is no number");
    EXPECT_EQ(refusal(with("x: 500.0", "x: .nan")), "node 2: x is out of range");
    EXPECT_EQ(refusal(with("hopLimit: 5", "hopLimit: 8")), "node 1: hopLimit is out of range");
    EXPECT_EQ(refusal(with("isRouter: true", "isRouter: maybe")), "node 1: isRouter is no boolean");
    std::string two = kThree;
    two.replace(two.find("isClientMute: true") + 18, 0, "\n  isLoud: true");
    two.replace(two.rfind("isRouter: false"), 15, "isRouter: true");
    EXPECT_EQ(refusal(two), "node 2: has more than one of isRouter, isRepeater, isClientMute");
    EXPECT_EQ(refusal(with("2:\n", "3:\n")), "node 2 is missing: they are numbered from 0");
    EXPECT_EQ(refusal(with("2:\n", "2: [")).rfind("yaml-cpp: error at line", 0), 0U);
    EXPECT_EQ(refusal("0: 1\n1: 2"), "node 0: is no map of keys");
}

}  // namespace
}  // namespace compot::meshtasticator
