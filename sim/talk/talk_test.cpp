#include "sim/talk/talk.hpp"

#include <gtest/gtest.h>

namespace compot::talk {
namespace {

constexpr std::int32_t kNear = 9'000;
constexpr std::int32_t kOutOfReach = 30'000;

/// A chain: each hears its neighbours alone.
Talk chain(std::size_t radios, std::uint64_t seed, bool encrypts = true) {
    radio::Settings settings;
    settings.modem = air::modem(air::Preset::LongFast);
    settings.channels.push_back(radio::default_channel("LongFast"));
    settings.encrypts = encrypts;
    ether::Terms terms;
    terms.seed = seed;
    auto ether = std::make_unique<ether::Ether>(terms, std::make_unique<ether::FreeSpace>(869'525));
    Talk talk(std::move(settings), std::move(ether), seed);
    ether::Antenna antenna;
    antenna.modem = air::modem(air::Preset::LongFast);
    for (std::size_t i = 0; i < radios; ++i) talk.add(antenna, radio::Role::Client);
    for (std::uint32_t i = 0; i < radios; ++i)
        for (std::uint32_t j = 0; j < radios; ++j)
            if (i != j) talk.ether().set_loss(i, j, i + 1 == j || j + 1 == i ? kNear : kOutOfReach);
    return talk;
}

TEST(Talk, carries_a_text_over_three_hops_and_no_further) {
    Talk talk = chain(6, 1);
    talk.say(0, Time{1s}, 36);
    talk.run_until(Time{120s});
    EXPECT_EQ(talk.tally().messages, 1U);
    EXPECT_EQ(talk.tally().useful, 4U) << "radios 1 to 4";
    EXPECT_EQ(talk.tally().transmissions, 4U) << "the fifth has no hop left";
    EXPECT_EQ(talk.tally().air, 4 * 681'984us) << "16 + 40 bytes each";
}

TEST(Talk, is_the_same_without_encryption) {
    Talk sealed = chain(5, 3);
    Talk open = chain(5, 3, false);
    for (Talk* talk : {&sealed, &open}) {
        for (int i = 0; i < 20; ++i) talk->say(static_cast<std::size_t>(i % 5), Time{i * 7s}, 30);
        talk->run_until(Time{300s});
    }
    EXPECT_EQ(sealed.tally().transmissions, open.tally().transmissions);
    EXPECT_EQ(sealed.tally().delays, open.tally().delays);
}

TEST(Talk, repeats_itself_for_a_seed_and_not_for_another) {
    const auto delays = [](std::uint64_t seed) {
        Talk talk = chain(5, seed);
        for (int i = 0; i < 20; ++i) talk.say(static_cast<std::size_t>(i % 5), Time{i * 2s}, 30);
        talk.run_until(Time{300s});
        return talk.tally().delays;
    };
    EXPECT_EQ(delays(5), delays(5));
    EXPECT_NE(delays(5), delays(6));
}

}  // namespace
}  // namespace compot::talk
