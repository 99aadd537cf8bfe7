#include "tests/acceptance/forms/verdicts.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace compot::forms {

namespace {

constexpr std::size_t kBatches = 40;
constexpr double kStudent = 2.708;
constexpr double kStudent999 = 3.558;

}  // namespace

double Sample::mean() const {
    return static_cast<double>(std::accumulate(outcomes_.begin(), outcomes_.end(), 0U)) /
           static_cast<double>(outcomes_.size());
}

double Sample::half_width() const {
    const std::size_t each = outcomes_.size() / kBatches;
    double squares = 0;
    for (std::size_t i = 0; i < kBatches; ++i) {
        const auto begin = outcomes_.begin() + static_cast<std::ptrdiff_t>(i * each);
        const double batch = static_cast<double>(std::accumulate(
                                 begin, begin + static_cast<std::ptrdiff_t>(each), 0U)) /
                             static_cast<double>(each);
        squares += (batch - mean()) * (batch - mean());
    }
    const double deviation = std::sqrt(squares / (kBatches - 1));
    return std::max(kStudent * deviation / std::sqrt(static_cast<double>(kBatches)),
                    3.0 / static_cast<double>(outcomes_.size()));
}

void Verdicts::expect(bool held, const std::string& line) {
    all_held_ = all_held_ && held;
    fmt::print("{}: {}\n", line, held ? "pass" : "FAIL");
}

void Verdicts::expect_formula(const std::string& what, const Sample& sample, double formula) {
    const double low = sample.mean() - sample.half_width();
    const double high = sample.mean() + sample.half_width();
    const double most = sample.half_width() * kStudent999 / kStudent;
    expect(std::abs(sample.mean() - formula) <= most,
           fmt::format("{}: {:.4f}, n {}, 99 % interval {:.4f} to {:.4f}, formula {:.4f}, within "
                       "{:.4f}",
                       what, sample.mean(), sample.size(), low, high, formula, most));
}

}  // namespace compot::forms
