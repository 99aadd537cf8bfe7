#include "sim/sweep/statistics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "core/base/check.hpp"

namespace compot::sweep {

Share share(std::size_t hits, std::size_t runs) {
    COMPOT_CHECK(runs > 0 && hits <= runs);
    constexpr double kZ = 1.96;
    const auto n = static_cast<double>(runs);
    const double p = static_cast<double>(hits) / n;
    const double centre = p + kZ * kZ / (2 * n);
    const double half = kZ * std::sqrt(p * (1 - p) / n + kZ * kZ / (4 * n * n));
    const double whole = 1 + kZ * kZ / n;
    return {hits, runs, std::max(0.0, (centre - half) / whole),
            std::min(1.0, (centre + half) / whole)};
}

double student_95(std::size_t degrees) {
    COMPOT_CHECK(degrees > 0);
    constexpr std::array<double, 30> kSmall{12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306,
                                            2.262,  2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
                                            2.110,  2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064,
                                            2.060,  2.056, 2.052, 2.048, 2.045, 2.042};
    if (degrees <= kSmall.size()) return kSmall[degrees - 1];
    if (degrees < 40) return 2.042;
    if (degrees < 60) return 2.021;
    if (degrees < 120) return 2.000;
    return 1.980;
}

std::optional<Spread> spread(std::vector<double> figures) {
    if (figures.empty()) return std::nullopt;
    std::sort(figures.begin(), figures.end());
    const auto rank = [&](std::size_t percent) {
        return figures[(figures.size() * percent + 99) / 100 - 1];
    };
    const auto n = static_cast<double>(figures.size());
    Spread spread;
    spread.runs = figures.size();
    spread.mean = std::accumulate(figures.begin(), figures.end(), 0.0) / n;
    spread.median = rank(50);
    spread.p95 = rank(95);
    if (figures.size() < 2) return spread;
    double squares = 0;
    for (const double figure : figures) squares += (figure - spread.mean) * (figure - spread.mean);
    const double half = student_95(figures.size() - 1) * std::sqrt(squares / (n - 1) / n);
    spread.low = spread.mean - half;
    spread.high = spread.mean + half;
    return spread;
}

}  // namespace compot::sweep
