#include "sim/ether/propagation.hpp"

#include <algorithm>
#include <limits>

#include "core/base/fixed_math.hpp"

namespace compot::ether {

namespace {

/// 20 log10(1 cm in m), in hundredths of a dB: distances are squared centimetres.
constexpr std::int32_t kCentimetres = -4000;
/// 20 log10(4 pi / c) with c in metres a second and the frequency in kHz.
constexpr std::int32_t kFriisKilohertz = -8755;

std::int32_t side(const Position& a, const Position& b, const Position& c) {
    const std::int64_t cross = static_cast<std::int64_t>(b.x_cm - a.x_cm) * (c.y_cm - a.y_cm) -
                               static_cast<std::int64_t>(b.y_cm - a.y_cm) * (c.x_cm - a.x_cm);
    return cross > 0 ? 1 : cross < 0 ? -1 : 0;
}

/// Of a loss that only grows with the distance: where it passes `loss_cdb`, rounded up; nothing
/// when that is beyond what coordinates can hold.
std::optional<std::int64_t> reach_of(const PathLoss& model, std::int32_t loss_cdb) {
    std::int64_t near = 0;
    std::int64_t far = std::numeric_limits<std::int32_t>::max();
    while (near < far) {
        const std::int64_t middle = near + (far - near) / 2;
        Position there;
        there.x_cm = static_cast<std::int32_t>(middle);
        if (model.loss_cdb(Position{}, there) <= loss_cdb) {
            near = middle + 1;
        } else {
            far = middle;
        }
    }
    if (far == std::numeric_limits<std::int32_t>::max()) return std::nullopt;
    return far;
}

}  // namespace

std::uint64_t distance_squared_cm2(const Position& a, const Position& b) {
    const std::int64_t x = static_cast<std::int64_t>(a.x_cm) - b.x_cm;
    const std::int64_t y = static_cast<std::int64_t>(a.y_cm) - b.y_cm;
    const std::int64_t z = static_cast<std::int64_t>(a.z_cm) - b.z_cm;
    // Antennas closer than a metre are in each other's near field: one metre is the least.
    return static_cast<std::uint64_t>(std::max<std::int64_t>(x * x + y * y + z * z, 10'000));
}

FreeSpace::FreeSpace(std::uint32_t frequency_khz)
    : frequency_term_cdb_(2 * decibels_cdb(frequency_khz) + kFriisKilohertz + kCentimetres) {}

std::int32_t FreeSpace::loss_cdb(const Position& from, const Position& to) const {
    return decibels_cdb(distance_squared_cm2(from, to)) + frequency_term_cdb_;
}

std::optional<std::int64_t> FreeSpace::reach_cm(std::int32_t loss_cdb) const {
    return reach_of(*this, loss_cdb);
}

LogDistance::LogDistance(std::int32_t reference_loss_cdb, std::uint32_t reference_distance_cm,
                         std::int32_t exponent_hundredths)
    : reference_loss_cdb_(reference_loss_cdb),
      reference_term_cdb_(2 * decibels_cdb(reference_distance_cm)),
      exponent_hundredths_(exponent_hundredths) {}

std::int32_t LogDistance::loss_cdb(const Position& from, const Position& to) const {
    // 10 n log10(d) is n / 2 times 10 log10(d^2).
    const std::int64_t decades = decibels_cdb(distance_squared_cm2(from, to)) - reference_term_cdb_;
    return reference_loss_cdb_ + static_cast<std::int32_t>(decades * exponent_hundredths_ / 200);
}

std::optional<std::int64_t> LogDistance::reach_cm(std::int32_t loss_cdb) const {
    if (exponent_hundredths_ <= 0) return std::nullopt;
    return reach_of(*this, loss_cdb);
}

TwoRay::TwoRay(std::uint32_t frequency_khz) : near_(frequency_khz) {}

std::int32_t TwoRay::loss_cdb(const Position& from, const Position& to) const {
    const auto heights_cm2 = static_cast<std::uint64_t>(std::max(from.z_cm, 1)) *
                             static_cast<std::uint64_t>(std::max(to.z_cm, 1));
    const std::int32_t direct = near_.loss_cdb(from, to);
    const std::int32_t distance_term =
        2 * (decibels_cdb(distance_squared_cm2(from, to)) + kCentimetres);
    const std::int32_t reflected = distance_term - 2 * (decibels_cdb(heights_cm2) + kCentimetres);
    // The two curves cross at the crossover distance; beyond it the reflected one is above.
    return std::max(direct, reflected);
}

/// The ground only ever takes away from free space.
std::optional<std::int64_t> TwoRay::reach_cm(std::int32_t loss_cdb) const {
    return near_.reach_cm(loss_cdb);
}

bool crosses(const Ridge& ridge, const Position& a, const Position& b) {
    if (a.z_cm > ridge.crest_cm || b.z_cm > ridge.crest_cm) return false;
    return side(ridge.from, ridge.to, a) * side(ridge.from, ridge.to, b) < 0 &&
           side(a, b, ridge.from) * side(a, b, ridge.to) < 0;
}

}  // namespace compot::ether
