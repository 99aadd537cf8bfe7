#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "observe/sink.hpp"

/// Distances in classes that fit a yard and a county alike. No square root: classes are compared by
/// squares.

namespace compot::report {

/// Upper edges in metres; what is farther is in one more class.
inline constexpr std::array<std::int64_t, 22> kDistanceEdgesM{
    25,   50,   75,   100,  150,  200,  300,    400,    500,    750,    1000,
    1500, 2000, 3000, 4000, 5000, 7500, 10'000, 15'000, 20'000, 30'000, 50'000};

inline constexpr std::size_t kDistanceClasses = kDistanceEdgesM.size() + 1;

/// Exactly an edge belongs below it.
[[nodiscard]] constexpr std::size_t distance_class(const observe::Place& a,
                                                   const observe::Place& b) {
    const std::int64_t dx = std::int64_t{a.x_m} - b.x_m;
    const std::int64_t dy = std::int64_t{a.y_m} - b.y_m;
    const std::int64_t squared = dx * dx + dy * dy;
    std::size_t number = 0;
    while (number < kDistanceEdgesM.size() &&
           squared > kDistanceEdgesM[number] * kDistanceEdgesM[number])
        ++number;
    return number;
}

}  // namespace compot::report
