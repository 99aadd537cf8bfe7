#include "sim/meshtasticator/model.hpp"

#include <gtest/gtest.h>

#include "sim/meshtasticator/firmware.hpp"

namespace compot::meshtasticator {
namespace {

constexpr std::int32_t kLoud = -100'000;
constexpr std::int32_t kFaint = -131'000;
constexpr std::int32_t kDetectable = -134'000;  // found by a channel check, not received

Scenario mesh(std::uint16_t nodes, std::int32_t level) {
    Scenario scenario;
    scenario.nodes = nodes;
    scenario.until = 600s;
    scenario.rssi_mdbm.assign(static_cast<std::size_t>(nodes) * nodes, level);
    for (std::size_t i = 0; i < nodes; ++i) scenario.rssi_mdbm[i * nodes + i] = kInaudible;
    return scenario;
}

void link(Scenario& scenario, std::size_t from, std::size_t to, std::int32_t level) {
    scenario.rssi_mdbm[from * scenario.nodes + to] = level;
}

// SOURCE: RadioLib's formula gives 83.25 symbols of 8.192 ms for 56 bytes; with 9 instead of 5 for
// the coding rate 127.25, the figure that Meshtasticator prints.
TEST(Airtime, is_wrong_as_theirs_and_right_when_mended) {
    const Scenario scenario = mesh(2, kLoud);
    EXPECT_EQ(Medium(scenario, {}).airtime(), 1042432us);
    Fixes fixes;
    fixes.airtime = true;
    EXPECT_EQ(Medium(scenario, fixes).airtime(), 681984us);
    Scenario fixed = scenario;
    fixed.airtime_fixed = true;
    EXPECT_EQ(Medium(fixed, {}).airtime(), 681984us);
}

TEST(Medium, kills_both_when_neither_is_six_decibels_louder) {
    Scenario scenario = mesh(3, kLoud);
    link(scenario, 1, 2, kLoud + 5'999);
    Medium medium(scenario, {});
    const auto first = medium.begin(0, 0, medium.reach(0), Time{});
    const auto second = medium.begin(1, 1, medium.reach(1), Time{10ms});
    EXPECT_TRUE(medium.at(first).ears[1].collided);
    EXPECT_TRUE(medium.at(second).ears[1].collided);
}

TEST(Medium, lets_the_louder_one_live_whenever_it_came) {
    Scenario scenario = mesh(3, kLoud);
    link(scenario, 1, 2, kLoud + 6'000);
    Medium medium(scenario, {});
    const auto faint = medium.begin(0, 0, medium.reach(0), Time{});
    const auto loud = medium.begin(1, 1, medium.reach(1), Time{900ms});
    EXPECT_TRUE(medium.at(faint).ears[1].collided);
    EXPECT_FALSE(medium.at(loud).ears[1].collided);
}

TEST(Medium, lets_what_was_lost_on_arrival_do_no_harm_unless_mended) {
    for (const bool mended : {false, true}) {
        Scenario scenario = mesh(4, kLoud);
        link(scenario, 0, 3, kLoud + 20'000);
        Fixes fixes;
        fixes.lost_interferes = mended;
        Medium medium(scenario, fixes);
        (void)medium.begin(0, 0, medium.reach(0), Time{});
        const auto lost = medium.begin(1, 1, medium.reach(1), Time{1ms});
        EXPECT_TRUE(medium.at(lost).ears[2].collided);
        EXPECT_EQ(medium.at(lost).ears[2].interferes, mended);
    }
}

TEST(Medium, is_found_busy_after_a_slot_by_whoever_can_detect_it) {
    Scenario scenario = mesh(3, kDetectable);
    link(scenario, 0, 2, kDetectable - 1'000);
    Medium medium(scenario, {});
    const auto slot = medium.begin(0, 0, medium.reach(0), Time{});
    EXPECT_FALSE(medium.busy(1, Time{kSlot} - 1us));
    EXPECT_TRUE(medium.busy(1, Time{kSlot}));
    EXPECT_FALSE(medium.busy(2, Time{kSlot})) << "too faint even to be detected";
    EXPECT_FALSE(medium.busy(0, Time{kSlot})) << "its own";
    const Time ends = medium.at(slot).ends;
    medium.finish(slot);
    EXPECT_TRUE(medium.busy(1, ends)) << "the end belongs to it";
    EXPECT_FALSE(medium.busy(1, ends + 1us));
}

TEST(Model, has_two_nodes_say_and_relay_once) {
    Scenario scenario = mesh(2, kLoud);
    scenario.messages = {{10s, 0}};
    const Outcome outcome = run(scenario, {}, 1);
    EXPECT_EQ(outcome.messages, 1U);
    EXPECT_EQ(outcome.transmissions, 2U);
    EXPECT_EQ(outcome.received, 2U) << "the origin hears the relay: its acknowledgement";
    EXPECT_EQ(outcome.useful, 1U);
    EXPECT_EQ(outcome.reach_pct, 100);
    EXPECT_EQ(outcome.usefulness_pct, 50);
}

TEST(Model, says_it_four_times_to_nobody) {
    Scenario scenario = mesh(2, kInaudible);
    scenario.messages = {{10s, 0}};
    const Outcome outcome = run(scenario, {}, 1);
    EXPECT_EQ(outcome.transmissions, 4U);
    EXPECT_EQ(outcome.received, 0U);
    EXPECT_EQ(outcome.reach_pct, 0);
}

TEST(Model, stops_at_the_hop_limit) {
    for (const std::uint8_t hops : std::initializer_list<std::uint8_t>{0, 1, 2}) {
        Scenario scenario = mesh(5, kInaudible);
        for (std::size_t i = 0; i + 1 < 5; ++i) {
            link(scenario, i, i + 1, kFaint);
            link(scenario, i + 1, i, kFaint);
        }
        scenario.hop_limit = hops;
        scenario.messages = {{10s, 0}};
        EXPECT_EQ(run(scenario, {}, 3).useful, std::uint64_t{hops} + 1) << "a chain of five";
    }
}

TEST(Model, lets_the_origin_know_what_no_radio_told_it_unless_mended) {
    // Node 1 hears node 0, and nobody hears node 1. It relays, hears the retry of node 0, and that
    // counts as an acknowledgement for the origin.
    Scenario scenario = mesh(2, kInaudible);
    link(scenario, 0, 1, kLoud);
    scenario.messages = {{10s, 0}};
    EXPECT_EQ(run(scenario, {}, 1).transmissions, 3U);
    Fixes fixes;
    fixes.oracle_ack = true;
    EXPECT_EQ(run(scenario, fixes, 1).transmissions, 5U);
}

TEST(Medium, keeps_for_a_packet_the_levels_at_which_it_was_made) {
    const Scenario scenario = mesh(2, kLoud);
    Medium medium(scenario, {});
    const auto made = medium.reach(0);
    medium.set_levels(mesh(2, kInaudible).rssi_mdbm, 1);
    EXPECT_EQ(medium.at(medium.begin(0, 0, made, Time{})).ears.size(), 1U);
    EXPECT_EQ(medium.at(medium.begin(0, 1, medium.reach(0), Time{9s})).ears.size(), 0U);
}

TEST(Firmware, has_the_right_airtime_and_a_signature_in_2_8) {
    Scenario scenario = mesh(2, kLoud);
    scenario.messages = {{10s, 0}};
    const Outcome before = run_firmware(scenario, radio::Firmware::V27, 1);
    EXPECT_EQ(before.reach_pct, 100);
    EXPECT_EQ(before.transmissions, 2U) << "the relay is the acknowledgement";
    EXPECT_NEAR(before.tx_air_pct, 100 * 0.681984 / 600, 1e-9);
    const Outcome since = run_firmware(scenario, radio::Firmware::V28Fixed, 1);
    EXPECT_EQ(since.transmissions, 2U);
    EXPECT_GT(since.tx_air_pct, 1.5 * before.tx_air_pct) << "66 bytes more";
}

TEST(Model, gives_the_same_for_a_seed_and_something_else_for_another) {
    Scenario scenario = mesh(8, kFaint);
    for (int i = 0; i < 40; ++i)
        scenario.messages.push_back({i * 5s, static_cast<std::uint16_t>(i % 8)});
    const std::string once = to_json(run(scenario, {}, 7));
    EXPECT_EQ(to_json(run(scenario, {}, 7)), once);
    EXPECT_NE(to_json(run(scenario, {}, 8)), once);
}

}  // namespace
}  // namespace compot::meshtasticator
