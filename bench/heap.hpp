#pragma once

#include <cstddef>

/// Every operator new of a program that links heap.cpp, counted.

namespace compot::bench {

/// What is held now, with the allocator's own overhead of each block.
[[nodiscard]] std::size_t heap_bytes();

/// Since the start.
[[nodiscard]] std::size_t heap_allocations();

}  // namespace compot::bench
