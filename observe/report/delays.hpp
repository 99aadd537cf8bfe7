#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/time.hpp"

/// How long things took, counted in classes, so that a day of a thousand nodes needs no more memory
/// than a minute of two: 10 ms wide up to a minute, a second wide up to an hour, and one class for
/// all that took longer.

namespace compot::report {

class Delays {
public:
    /// Negative counts as none.
    void add(Duration delay);

    [[nodiscard]] std::uint64_t count() const { return count_; }

    /// The lower edge of the class in which the nearest rank lies; nothing when nothing was added.
    /// REQUIRES: percent in 1..100.
    [[nodiscard]] std::optional<std::int64_t> quantile_ms(unsigned percent) const;

private:
    std::vector<std::uint64_t> classes_;  ///< grows to the longest that was added
    std::uint64_t count_ = 0;
};

}  // namespace compot::report
