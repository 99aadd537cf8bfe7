#include "sim/ether/reception.hpp"

#include <algorithm>
#include <array>

#include "core/base/check.hpp"
#include "core/base/fixed_math.hpp"
#include "sim/ether/loss_table.hpp"

namespace compot::ether {

namespace {

using Matrix = std::array<std::array<std::int16_t, 6>, 6>;  // dB, [wanted SF - 7][other SF - 7]

constexpr Matrix kGoursaud{{{6, -16, -18, -19, -19, -20},
                            {-24, 6, -20, -22, -22, -22},
                            {-27, -27, 6, -23, -25, -25},
                            {-30, -30, -30, 6, -26, -28},
                            {-33, -33, -33, -33, 6, -29},
                            {-36, -36, -36, -36, -36, 6}}};

constexpr Matrix kCroce{{{1, -8, -9, -9, -9, -9},
                         {-11, 1, -11, -12, -13, -13},
                         {-15, -13, 1, -13, -14, -15},
                         {-19, -18, -17, 1, -17, -18},
                         {-22, -22, -21, -20, 1, -20},
                         {-25, -25, -25, -24, -23, 1}}};

std::size_t row(std::uint8_t spreading_factor) {
    return static_cast<std::size_t>(std::clamp<int>(spreading_factor, 7, 12) - 7);
}

}  // namespace

std::int32_t noise_floor_cdbm(std::uint32_t bandwidth_hz, std::int32_t noise_figure_cdb) {
    constexpr std::int32_t kThermalCdbmPerHz = -17400;
    return kThermalCdbmPerHz + decibels_cdb(bandwidth_hz) + noise_figure_cdb;
}

std::int32_t snr_least_cdb(std::uint8_t spreading_factor) {
    return -250 - 250 * (static_cast<std::int32_t>(spreading_factor) - 5);
}

std::uint32_t survival_q16(std::uint8_t spreading_factor, std::size_t frame_bytes,
                           std::int32_t snr_cdb) {
    constexpr std::int32_t kStep = 10;
    const auto& halvings = loss_table::kHalvingsPerByte[static_cast<std::size_t>(
        std::clamp<int>(spreading_factor, 5, 12) - 5)];
    const std::int32_t margin = snr_cdb - snr_least_cdb(spreading_factor) + kSurvivalMarginCdb;
    if (margin < 0) return 0;
    const auto step = static_cast<std::size_t>(margin / kStep);
    if (step + 1 >= halvings.size()) return 65536;
    const std::int64_t low = halvings[step];
    const std::int64_t high = halvings[step + 1];
    const std::int64_t per_byte_q24 = low + (high - low) * (margin % kStep) / kStep;
    const std::int64_t halvings_q16 = (per_byte_q24 * static_cast<std::int64_t>(frame_bytes)) >> 8;
    return static_cast<std::uint32_t>(exp2_q16(-halvings_q16));
}

std::int32_t snr_for_survival_cdb(std::uint8_t spreading_factor, std::size_t frame_bytes,
                                  std::uint32_t survival) {
    COMPOT_CHECK(survival > 0 && survival <= 65536);
    constexpr std::int32_t kWidthCdb = 400;  // the curve's, to both sides of the least SNR
    constexpr std::int32_t kSureCdb = 200;
    std::int32_t low = snr_least_cdb(spreading_factor) - kWidthCdb;
    std::int32_t high = snr_least_cdb(spreading_factor) + kSureCdb;
    if (survival == 65536) return high;
    while (low < high) {
        const std::int32_t middle = low + (high - low) / 2;
        if (survival_q16(spreading_factor, frame_bytes, middle) >= survival) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return high;
}

std::int32_t capture_cdb(Capture capture, std::uint8_t wanted_factor, std::uint8_t other_factor) {
    const Matrix& matrix = capture == Capture::Croce ? kCroce : kGoursaud;
    return matrix[row(wanted_factor)][row(other_factor)] * 100;
}

}  // namespace compot::ether
