#include "edge/train/matrix.hpp"

#include <algorithm>
#include <array>

namespace compot::train {

namespace {

// A block of this size has its sums in the sixteen vector registers that every x86-64 has.
constexpr std::size_t kRows = 4;
constexpr std::size_t kColumns = 8;

void add_block(float* sums, std::size_t sums_step, MatrixView left, const float* right,
               std::size_t right_step, std::size_t depth) {
    std::array<std::array<float, kColumns>, kRows> block{};
    for (std::size_t k = 0; k < depth; ++k) {
        const float* from = right + k * right_step;
        const float* by = left.data + k * left.column_step;
        for (std::size_t row = 0; row < kRows; ++row) {
            const float factor = by[row * left.row_step];
            for (std::size_t column = 0; column < kColumns; ++column) {
                block[row][column] += factor * from[column];
            }
        }
    }
    for (std::size_t row = 0; row < kRows; ++row) {
        for (std::size_t column = 0; column < kColumns; ++column) {
            sums[row * sums_step + column] += block[row][column];
        }
    }
}

void add_rest(float* sums, std::size_t sums_step, MatrixView left, const float* right,
              std::size_t right_step, std::size_t rows, std::size_t columns, std::size_t depth) {
    for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t column = 0; column < columns; ++column) {
            float sum = 0;
            for (std::size_t k = 0; k < depth; ++k) {
                sum += left.data[row * left.row_step + k * left.column_step] *
                       right[k * right_step + column];
            }
            sums[row * sums_step + column] += sum;
        }
    }
}

}  // namespace

void add_product(float* sums, MatrixView left, MatrixView right, std::size_t rows,
                 std::size_t columns, std::size_t depth) {
    for (std::size_t row = 0; row < rows; row += kRows) {
        const MatrixView part{left.data + row * left.row_step, left.row_step, left.column_step};
        const std::size_t high = std::min(kRows, rows - row);
        for (std::size_t column = 0; column < columns; column += kColumns) {
            float* to = sums + row * columns + column;
            const float* from = right.data + column;
            const std::size_t wide = std::min(kColumns, columns - column);
            if (high == kRows && wide == kColumns) {
                add_block(to, columns, part, from, right.row_step, depth);
            } else {
                add_rest(to, columns, part, from, right.row_step, high, wide, depth);
            }
        }
    }
}

}  // namespace compot::train
