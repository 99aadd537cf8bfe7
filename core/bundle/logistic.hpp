#pragma once

#include <array>
#include <cstdint>

/// Odds on a logarithmic scale, where opinions can be added: stretch(p) = ln(p / (1 - p)) and its
/// inverse, in integers. Probabilities are of 4096, stretched values in 1/256 within +-2047.

namespace compot::bundle {

/// 4096 / (1 + e^-(x/256)), by 33 points and straight lines between them.
[[nodiscard]] constexpr std::uint32_t squash(std::int32_t x) {
    constexpr std::array<std::int16_t, 33> kPoints = {
        1,    2,    3,    6,    10,   16,   27,   45,   73,   120,  194,
        310,  488,  747,  1101, 1546, 2047, 2549, 2994, 3348, 3607, 3785,
        3901, 3975, 4022, 4050, 4068, 4079, 4085, 4089, 4092, 4093, 4094};
    if (x > 2047) return 4095;
    if (x < -2047) return 1;
    const std::int32_t weight = x & 127;
    const auto index = static_cast<std::size_t>((x >> 7) + 16);
    return static_cast<std::uint32_t>(
        (kPoints[index] * (128 - weight) + kPoints[index + 1] * weight + 64) >> 7);
}

namespace detail {

/// The inverse of squash() at every fourth of its 4096 values.
[[nodiscard]] constexpr std::array<std::int16_t, 1024> stretch_table() {
    std::array<std::int16_t, 1024> made{};
    std::size_t filled = 0;
    for (std::int32_t x = -2047; x <= 2047; ++x) {
        const std::size_t value = squash(x) / 4;
        while (filled <= value) made[filled++] = static_cast<std::int16_t>(x);
    }
    while (filled < made.size()) made[filled++] = 2047;
    return made;
}

inline constexpr std::array<std::int16_t, 1024> kStretch = stretch_table();

}  // namespace detail

[[nodiscard]] inline std::int32_t stretch(std::uint32_t chance) {
    return detail::kStretch[chance >> 2U];
}

}  // namespace compot::bundle
