#include "core/base/fixed_math.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/base/random.hpp"

namespace compot {
namespace {

TEST(FixedMath, logarithm_agrees_with_libm_over_the_whole_range) {
    Random random(1);
    for (int i = 0; i < 100'000; ++i) {
        const std::uint64_t value = (random.next64() >> random.below(64)) | 1U;
        const double exact = std::log2(static_cast<double>(value)) * 65536;
        ASSERT_NEAR(log2_q16(value), exact, 3.0) << value;
        ASSERT_NEAR(decibels_cdb(value), std::log10(static_cast<double>(value)) * 1000, 0.6)
            << value;
    }
    EXPECT_EQ(log2_q16(1), 0);
    EXPECT_EQ(log2_q16(std::uint64_t{1} << 63U), 63 * 65536);
    EXPECT_EQ(decibels_cdb(1000), 3000);
}

TEST(FixedMath, power_ratio_undoes_decibels) {
    for (std::int32_t level = -4000; level <= 13000; ++level) {
        const double exact = std::pow(10.0, level / 1000.0) * 65536;
        ASSERT_NEAR(static_cast<double>(power_ratio_q16(level)), exact, exact * 1e-4 + 1.5)
            << level;
    }
    EXPECT_EQ(power_ratio_q16(-20000), 0U);
    EXPECT_EQ(exp2_q16(100 * 65536), ~std::uint64_t{0});
    EXPECT_EQ(exp2_q16(-40 * 65536), 0U);
}

TEST(FixedMath, two_equal_powers_are_three_decibels_more) {
    EXPECT_NEAR(sum_of_powers_cdb(-12000, -12000), -11699, 1);
    EXPECT_EQ(sum_of_powers_cdb(-12000, -20000), -12000);
    for (std::int32_t gap = 0; gap <= 3000; gap += 10) {
        const double exact = 1000 * std::log10(1 + std::pow(10.0, -gap / 1000.0));
        ASSERT_NEAR(sum_of_powers_cdb(-gap, 0), exact, 2.0) << gap;
    }
}

TEST(FixedMath, square_root_is_the_whole_part) {
    Random random(2);
    for (int i = 0; i < 100'000; ++i) {
        const std::uint64_t value = random.next64() >> random.below(64);
        const std::uint64_t root = square_root(value);
        ASSERT_LE(root * root, value);
        const bool last = root == 0xFFFFFFFFU;
        ASSERT_TRUE(last || (root + 1) * (root + 1) > value) << value;
    }
    EXPECT_EQ(square_root(~std::uint64_t{0}), 0xFFFFFFFFU);
}

TEST(FixedMath, sine_agrees_with_libm_on_every_turn) {
    for (std::uint32_t turn = 0; turn < 65536; ++turn) {
        const double angle = 2 * M_PI * turn / 65536.0;
        ASSERT_NEAR(sine_q15(static_cast<std::uint16_t>(turn)), std::sin(angle) * 32768, 1.6);
        ASSERT_NEAR(cosine_q15(static_cast<std::uint16_t>(turn)), std::cos(angle) * 32768, 1.6);
    }
}

TEST(FixedMath, normal_has_the_moments_and_the_tails_of_its_distribution) {
    Random random(3);
    const int draws = 400'000;
    double sum = 0;
    double squares = 0;
    int beyond_two = 0;
    for (int i = 0; i < draws; ++i) {
        const double value = normal(random, 10'000) / 10'000.0;
        sum += value;
        squares += value * value;
        if (value > 2) ++beyond_two;
    }
    EXPECT_NEAR(sum / draws, 0, 0.006);
    EXPECT_NEAR(squares / draws, 1, 0.01);
    EXPECT_NEAR(beyond_two / static_cast<double>(draws), 0.02275, 0.001);
}

TEST(FixedMath, exponential_has_its_mean_and_its_median) {
    Random random(4);
    const int draws = 200'000;
    double sum = 0;
    int below_median = 0;
    for (int i = 0; i < draws; ++i) {
        const auto value = exponential(random, 60'000'000);
        ASSERT_GE(value, 0);
        sum += static_cast<double>(value);
        if (value < 41'588'831) ++below_median;
    }
    EXPECT_NEAR(sum / draws / 60e6, 1, 0.01);
    EXPECT_NEAR(below_median / static_cast<double>(draws), 0.5, 0.005);
    EXPECT_EQ(exponential(random, 0), 0);
}

}  // namespace
}  // namespace compot
