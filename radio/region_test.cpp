#include "radio/region.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "radio/golden.hpp"

namespace compot::radio {
namespace {

TEST(Region, has_band_law_presets_and_slots_as_the_real_firmware_has_them) {
    const auto& golden = golden::vectors()["regions"];
    ASSERT_EQ(regions().size(), golden.size());
    std::size_t slots = 0;
    for (const auto& row : golden) {
        const auto region = region_named(row["name"].get<std::string>());
        ASSERT_TRUE(region.ok()) << row["name"];
        EXPECT_EQ(region->code, row["code"].get<int>());
        EXPECT_EQ(region->start_hz, std::lround(row["start"].get<double>() * 1e6));
        EXPECT_EQ(region->end_hz, std::lround(row["end"].get<double>() * 1e6));
        EXPECT_EQ(region->duty_cycle_permille, std::lround(row["duty_cycle"].get<double>() * 10));
        EXPECT_EQ(region->power_limit_dbm, row["power_limit"].get<int>());
        EXPECT_EQ(region->wide_band, row["wide"].get<bool>());
        EXPECT_EQ(region->presets.size(), row["presets"].size());
        for (const auto& each : row["presets"]) {
            const air::Preset preset = *air::preset_named(each["name"].get<std::string>());
            EXPECT_EQ(region->presets.front() == preset, each["default"].get<bool>());
            const auto slot = slot_of(*region, preset);
            ASSERT_TRUE(slot.ok()) << row["name"] << ' ' << each["name"];
            EXPECT_EQ(slot->number, each["slot"].get<std::uint32_t>())
                << row["name"] << ' ' << each["name"];
            EXPECT_NEAR(slot->frequency_hz, each["freq_mhz"].get<double>() * 1e6, 100)
                << row["name"] << ' ' << each["name"];
            ++slots;
        }
    }
    EXPECT_GT(slots, 200U);
}

TEST(Region, refuses_a_preset_that_is_too_wide_for_it) {
    EXPECT_EQ(slot_of(*region_named("EU_868"), air::Preset::ShortTurbo).error(), Error::Refused);
    EXPECT_TRUE(slot_of(*region_named("US"), air::Preset::ShortTurbo).ok());
}

TEST(Region, is_found_in_any_case_or_not_at_all) {
    EXPECT_EQ(region_named("eu_868")->code, 3);
    EXPECT_FALSE(region_named("EU").ok());
    EXPECT_FALSE(region_named("").ok());
}

TEST(Region, puts_a_channel_with_a_name_of_its_own_elsewhere) {
    const Region us = *region_named("US");
    const auto swarm = slot_of(us, air::Preset::ShortFast, "Swarm");
    ASSERT_TRUE(swarm.ok());
    EXPECT_LE(swarm->number, swarm->of);
    EXPECT_NE(swarm->number, slot_of(us, air::Preset::ShortFast)->number);
}

}  // namespace
}  // namespace compot::radio
