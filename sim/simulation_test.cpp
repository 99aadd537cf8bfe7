#include "sim/simulation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
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

/// A scenario of two nodes in reach of each other, and a firmware's antenna between them.
Result<scenario::Scenario, scenario::Failure> with_guest() {
    return scenario::parse(
        "swarm = {secret = \"x\"}\ntiming = {beacon_min_s = 3600, beacon_max_s = 3600}\n"
        "[[node]]\nname = \"a\"\nat = [1, 1]\n[[node]]\nname = \"b\"\nat = [3, 1]\n"
        "[[firmware]]\nname = \"f\"\nat = [2, 1]\n",
        "guest.toml", {});
}

struct Antenna final : GuestListener {
    void heard(std::size_t guest, BytesView frame, std::int16_t, std::int16_t) override {
        EXPECT_EQ(guest, 0U);
        frames.emplace_back(frame.begin(), frame.end());
    }

    std::vector<std::vector<std::uint8_t>> frames;
};

TEST(Guest, takes_part_in_real_time_alone) {
    const auto scenario = with_guest();
    ASSERT_TRUE(scenario.ok()) << scenario.error().sentence;
    const auto refused = Simulation::create(*scenario, {});
    ASSERT_FALSE(refused.ok());
    EXPECT_NE(refused.error().sentence.find("real firmware"), std::string::npos);
}

TEST(Guest, hears_our_radios_and_is_relayed_by_them) {
    Options options;
    options.real_time = true;
    auto world = Simulation::create(*with_guest(), options);
    ASSERT_TRUE(world.ok()) << world.error().sentence;
    Antenna antenna;
    (*world)->set_guest_listener(&antenna);
    (*world)->run_until(Time{20s});
    antenna.frames.clear();
    radio::Header header;
    header.from = NodeId{0x51B00D45};
    header.id = PacketId{7};
    header.channel_hash = 0x11;
    std::vector<std::uint8_t> frame(40, 0xAB);
    const auto head = radio::encode(header);
    std::copy(head.begin(), head.end(), frame.begin());
    ASSERT_TRUE((*world)->guest_sends(0, header.from, frame).ok());
    (*world)->run_until(Time{30s});
    ASSERT_FALSE(antenna.frames.empty());  // a relay of its own packet, by a radio that can't read
    const auto relayed = radio::decode_header(antenna.frames[0]);
    ASSERT_TRUE(relayed.ok());
    EXPECT_EQ(relayed->from, header.from);
    EXPECT_EQ(relayed->hop_limit, header.hop_limit - 1);
    EXPECT_TRUE(std::equal(antenna.frames[0].begin() + 16, antenna.frames[0].end(),
                           frame.begin() + 16, frame.end()));
}

TEST(Guest, has_a_queue_like_a_radios_and_sends_all_that_it_took) {
    Options options;
    options.real_time = true;
    auto world = Simulation::create(*with_guest(), options);
    ASSERT_TRUE(world.ok());
    (*world)->run_until(Time{20s});
    radio::Header header;
    header.from = NodeId{0x51B00D45};
    header.hop_limit = 0;
    std::uint32_t taken = 0;
    for (std::uint32_t i = 1; i <= 20; ++i) {
        header.id = PacketId{i};
        const auto frame = radio::encode(header);
        if ((*world)->guest_sends(0, header.from, frame).ok()) ++taken;
    }
    EXPECT_EQ(taken, Guests::kQueueMax);
    const std::vector<std::uint8_t> nothing;
    EXPECT_FALSE((*world)->guest_sends(0, header.from, nothing).ok());
    const auto before = (*world)->report().foreign_frames;
    (*world)->run_until(Time{30s});
    EXPECT_EQ((*world)->report().foreign_frames - before, taken);
}

}  // namespace
}  // namespace compot::sim
