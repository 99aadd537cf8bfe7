#pragma once

#include <cstdint>

/// Seeded randomness that gives the same numbers on every machine. Not for secrets.

namespace compot {

/// One step of SplitMix64: a bijection on 64 bits that spreads every input bit.
/// SOURCE: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
[[nodiscard]] constexpr std::uint64_t mix64(std::uint64_t value) {
    value += 0x9E3779B97F4A7C15ULL;
    value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    value = (value ^ (value >> 27U)) * 0x94D049BB133111EBULL;
    return value ^ (value >> 31U);
}

/// A stream of numbers drawn by counter, so that two streams with different keys are independent
/// and a stream costs 16 bytes of state.
class Random {
public:
    explicit constexpr Random(std::uint64_t seed) : key_(mix64(seed)) {}

    /// The stream of one purpose of one node: `Random(seed, node, purpose)`.
    constexpr Random(std::uint64_t seed, std::uint64_t node, std::uint64_t purpose)
        : key_(mix64(mix64(mix64(seed) ^ node) ^ purpose)) {}

    [[nodiscard]] constexpr std::uint64_t next64() {
        return mix64(key_ + 0x9E3779B97F4A7C15ULL * counter_++);
    }

    [[nodiscard]] constexpr std::uint32_t next32() {
        return static_cast<std::uint32_t>(next64() >> 32U);
    }

    /// Uniform in [0, bound). REQUIRES: bound > 0.
    [[nodiscard]] std::uint32_t below(std::uint32_t bound);
    /// Uniform in [low, high]. REQUIRES: low <= high.
    [[nodiscard]] std::int32_t between(std::int32_t low, std::int32_t high);

    /// True with probability millionths / 1,000,000.
    [[nodiscard]] bool chance(std::uint32_t millionths) { return below(1'000'000) < millionths; }

private:
    std::uint64_t key_;
    std::uint64_t counter_ = 0;
};

}  // namespace compot
