// The ether's path-loss models against their published formulas, which are written out here once
// more in floating point, and against figures that others measured or computed.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <vector>

#include "sim/ether/macro_models.hpp"
#include "sim/ether/propagation.hpp"
#include "sim/ether/reception.hpp"

namespace {

using namespace compot::ether;

constexpr double kThresholdDb = 0.03;

int g_wrong = 0;

Position metres(double x, double z) {
    return {static_cast<std::int32_t>(std::lround(x * 100)), 0,
            static_cast<std::int32_t>(std::lround(z * 100))};
}

double loss_db(const PathLoss& model, double across, double base, double mobile) {
    return model.loss_cdb(metres(0, base), metres(across, mobile)) / 100.0;
}

void verdict(const char* what, double figure, double expected, double threshold) {
    const bool pass = std::abs(figure - expected) <= threshold;
    g_wrong += pass ? 0 : 1;
    std::printf("%s: %.2f, expected %.2f, threshold %.2f: %s\n", what, figure, expected, threshold,
                pass ? "pass" : "FAIL");
}

double friis(double mhz, double m) {
    constexpr double kLight = 299'792'458;
    return 20 * std::log10(4 * M_PI * m * mhz * 1e6 / kLight);
}

struct At {
    double mhz, base, mobile, m;
};

double hata_city(const At& at) {
    const double lf = std::log10(at.mhz);
    const double a = (1.1 * lf - 0.7) * at.mobile - (1.56 * lf - 0.8);
    return 69.55 + 26.16 * lf - 13.82 * std::log10(at.base) - a +
           (44.9 - 6.55 * std::log10(at.base)) * std::log10(at.m / 1000);
}

double hata_large(const At& at) {
    const double lf = std::log10(at.mhz);
    const double small = (1.1 * lf - 0.7) * at.mobile - (1.56 * lf - 0.8);
    const double a = at.mhz < 300 ? 8.29 * std::pow(std::log10(1.54 * at.mobile), 2) - 1.1
                                  : 3.2 * std::pow(std::log10(11.75 * at.mobile), 2) - 4.97;
    return hata_city(at) + small - a;
}

double hata_suburb(const At& at) {
    return hata_city(at) - 2 * std::pow(std::log10(at.mhz / 28), 2) - 5.4;
}

double hata_open(const At& at) {
    const double lf = std::log10(at.mhz);
    return hata_city(at) - 4.78 * lf * lf + 18.33 * lf - 40.94;
}

double macro(const At& at) {
    return (44.9 - 6.55 * std::log10(at.base)) * (std::log10(at.m) - 3) + 45.5 +
           (35.46 - 1.1 * at.mobile) * std::log10(at.mhz) - 13.82 * std::log10(at.base) +
           0.7 * at.mobile;
}

/// The largest difference over a lattice of the model's whole range.
template <typename Model, typename Formula, typename Ground>
void sweep(const char* what, Ground ground, Formula formula) {
    double worst = 0;
    int points = 0;
    for (double mhz = 150; mhz <= 1500; mhz *= 1.13) {
        const Model model(static_cast<std::uint32_t>(std::lround(mhz * 1000)), ground);
        for (const double base : {30.0, 60.0, 120.0, 200.0}) {
            for (const double mobile : {1.0, 2.0, 5.0, 10.0}) {
                for (double m = 1000; m <= 20'000; m *= 1.31) {
                    const At at{mhz, base, mobile, m};
                    const double across = std::sqrt(m * m - (base - mobile) * (base - mobile));
                    const double exact = std::max(formula(at), friis(mhz, m));
                    worst = std::max(worst, std::abs(loss_db(model, across, base, mobile) - exact));
                    ++points;
                }
            }
        }
    }
    const bool pass = worst <= kThresholdDb;
    g_wrong += pass ? 0 : 1;
    std::printf("%s: farthest from its formula at %d points %.3f dB, threshold %.2f dB: %s\n", what,
                points, worst, kThresholdDb, pass ? "pass" : "FAIL");
}

void rates() {
    double worst = 0;
    for (std::uint8_t factor = 7; factor <= 12; ++factor) {
        for (int percent = 2; percent <= 98; percent += 2) {
            const auto wanted = static_cast<std::uint32_t>(65'536 * percent / 100);
            const auto snr = snr_for_survival_cdb(factor, 200, wanted);
            worst = std::max(worst, std::abs(survival_q16(factor, 200, snr) / 655.36 - percent));
        }
    }
    verdict("measured rates, inverted and simulated again: farthest in points", worst, 0, 1.5);
}

}  // namespace

int main() {
    const FreeSpace free_space(908'750);
    verdict("free space, 1 km at 908.75 MHz, dB", loss_db(free_space, 1000, 1, 1), 91.62, 0.02);
    const TwoRay two_ray(908'750);
    verdict("two rays of 1.5 m, 2 km, dB", loss_db(two_ray, 2000, 1.5, 1.5),
            40 * std::log10(2000.0) - 20 * std::log10(1.5 * 1.5), kThresholdDb);
    verdict("two rays, near: free space, dB", loss_db(two_ray, 20, 1.5, 1.5), friis(908.75, 20),
            kThresholdDb);
    const LogDistance log_distance(12'741, 4000, 208);
    verdict("log-distance of LoRaSim, 127.41 dB at 40 m, exponent 2.08, at 4 km, dB",
            loss_db(log_distance, 4000, 1, 1), 127.41 + 41.6, kThresholdDb);
    const Macrocell model_5(908'750, Macrocell::Ground::Suburb);
    const Macrocell model_6(908'750, Macrocell::Ground::City);
    verdict("Meshtasticator's model 5, 1 km, dB", loss_db(model_5, 1000, 1, 1), 147.85, 0.01);
    verdict("its exponent", (loss_db(model_5, 10'000, 1, 1) - loss_db(model_5, 1000, 1, 1)) / 10,
            4.49, 0.002);
    verdict("its loss at the range of 30 dBm on LongFast, 2013.5 m, dB",
            loss_db(model_5, 2013.5, 1, 1), 161.5, 0.02);
    verdict("model 6 above it, dB", loss_db(model_6, 1000, 1, 1) - loss_db(model_5, 1000, 1, 1), 3,
            0.001);
    sweep<Hata>("Hata, city", Hata::Ground::City, hata_city);
    sweep<Hata>("Hata, large city", Hata::Ground::LargeCity, hata_large);
    sweep<Hata>("Hata, suburb", Hata::Ground::Suburb, hata_suburb);
    sweep<Hata>("Hata, open", Hata::Ground::Open, hata_open);
    sweep<Macrocell>("3GPP macrocell", Macrocell::Ground::Suburb, macro);
    rates();
    return g_wrong == 0 ? 0 : 1;
}
