#include "core/base/random.hpp"

#include "core/base/check.hpp"

namespace compot {

std::uint32_t Random::below(std::uint32_t bound) {
    COMPOT_CHECK(bound > 0);
    // Lemire's multiply-and-shift; the bias is below 2^-32 per value and the same everywhere.
    return static_cast<std::uint32_t>((static_cast<std::uint64_t>(next32()) * bound) >> 32U);
}

std::int32_t Random::between(std::int32_t low, std::int32_t high) {
    COMPOT_CHECK(low <= high);
    const auto width = static_cast<std::uint32_t>(static_cast<std::int64_t>(high) - low);
    if (width == 0xFFFFFFFFU) return static_cast<std::int32_t>(next32());
    return static_cast<std::int32_t>(low + static_cast<std::int64_t>(below(width + 1)));
}

}  // namespace compot
