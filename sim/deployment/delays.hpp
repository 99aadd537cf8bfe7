#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/time.hpp"

/// How long things took, in room that does not grow with how many there were: counted in classes of
/// milliseconds that are 1/32 of their size wide.

namespace compot::deployment {

class Delays {
public:
    void add(Duration span) {
        const std::size_t place =
            class_of(static_cast<std::uint64_t>(std::max<std::int64_t>(to_ms(span), 0)));
        if (place >= counts_.size()) counts_.resize(place + 1);
        ++counts_[place];
        ++count_;
        sum_ms_ += to_ms(span);
    }

    [[nodiscard]] std::uint64_t count() const { return count_; }

    [[nodiscard]] std::optional<std::int64_t> mean_ms() const {
        if (count_ == 0) return std::nullopt;
        return sum_ms_ / static_cast<std::int64_t>(count_);
    }

    /// The nearest rank, to within 3 %: nothing when there is none.
    [[nodiscard]] std::optional<std::int64_t> quantile_ms(std::uint32_t percent) const {
        if (count_ == 0) return std::nullopt;
        const std::uint64_t rank = std::max<std::uint64_t>((count_ * percent + 99) / 100, 1);
        std::uint64_t seen = 0;
        std::size_t place = 0;
        while (seen + counts_[place] < rank) seen += counts_[place++];
        return static_cast<std::int64_t>(middle_of(place));
    }

private:
    static constexpr unsigned kFineBits = 5;

    static std::size_t class_of(std::uint64_t ms) {
        const auto width = static_cast<unsigned>(std::bit_width(ms));
        if (width <= kFineBits + 1) return ms;
        const unsigned shift = width - kFineBits - 1;
        return (std::size_t{shift} << kFineBits) + (ms >> shift);
    }

    static std::uint64_t middle_of(std::size_t place) {
        if (place < (std::size_t{2} << kFineBits)) return place;
        const std::size_t shift = (place >> kFineBits) - 1;
        const std::uint64_t low = (place - (shift << kFineBits)) << shift;
        return low + ((std::uint64_t{1} << shift) >> 1U);
    }

    std::vector<std::uint64_t> counts_;
    std::uint64_t count_ = 0;
    std::int64_t sum_ms_ = 0;
};

}  // namespace compot::deployment
