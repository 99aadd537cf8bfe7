#include "sim/ether/macro_models.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace compot::ether {
namespace {

Position metres(double x, double z) {
    return {static_cast<std::int32_t>(std::lround(x * 100)), 0,
            static_cast<std::int32_t>(std::lround(z * 100))};
}

double free_space(double mhz, double km) {
    return 20 * std::log10(km) + 20 * std::log10(mhz) + 32.4478;
}

/// The published formulas in floating point.
double hata(double mhz, double base, double mobile, double km, Hata::Ground ground) {
    const double lf = std::log10(mhz);
    double a = (1.1 * lf - 0.7) * mobile - (1.56 * lf - 0.8);
    if (ground == Hata::Ground::LargeCity) {
        a = mhz < 300 ? 8.29 * std::pow(std::log10(1.54 * mobile), 2) - 1.1
                      : 3.2 * std::pow(std::log10(11.75 * mobile), 2) - 4.97;
    }
    double loss = 69.55 + 26.16 * lf - 13.82 * std::log10(base) - a +
                  (44.9 - 6.55 * std::log10(base)) * std::log10(km);
    if (ground == Hata::Ground::Suburb) loss -= 2 * std::pow(std::log10(mhz / 28), 2) + 5.4;
    if (ground == Hata::Ground::Open) loss -= 4.78 * lf * lf - 18.33 * lf + 40.94;
    return loss;
}

TEST(Hata, is_the_published_formula_within_its_range) {
    for (const auto ground :
         {Hata::Ground::LargeCity, Hata::Ground::City, Hata::Ground::Suburb, Hata::Ground::Open}) {
        for (const double mhz : {169.0, 433.0, 869.525, 908.75, 1500.0}) {
            const Hata model(static_cast<std::uint32_t>(std::lround(mhz * 1000)), ground);
            for (const double base : {30.0, 75.5, 200.0}) {
                for (const double mobile : {1.0, 1.5, 10.0}) {
                    for (double km = 1; km <= 20; km *= 1.7) {
                        const double across = std::sqrt(km * km * 1e6 - std::pow(base - mobile, 2));
                        const double exact =
                            std::max(hata(mhz, base, mobile, km, ground), free_space(mhz, km));
                        EXPECT_NEAR(model.loss_cdb(metres(0, base), metres(across, mobile)),
                                    exact * 100, 2)
                            << mhz << " MHz " << base << " m " << mobile << " m " << km << " km";
                    }
                }
            }
        }
    }
}

// Worked by hand from the paper: 900 MHz, 30 m, 1.5 m, 1 km.
TEST(Hata, gives_the_figures_of_a_worked_example) {
    const auto at = [](Hata::Ground ground) {
        return Hata(900'000, ground).loss_cdb(metres(0, 30), metres(999.6, 1.5));
    };
    EXPECT_NEAR(at(Hata::Ground::City), 12'640, 2);
    EXPECT_NEAR(at(Hata::Ground::LargeCity), 12'642, 2);
    EXPECT_NEAR(at(Hata::Ground::Suburb), 11'646, 2);
    EXPECT_NEAR(at(Hata::Ground::Open), 9790, 2);
}

TEST(Hata, does_not_matter_who_sends_and_never_beats_free_space) {
    const Hata model(869'525, Hata::Ground::Open);
    const FreeSpace free(869'525);
    EXPECT_EQ(model.loss_cdb(metres(0, 30), metres(4000, 2)),
              model.loss_cdb(metres(0, 2), metres(-4000, 30)));
    for (double d = 1; d < 50'000; d *= 1.3)
        EXPECT_GE(model.loss_cdb(metres(0, 30), metres(d, 2)),
                  free.loss_cdb(metres(0, 30), metres(d, 2)));
}

TEST(Macrocell, is_Meshtasticators_model_5) {
    const Macrocell suburb(908'750, Macrocell::Ground::Suburb);
    const Macrocell city(908'750, Macrocell::Ground::City);
    EXPECT_NEAR(suburb.loss_cdb(metres(0, 1), metres(1000, 1)), 14'785, 1);
    EXPECT_NEAR(city.loss_cdb(metres(0, 1), metres(1000, 1)), 15'085, 1);
    EXPECT_NEAR(suburb.loss_cdb(metres(0, 1), metres(10'000, 1)) -
                    suburb.loss_cdb(metres(0, 1), metres(1000, 1)),
                4490, 2)
        << "exponent 4.49";
    // Its range: 30 dBm and LongFast's -131.5 dBm are 161.5 dB at 2013.5 m.
    EXPECT_NEAR(suburb.loss_cdb(metres(0, 1), metres(2013.5, 1)), 16'150, 2);
}

TEST(Macrocell, follows_the_heights) {
    for (const double base : {1.0, 8.0, 32.0}) {
        for (const double mobile : {0.5, 1.0, 1.5}) {
            const Macrocell model(869'525, Macrocell::Ground::Suburb);
            const double exact =
                (44.9 - 6.55 * std::log10(std::max(base, mobile))) * (std::log10(3000.0) - 3) +
                45.5 + (35.46 - 1.1 * std::min(base, mobile)) * std::log10(869.525) -
                13.82 * std::log10(std::max(base, mobile)) + 0.7 * std::min(base, mobile);
            const double across = std::sqrt(9e6 - std::pow(base - mobile, 2));
            EXPECT_NEAR(model.loss_cdb(metres(0, base), metres(across, mobile)), exact * 100, 2)
                << base << " " << mobile;
        }
    }
}

/// Whoever is farther apart than the reach loses more, however high both stand up to the highest.
TEST(MacroModels, nobody_is_heard_beyond_the_reach) {
    const Hata hata(869'525, Hata::Ground::Open, 1000);
    const Macrocell macrocell(869'525, Macrocell::Ground::City, 1000);
    for (const PathLoss* model :
         {static_cast<const PathLoss*>(&hata), static_cast<const PathLoss*>(&macrocell)}) {
        for (const std::int32_t loss : {9000, 12'000, 15'000, 17'000}) {
            const auto reach = model->reach_cm(loss);
            ASSERT_TRUE(reach);
            for (const double height : {0.5, 2.0, 10.0}) {
                for (const double factor : {1.001, 1.5, 4.0}) {
                    const double metre = static_cast<double>(*reach) / 100 * factor;
                    EXPECT_GT(model->loss_cdb(metres(0, height), metres(metre, 10)), loss);
                    EXPECT_GT(model->loss_cdb(metres(0, height), metres(metre, 1)), loss);
                }
            }
            if (*reach > 100'000) {
                const double metre = static_cast<double>(*reach) / 100 * 0.999;
                EXPECT_LE(model->loss_cdb(metres(0, 10), metres(metre, 10)), loss) << "and no more";
            }
        }
    }
    EXPECT_FALSE(Hata(869'525, Hata::Ground::Open).reach_cm(15'000)) << "of unknown heights";
}

}  // namespace
}  // namespace compot::ether
