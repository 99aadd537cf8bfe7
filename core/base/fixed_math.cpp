#include "core/base/fixed_math.hpp"

#include <bit>

#include "core/base/check.hpp"
#include "core/base/math_tables.hpp"

namespace compot {

namespace {

/// 10 log10(2) in hundredths of a dB, in 1/65536.
constexpr std::int64_t kCdbPerLog2Q16 = 19728302;
/// ln 2 in 1/65536.
constexpr std::int64_t kLn2Q16 = 45426;
constexpr std::int64_t kOne = 65536;

/// Between table[i] and table[i + 1] for a position in 1/65536 of the whole table of 256 steps.
template <typename Table>
std::int64_t interpolate(const Table& table, std::uint32_t fraction_q16) {
    const std::uint32_t index = fraction_q16 >> 8U;
    const std::int64_t low = table[index];
    const std::int64_t high = table[index + 1];
    return low + (((high - low) * static_cast<std::int64_t>(fraction_q16 & 0xFFU) + 128) >> 8);
}

}  // namespace

std::int32_t log2_q16(std::uint64_t value) {
    COMPOT_CHECK(value > 0);
    const std::int32_t exponent = 63 - std::countl_zero(value);
    // The 16 bits below the leading one.
    const std::uint64_t aligned = value << (63 - exponent);
    const auto fraction = static_cast<std::uint32_t>((aligned >> 47U) & 0xFFFFU);
    return exponent * 65536 + static_cast<std::int32_t>(interpolate(math_tables::kLog2, fraction));
}

std::uint64_t exp2_q16(std::int64_t exponent_q16) {
    const std::int64_t whole = exponent_q16 >> 16;
    if (whole < -17) return 0;
    if (whole >= 46) return ~std::uint64_t{0};
    const auto fraction = static_cast<std::uint32_t>(exponent_q16 & 0xFFFF);
    const auto mantissa = static_cast<std::uint64_t>(interpolate(math_tables::kExp2, fraction));
    return whole >= 0 ? mantissa << whole : mantissa >> -whole;
}

std::int32_t decibels_cdb(std::uint64_t value) {
    const std::int64_t level_q32 = log2_q16(value) * kCdbPerLog2Q16;
    return static_cast<std::int32_t>((level_q32 + (std::int64_t{1} << 31)) >> 32);
}

std::uint64_t power_ratio_q16(std::int32_t level_cdb) {
    // log2(10) / 1000 in 1/2^32 a hundredth of a dB.
    constexpr std::int64_t kLog2PerCdbQ32 = 14267572;
    return exp2_q16((static_cast<std::int64_t>(level_cdb) * kLog2PerCdbQ32 + 32768) >> 16);
}

std::int32_t sum_of_powers_cdb(std::int32_t a_cdb, std::int32_t b_cdb) {
    const std::int32_t high = a_cdb > b_cdb ? a_cdb : b_cdb;
    const std::int32_t low = a_cdb > b_cdb ? b_cdb : a_cdb;
    // 65536 * 10^(difference / 10), plus 65536, back to a level above 65536's own.
    const std::uint64_t ratio = static_cast<std::uint64_t>(kOne) + power_ratio_q16(low - high);
    return high + decibels_cdb(ratio) - decibels_cdb(static_cast<std::uint64_t>(kOne));
}

std::uint32_t square_root(std::uint64_t value) {
    std::uint64_t root = 0;
    std::uint64_t rest = value;
    for (std::uint64_t bit = std::uint64_t{1} << 62U; bit != 0; bit >>= 2U) {
        if (rest >= root + bit) {
            rest -= root + bit;
            root = (root >> 1U) + bit;
        } else {
            root >>= 1U;
        }
    }
    return static_cast<std::uint32_t>(root);
}

std::int32_t sine_q15(std::uint16_t turn) {
    const auto quarter = static_cast<unsigned>(turn >> 14U);
    std::uint32_t place = (turn & 0x3FFFU) << 2U;
    const bool falling = (quarter & 1U) != 0;
    if (falling && place == 0) return quarter == 1 ? 32768 : -32768;
    if (falling) place = 65536 - place;
    const auto height = static_cast<std::int32_t>(interpolate(math_tables::kSine, place));
    return quarter >= 2 ? -height : height;
}

std::int32_t cosine_q15(std::uint16_t turn) {
    return sine_q15(static_cast<std::uint16_t>(turn + 0x4000U));
}

std::int32_t normal(Random& random, std::int32_t deviation) {
    const std::uint32_t drawn = random.next32();
    const bool negative = (drawn & 1U) != 0;
    // A tail probability of (tail + 1/2) / 2^32, in (0, 1/2).
    const std::uint32_t tail = drawn >> 1U;
    const auto zeros = static_cast<std::uint32_t>(std::countl_zero(tail | 1U));
    const std::uint32_t octave = zeros - 1;
    // The 5 bits below the leading one choose the step, up to 11 more interpolate.
    const std::uint32_t aligned = (tail | 1U) << zeros << 1U;
    const std::uint32_t step = aligned >> 27U;
    const std::uint32_t fraction = (aligned >> 11U) & 0xFFFFU;
    const std::uint32_t index = octave * 32 + step;
    // The step after an octave's last one is the first of the octave before it, or one half.
    const std::uint32_t next = step < 31 ? index + 1 : octave > 0 ? (octave - 1) * 32 : 31 * 32;
    const std::int64_t low = math_tables::kNormalTail[index];
    const std::int64_t high = math_tables::kNormalTail[next];
    const std::int64_t deviations_q16 = low + (((high - low) * fraction) >> 16);
    const std::int64_t scaled = (deviations_q16 * deviation + kOne / 2) >> 16;
    return static_cast<std::int32_t>(negative ? -scaled : scaled);
}

std::int64_t exponential(Random& random, std::int64_t mean) {
    COMPOT_CHECK(mean >= 0);
    const std::uint64_t drawn = static_cast<std::uint64_t>(random.next32()) + 1;
    // -ln(u), u in (0, 1]
    const std::int64_t halvings_q16 = 32 * kOne - log2_q16(drawn);
    const std::int64_t means_q16 = (halvings_q16 * kLn2Q16) >> 16;
    // mean * means without overflow for means of up to 2^45 units
    return (mean >> 16) * means_q16 + (((mean & 0xFFFF) * means_q16) >> 16);
}

}  // namespace compot
