#include "sim/ether/propagation.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace compot::ether {
namespace {

Position metres(double x, double y = 0, double z = 1.5) {
    return {static_cast<std::int32_t>(x * 100), static_cast<std::int32_t>(y * 100),
            static_cast<std::int32_t>(z * 100)};
}

TEST(FreeSpace, loses_91_62_dB_over_a_kilometre_at_908_75_MHz) {
    const FreeSpace model(908'750);
    EXPECT_NEAR(model.loss_cdb(metres(0), metres(1000)), 9162, 1);
    for (double d = 2; d < 100'000; d *= 1.37) {
        const double exact = 20 * std::log10(d) + 20 * std::log10(908.75e6) - 147.5522;
        EXPECT_NEAR(model.loss_cdb(metres(0), metres(d)), exact * 100, 2) << d;
    }
}

TEST(LogDistance, follows_its_exponent) {
    const LogDistance model(12'741, 4000, 208);  // LoRaSim: 127.41 dB at 40 m, exponent 2.08
    EXPECT_NEAR(model.loss_cdb(metres(0), metres(40)), 12'741, 1);
    EXPECT_NEAR(model.loss_cdb(metres(0), metres(400)), 12'741 + 2080, 2);
    EXPECT_NEAR(model.loss_cdb(metres(0), metres(4)), 12'741 - 2080, 2);
}

TEST(TwoRay, is_free_space_near_and_fourth_power_far) {
    const TwoRay model(908'750);
    const FreeSpace free(908'750);
    EXPECT_EQ(model.loss_cdb(metres(0), metres(20)), free.loss_cdb(metres(0), metres(20)));
    const auto far = model.loss_cdb(metres(0), metres(2000));
    EXPECT_NEAR(far, 100 * (40 * std::log10(2000) - 20 * std::log10(1.5 * 1.5)), 3);
    EXPECT_NEAR(model.loss_cdb(metres(0), metres(4000)) - far, 1204, 3);
}

TEST(PathLoss, antennas_on_one_spot_are_a_metre_apart) {
    const FreeSpace model(868'000);
    EXPECT_EQ(model.loss_cdb(metres(5), metres(5)), model.loss_cdb(metres(5), metres(6)));
}

TEST(Ridge, is_crossed_by_what_passes_through_it_and_by_nothing_else) {
    Ridge ridge{metres(0, -10), metres(0, 10), 3000};
    EXPECT_TRUE(crosses(ridge, metres(-5), metres(5)));
    EXPECT_TRUE(crosses(ridge, metres(5, 3), metres(-5, -3)));
    EXPECT_FALSE(crosses(ridge, metres(-5), metres(-1)));
    EXPECT_FALSE(crosses(ridge, metres(-5, 20), metres(5, 20)));
    EXPECT_FALSE(crosses(ridge, metres(5, 20), metres(5, -20)));
    ridge.crest_cm = 2000;
    EXPECT_TRUE(crosses(ridge, metres(-5), metres(5)));
    EXPECT_FALSE(crosses(ridge, metres(-5, 0, 30), metres(5)));
}

}  // namespace
}  // namespace compot::ether
