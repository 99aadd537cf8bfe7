#pragma once

#include <cstdint>
#include <random>

/// The numbers that Python's `random.Random(seed)` gives: Meshtasticator draws from it who goes
/// where, so its walks can be walked again.

namespace compot::meshtasticator {

class PythonRandom {
public:
    explicit PythonRandom(std::uint32_t seed);

    /// random(): in [0, 1), with 53 bits.
    [[nodiscard]] double unit();

    /// The index that choice() takes of so many. REQUIRES: bound > 0.
    [[nodiscard]] std::uint32_t below(std::uint32_t bound);

private:
    std::mt19937 words_;
};

}  // namespace compot::meshtasticator
