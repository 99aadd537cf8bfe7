#pragma once

#include <cstddef>

/// The one product that training needs. Its sums are taken in a fixed order and without fused
/// operations, so that the same training gives the same weights on every machine.

namespace compot::train {

/// Where the elements of a matrix lie: element (row, column) at `data[row * row_step + column *
/// column_step]`.
struct MatrixView {
    const float* data = nullptr;
    std::size_t row_step = 0;
    std::size_t column_step = 1;
};

/// sums[rows x columns] += left[rows x depth] * right[depth x columns]. `right` and `sums` have
/// their columns side by side.
void add_product(float* sums, MatrixView left, MatrixView right, std::size_t rows,
                 std::size_t columns, std::size_t depth);

}  // namespace compot::train
