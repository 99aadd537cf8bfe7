#pragma once

#include <cstdint>

#include "core/base/random.hpp"

/// Logarithms, powers, roots, sines and the two distributions that a simulated world needs, in
/// integers only: libm's last bits differ from machine to machine, these do not. The tables come
/// from tools/make_math_tables.py.

namespace compot {

/// log2 in 1/65536; wrong by at most 3. REQUIRES: value > 0.
[[nodiscard]] std::int32_t log2_q16(std::uint64_t value);

/// 2^(exponent / 65536) in 1/65536, saturating; exponents below -16 give 0.
[[nodiscard]] std::uint64_t exp2_q16(std::int64_t exponent_q16);

/// 10 log10(value) in hundredths of a dB. REQUIRES: value > 0.
[[nodiscard]] std::int32_t decibels_cdb(std::uint64_t value);

/// The ratio of powers that `level_cdb` hundredths of a dB mean, in 1/65536, saturating.
[[nodiscard]] std::uint64_t power_ratio_q16(std::int32_t level_cdb);

/// The sum of two powers given as levels. Wrong by at most 2 hundredths of a dB.
[[nodiscard]] std::int32_t sum_of_powers_cdb(std::int32_t a_cdb, std::int32_t b_cdb);

/// The whole part of the square root.
[[nodiscard]] std::uint32_t square_root(std::uint64_t value);

/// sin of turn / 65536 of a full turn, in 1/32768.
[[nodiscard]] std::int32_t sine_q15(std::uint16_t turn);
[[nodiscard]] std::int32_t cosine_q15(std::uint16_t turn);

/// Drawn from N(0, deviation), in the unit of `deviation`; never beyond 6.3 deviations.
[[nodiscard]] std::int32_t normal(Random& random, std::int32_t deviation);

/// Drawn from the exponential distribution with this mean, in its unit. REQUIRES: mean >= 0.
[[nodiscard]] std::int64_t exponential(Random& random, std::int64_t mean);

}  // namespace compot
