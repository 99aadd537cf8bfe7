#include <fmt/core.h>

#include <array>
#include <cmath>

#include "tests/acceptance/forms/air_lab.hpp"
#include "tests/acceptance/forms/verdicts.hpp"

/// What noise does to a frame alone, and what a second frame does to it.

namespace compot::forms {

namespace {

using observe::Fate;

constexpr std::size_t kFrameBytes = 56;

/// Elshabrawy and Robert, IEEE Communications Letters 2018: a bit's error, over 8 bits a byte.
double loss_formula(int factor, double snr_db) {
    const double snr = std::pow(10.0, snr_db / 10);
    const double argument =
        std::sqrt(std::exp2(factor + 1) * snr) - std::sqrt(1.386 * factor + 1.154);
    const double bit = 0.5 * 0.5 * std::erfc(argument / std::sqrt(2.0));
    return 1 - std::pow(1 - bit, 8.0 * kFrameBytes);
}

air::Modem modem_of(int factor) {
    air::Modem modem;
    modem.spreading_factor = static_cast<std::uint8_t>(factor);
    return modem;
}

Sample losses(int factor, double snr_db, std::size_t frames) {
    const air::Modem modem = modem_of(factor);
    AirLab lab(modem, {static_cast<std::int32_t>(std::lround(snr_db * 100))});
    const Duration airtime = *air::airtime(modem, kFrameBytes);
    Sample sample;
    Time now{};
    for (std::size_t i = 0; i < frames; ++i) {
        const ether::Flight flight = *lab.ether().begin(1, kFrameBytes, now);
        sample.add(lab.fate(flight) != Fate::Decoded);
        now += airtime;
    }
    return sample;
}

struct Quoted {
    int factor;
    double snr_db;
    double loss;
};

/// Of 56 bytes, from the same paper's formula as others have computed it.
constexpr std::array kQuoted{Quoted{11, -17.5, 0.0008}, Quoted{11, -18.5, 0.04},
                             Quoted{11, -19.5, 0.51},   Quoted{11, -20.5, 0.99},
                             Quoted{7, -7.5, 0.06},     Quoted{7, -8.5, 0.52},
                             Quoted{7, -9.5, 0.99}};

void check_curve(Verdicts& verdicts) {
    for (const Quoted& each : kQuoted) {
        const double formula = loss_formula(each.factor, each.snr_db);
        verdicts.expect_formula(
            fmt::format("loss of 56 bytes at SF{} and {:.1f} dB", each.factor, each.snr_db),
            losses(each.factor, each.snr_db, verdicts.share(40'000)), formula);
        verdicts.expect(std::abs(formula - each.loss) <= 0.01,
                        fmt::format("    the formula is {:.4f}, quoted {:.4f}, within 0.01",
                                    formula, each.loss));
    }
}

/// SOURCE: Croce et al. 2018, rows SF7 to SF12 of the wanted frame.
constexpr int kCroce[6][6] = {{1, -8, -9, -9, -9, -9},      {-11, 1, -11, -12, -13, -13},
                              {-15, -13, 1, -13, -14, -15}, {-19, -18, -17, 1, -17, -18},
                              {-22, -22, -21, -20, 1, -20}, {-25, -25, -25, -24, -23, 1}};
/// SOURCE: Goursaud and Gorce 2015, as in ns-3's lorawan.
constexpr int kGoursaud[6][6] = {{6, -16, -18, -19, -19, -20}, {-24, 6, -20, -22, -22, -22},
                                 {-27, -27, 6, -23, -25, -25}, {-30, -30, -30, 6, -26, -28},
                                 {-33, -33, -33, -33, 6, -29}, {-36, -36, -36, -36, -36, 6}};

/// A frame and one that begins a little later, `margin_cdb` weaker (or, below 0, stronger).
bool survives(int factor, int other_factor, std::int32_t margin_cdb, ether::Capture capture) {
    constexpr std::int32_t kWell = 2000;  // dB above noise, hundredths
    const air::Modem modem = modem_of(factor);
    AirLab lab(modem, {kWell}, capture);
    const ether::Station other = lab.add(modem_of(other_factor), kWell - margin_cdb);
    const ether::Flight wanted = *lab.ether().begin(1, 100, Time{});
    const ether::Flight rival = *lab.ether().begin(other, 100, Time{1ms});
    static_cast<void>(rival);
    return lab.fate(wanted) == Fate::Decoded;
}

void check_matrix(Verdicts& verdicts, const char* name, const int (&matrix)[6][6],
                  ether::Capture capture) {
    int wrong = 0;
    for (int i = 0; i < 6; ++i) {
        for (int j = 0; j < 6; ++j) {
            const std::int32_t threshold = matrix[i][j] * 100;
            wrong += survives(7 + i, 7 + j, threshold, capture) ? 0 : 1;
            wrong += survives(7 + i, 7 + j, threshold - 10, capture) ? 1 : 0;
        }
    }
    verdicts.expect(wrong == 0,
                    fmt::format("capture matrix of {}: 72 frames at its 36 thresholds and "
                                "0.1 dB below, wrong {}, threshold 0",
                                name, wrong));
}

}  // namespace

void check_reception(Verdicts& verdicts) {
    check_curve(verdicts);
    check_matrix(verdicts, "Goursaud", kGoursaud, ether::Capture::SixDecibels);
    check_matrix(verdicts, "Croce", kCroce, ether::Capture::Croce);
}

}  // namespace compot::forms
