#include "sim/ether/macro_models.hpp"

#include <algorithm>
#include <limits>

#include "core/base/fixed_math.hpp"

namespace compot::ether {

namespace {

constexpr std::int64_t kOne = 65536;

/// log10 in 1/65536. REQUIRES: value > 0.
std::int64_t log10_q16(std::uint64_t value) {
    constexpr std::int64_t kLog10Of2Q30 = 323'228'497;
    return (log2_q16(value) * kLog10Of2Q30) >> 30U;
}

/// Hundredths of a dB out of a sum of terms in 1/65536 of them.
std::int32_t rounded(std::int64_t cdb_q16) {
    return static_cast<std::int32_t>((cdb_q16 + kOne / 2) >> 16U);
}

std::int64_t times(std::int64_t a_q16, std::int64_t b_q16) { return (a_q16 * b_q16) >> 16U; }

/// Both antennas, and log10 of the kilometres between them.
struct Path {
    Path(const Position& from, const Position& to)
        : base_cm(std::max({from.z_cm, to.z_cm, 1})),
          mobile_cm(std::max(std::min(from.z_cm, to.z_cm), 1)),
          log_base_q16(log10_q16(static_cast<std::uint64_t>(base_cm)) - 2 * kOne),
          log_km_q16(log10_q16(distance_squared_cm2(from, to)) / 2 - 5 * kOne) {}

    /// (44.9 - 6.55 log10 h) log10 d: the same in both models.
    [[nodiscard]] std::int64_t distance_term_q16() const {
        return times(4490 * kOne - 655 * log_base_q16, log_km_q16);
    }

    std::int32_t base_cm;
    std::int32_t mobile_cm;
    std::int64_t log_base_q16;
    std::int64_t log_km_q16;
};

/// Beyond a kilometre both models lose less the higher the antennas are, and more the farther they
/// are apart: two of the highest reach farthest. Nearer than that nothing is claimed.
std::optional<std::int64_t> reach_of(const PathLoss& model, std::int32_t highest_cm,
                                     std::int32_t loss_cdb) {
    if (highest_cm <= 0) return std::nullopt;
    std::int64_t near = 100'000;
    std::int64_t far = std::numeric_limits<std::int32_t>::max();
    const Position here{0, 0, highest_cm};
    while (near < far) {
        const std::int64_t middle = near + (far - near) / 2;
        if (model.loss_cdb(here, {static_cast<std::int32_t>(middle), 0, highest_cm}) <= loss_cdb) {
            near = middle + 1;
        } else {
            far = middle;
        }
    }
    if (far == std::numeric_limits<std::int32_t>::max()) return std::nullopt;
    return far;
}

}  // namespace

Hata::Hata(std::uint32_t frequency_khz, Ground ground, std::int32_t highest_cm)
    : free_(frequency_khz),
      ground_(ground),
      highest_cm_(highest_cm),
      frequency_khz_(frequency_khz),
      log_frequency_q16_(log10_q16(frequency_khz) - 3 * kOne) {
    if (ground == Ground::Suburb) {
        const std::int64_t log_ratio = log10_q16(frequency_khz) - log10_q16(28'000);
        ground_term_q16_ = 200 * times(log_ratio, log_ratio) + 540 * kOne;
    } else if (ground == Ground::Open) {
        ground_term_q16_ = 478 * times(log_frequency_q16_, log_frequency_q16_) -
                           1833 * log_frequency_q16_ + 4094 * kOne;
    }
}

std::int64_t Hata::mobile_correction_q16(std::int32_t height_cm) const {
    const auto height = static_cast<std::uint64_t>(height_cm);
    if (ground_ != Ground::LargeCity) {
        return (110 * log_frequency_q16_ - 70 * kOne) * height_cm / 100 -
               (156 * log_frequency_q16_ - 80 * kOne);
    }
    constexpr std::uint32_t kLowBandKhz = 300'000;
    const bool low = frequency_khz_ < kLowBandKhz;
    // Metres times 1.54 or 11.75, the product with four decimals.
    const std::int64_t log = log10_q16(height * (low ? 154U : 1175U)) - 4 * kOne;
    return low ? 829 * times(log, log) - 110 * kOne : 320 * times(log, log) - 497 * kOne;
}

std::int32_t Hata::loss_cdb(const Position& from, const Position& to) const {
    const Path path(from, to);
    const std::int64_t loss_q16 = 6955 * kOne + 2616 * log_frequency_q16_ -
                                  1382 * path.log_base_q16 - mobile_correction_q16(path.mobile_cm) +
                                  path.distance_term_q16() - ground_term_q16_;
    return std::max(rounded(loss_q16), free_.loss_cdb(from, to));
}

std::optional<std::int64_t> Hata::reach_cm(std::int32_t loss_cdb) const {
    return reach_of(*this, highest_cm_, loss_cdb);
}

Macrocell::Macrocell(std::uint32_t frequency_khz, Ground ground, std::int32_t highest_cm)
    : free_(frequency_khz),
      highest_cm_(highest_cm),
      log_frequency_q16_(log10_q16(frequency_khz) - 3 * kOne),
      ground_cdb_(ground == Ground::City ? 300 : 0) {}

std::int32_t Macrocell::loss_cdb(const Position& from, const Position& to) const {
    const Path path(from, to);
    const std::int64_t per_decade_q16 = 3546 * kOne - 110 * kOne * path.mobile_cm / 100;
    const std::int64_t loss_q16 =
        path.distance_term_q16() + 4550 * kOne + times(per_decade_q16, log_frequency_q16_) -
        1382 * path.log_base_q16 + 70 * kOne * path.mobile_cm / 100 + ground_cdb_ * kOne;
    return std::max(rounded(loss_q16), free_.loss_cdb(from, to));
}

std::optional<std::int64_t> Macrocell::reach_cm(std::int32_t loss_cdb) const {
    return reach_of(*this, highest_cm_, loss_cdb);
}

}  // namespace compot::ether
