#include "bench/heap.hpp"

#include <malloc.h>

#include <cstdlib>
#include <new>

namespace compot::bench {
namespace {

constexpr std::size_t kBlockOverhead = sizeof(std::size_t);  // of glibc's malloc
std::size_t held = 0;
std::size_t made = 0;

void* take(std::size_t size) {
    void* const block = std::malloc(size);
    if (block == nullptr) throw std::bad_alloc();
    held += malloc_usable_size(block) + kBlockOverhead;
    ++made;
    return block;
}

void* take(std::size_t size, std::align_val_t alignment) {
    const auto step = static_cast<std::size_t>(alignment);
    void* const block = std::aligned_alloc(step, (size + step - 1) / step * step);
    if (block == nullptr) throw std::bad_alloc();
    held += malloc_usable_size(block) + kBlockOverhead;
    ++made;
    return block;
}

void give(void* block) {
    if (block == nullptr) return;
    held -= malloc_usable_size(block) + kBlockOverhead;
    std::free(block);
}

}  // namespace

std::size_t heap_bytes() { return held; }

std::size_t heap_allocations() { return made; }

}  // namespace compot::bench

void* operator new(std::size_t size) { return compot::bench::take(size); }

void* operator new(std::size_t size, std::align_val_t alignment) {
    return compot::bench::take(size, alignment);
}

void operator delete(void* block) noexcept { compot::bench::give(block); }

void operator delete(void* block, std::size_t) noexcept { compot::bench::give(block); }

void operator delete(void* block, std::align_val_t) noexcept { compot::bench::give(block); }

void operator delete(void* block, std::size_t, std::align_val_t) noexcept {
    compot::bench::give(block);
}
