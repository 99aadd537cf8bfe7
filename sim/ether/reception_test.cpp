#include "sim/ether/reception.hpp"

#include <gtest/gtest.h>

#include <string_view>
#include <utility>

#include "core/air/modem.hpp"

namespace compot::ether {
namespace {

// Sensitivities that Meshtastic's own simulator states, per preset.
TEST(Sensitivity, equals_the_published_figure_of_each_preset) {
    using Figure = std::pair<std::string_view, int>;
    for (const auto& [name, cdbm] :
         {Figure{"ShortTurbo", -11850}, Figure{"ShortFast", -12150}, Figure{"ShortSlow", -12400},
          Figure{"MediumFast", -12650}, Figure{"MediumSlow", -12900}, Figure{"LongTurbo", -12850},
          Figure{"LongFast", -13150}, Figure{"LongModerate", -13450}, Figure{"LongSlow", -13700}}) {
        const auto modem = air::preset(name);
        ASSERT_TRUE(modem.ok()) << name;
        EXPECT_NEAR(noise_floor_cdbm(modem->bandwidth_hz) + snr_least_cdb(modem->spreading_factor),
                    cdbm, 10)
            << name;
    }
}

double loss_percent(std::uint8_t factor, int snr_cdb) {
    return 100.0 - survival_q16(factor, 56, snr_cdb) / 655.36;
}

// Frame error rates of 56 bytes by Elshabrawy and Robert 2018.
TEST(LossCurve, has_the_published_soft_edge) {
    EXPECT_NEAR(loss_percent(11, -1750), 0.08, 0.03);
    EXPECT_NEAR(loss_percent(11, -1850), 4, 0.5);
    EXPECT_NEAR(loss_percent(11, -1950), 51, 1);
    EXPECT_NEAR(loss_percent(11, -2050), 99, 1);
    EXPECT_NEAR(loss_percent(7, -750), 6, 0.7);
    EXPECT_NEAR(loss_percent(7, -850), 52, 1.5);
    EXPECT_NEAR(loss_percent(7, -950), 99, 1);
}

TEST(LossCurve, never_rises_with_the_signal_and_ends_at_all_and_nothing) {
    for (std::uint8_t factor = 5; factor <= 12; ++factor) {
        std::uint32_t last = 0;
        for (int snr = -3000; snr <= 1500; ++snr) {
            const std::uint32_t now = survival_q16(factor, 100, snr);
            ASSERT_GE(now, last);
            last = now;
        }
        EXPECT_EQ(survival_q16(factor, 100, -3000), 0U);
        EXPECT_EQ(last, 65536U);
    }
}

TEST(Capture, has_both_published_matrices) {
    for (std::uint8_t factor = 7; factor <= 12; ++factor) {
        EXPECT_EQ(capture_cdb(Capture::SixDecibels, factor, factor), 600);
        EXPECT_EQ(capture_cdb(Capture::Croce, factor, factor), 100);
    }
    EXPECT_EQ(capture_cdb(Capture::Croce, 7, 8), -800);
    EXPECT_EQ(capture_cdb(Capture::Croce, 12, 11), -2300);
    EXPECT_EQ(capture_cdb(Capture::SixDecibels, 7, 12), -2000);
    EXPECT_EQ(capture_cdb(Capture::SixDecibels, 12, 7), -3600);
}

TEST(Reception, a_rate_leads_back_to_the_snr_that_gives_it) {
    for (std::uint8_t factor = 7; factor <= 12; ++factor) {
        for (const std::size_t bytes : {20U, 100U, 255U}) {
            std::int32_t last = -10'000;
            for (const std::uint32_t rate : {700U, 6554U, 32'768U, 58'982U, 65'000U, 65'536U}) {
                const std::int32_t snr = snr_for_survival_cdb(factor, bytes, rate);
                EXPECT_NEAR(survival_q16(factor, bytes, snr), rate, 700) << unsigned{factor};
                EXPECT_GE(survival_q16(factor, bytes, snr), rate);
                EXPECT_GT(snr, last);
                last = snr;
            }
        }
    }
}

}  // namespace
}  // namespace compot::ether
