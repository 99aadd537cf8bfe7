#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "core/bundle/range_coder.hpp"

/// Bytes of an int8 net, as they differ from those of another net or, when two nets have nothing in
/// common, as they are. Tuned weights move most where others of their row (one output of a layer)
/// and of their column (one input) moved: each weight's size is foretold from both.

namespace compot::bundle {

/// A stretch of the new image that holds weights, or other bytes that lie in rows.
struct Zone {
    static constexpr std::uint32_t kRowMax = 1U << 15U;
    static constexpr std::uint32_t kStepMax = 127;

    std::uint32_t start = 0;
    std::uint32_t length = 0;
    std::uint32_t row = 1;   ///< bytes from one to the next in the same column
    std::uint32_t step = 1;  ///< every difference is a multiple of it; 0: bytes, not differences
};

class WeightCoder {
public:
    void begin(const Zone& zone) {
        zone_ = zone;
        columns_.fill(kOne);
        row_sum_ = row_count_ = 0;
        near_ = 0;
        all_ = last_row_ = kOne;
    }

    /// The byte at `at`, at least the zone's start, whose like in the source is `from`.
    template <typename Coder>
    [[nodiscard]] std::uint8_t code(Coder& coder, std::uint32_t at, std::uint32_t from,
                                    std::uint8_t truth) {
        if (zone_.step == 0) return value(coder, truth);
        const std::uint32_t place = at - zone_.start;
        if (place % zone_.row == 0) end_row();
        std::uint16_t& column = columns_[column_of(place % zone_.row)];
        const auto moved = static_cast<std::int8_t>(static_cast<std::uint8_t>(truth - from));
        const auto way = static_cast<std::uint32_t>(moved < 0 ? -moved : moved);
        const std::uint32_t size = code_size(coder, expected(column), way / zone_.step);
        const bool negative = size != 0 && coder.bit(negative_, moved < 0);
        learn(column, size, place / zone_.row);
        const std::uint32_t change = size * zone_.step;
        return static_cast<std::uint8_t>(negative ? from - change : from + change);
    }

private:
    static constexpr std::uint32_t kOne = 64;  ///< a step of one weight, in the averages below
    static constexpr std::size_t kColumns = 256;
    static constexpr std::size_t kLevels = 16;
    static constexpr std::size_t kNears = 4;
    static constexpr std::uint32_t kLengthMax = 7;  ///< no size is above 128

    [[nodiscard]] std::size_t column_of(std::uint32_t column) const {
        return zone_.row <= kColumns ? column : column * kColumns / zone_.row;
    }

    void end_row() {
        if (row_count_ > 0) last_row_ = row_sum_ * kOne / row_count_;
        row_sum_ = row_count_ = 0;
        near_ = 0;
    }

    /// The average of the row so far, and what stood close before, times what this column does more
    /// than others.
    [[nodiscard]] std::uint32_t expected(std::uint32_t column) const {
        const std::uint32_t before = (all_ + last_row_) / 2;
        const std::uint32_t row = (row_sum_ * kOne + before * 3) / (row_count_ + 3);
        const std::uint32_t here = (row * 2 + near_) / 3;
        return (here + 1) * (column + 1) / (all_ + 1);
    }

    template <typename Coder>
    [[nodiscard]] std::uint32_t code_size(Coder& coder, std::uint32_t level, std::uint32_t truth) {
        std::size_t octave = static_cast<std::size_t>(std::bit_width(level | 1U)) - 1;
        if (octave >= kLevels) octave = kLevels - 1;
        const std::size_t near = near_ < 16 ? 0 : (near_ < 64 ? 1 : (near_ < 256 ? 2 : 3));
        if (!coder.bit(differs_[octave][near], truth != 0)) return 0;
        const std::uint32_t length_of_truth = std::bit_width(truth) - 1U;
        std::uint32_t length = 0;
        while (length < kLengthMax &&
               coder.bit(longer_[octave][length], length < length_of_truth)) {
            ++length;
        }
        std::uint32_t size = 1;
        for (std::uint32_t i = length; i-- > 0;) {
            const bool one = ((truth >> i) & 1U) != 0;
            bool got = false;
            if (i + 1 == length) {
                got = coder.bit(first_[length], one);
            } else if (i + 2 == length) {
                got = coder.bit(second_[length][size & 1U], one);
            } else {
                got = coder.plain_bit(32768, one);
            }
            size = (size << 1U) | (got ? 1U : 0U);
        }
        return size > 128 ? 128 : size;
    }

    void learn(std::uint16_t& column, std::uint32_t size, std::uint32_t row) {
        const std::uint32_t now = size * kOne;
        row_sum_ += size;
        ++row_count_;
        near_ = (near_ * 3 + now) / 4;
        const unsigned rate = row < 2 ? 1 : (row < 6 ? 2 : 3);  // the first rows teach most
        const std::uint32_t before = column;
        column = static_cast<std::uint16_t>(before - (before >> rate) + (now >> rate));
        all_ = all_ - all_ / 64 + now / 64;
    }

    template <typename Coder>
    [[nodiscard]] std::uint8_t value(Coder& coder, std::uint8_t truth) {
        std::uint32_t node = 1;
        for (unsigned i = 8; i-- > 0;) {
            const bool one = ((static_cast<unsigned>(truth) >> i) & 1U) != 0;
            node = (node << 1U) | (coder.bit(values_[node], one) ? 1U : 0U);
        }
        return static_cast<std::uint8_t>(node);
    }

    Zone zone_;
    std::array<std::uint16_t, kColumns> columns_{};  ///< average size in each column
    std::uint32_t row_sum_ = 0, row_count_ = 0;
    std::uint32_t near_ = 0;    ///< of the last few weights
    std::uint32_t all_ = kOne;  ///< of the last hundred
    std::uint32_t last_row_ = kOne;
    std::array<std::array<RareBit, kNears>, kLevels> differs_;
    std::array<std::array<RareBit, kLengthMax>, kLevels> longer_;
    std::array<RareBit, kLengthMax + 1> first_;
    std::array<std::array<RareBit, 2>, kLengthMax + 1> second_;
    RareBit negative_{2};
    std::array<RareBit, 256> values_;
};

}  // namespace compot::bundle
