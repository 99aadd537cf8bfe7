#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/containers.hpp"

/// What a patch may copy from, as one space of addresses: the old image from 0 on and, from the
/// next multiple of four on, what has been made of the new one. Both lie in memory (a Cat's flash
/// is mapped); reading anywhere else gives zeros, so that no patch can make the applier look
/// elsewhere.

namespace compot::bundle {

class Source {
public:
    Source() = default;

    /// `made` is where the new image grows; `block` the part of it that has not got there yet.
    Source(BytesView old_image, BytesView made)
        : old_(old_image), made_(made), base_((size_of(old_image) + 3) & ~3U) {}

    void set_block(const std::uint8_t* block, std::uint32_t start) {
        block_ = block;
        block_start_ = start;
    }

    /// How much of the new image may be read.
    void set_end(std::uint32_t end) { end_ = end; }

    [[nodiscard]] std::uint32_t old_size() const { return size_of(old_); }

    /// The address of the new image's first byte.
    [[nodiscard]] std::uint32_t new_base() const { return base_; }

    [[nodiscard]] std::uint32_t byte(std::uint32_t at) const {
        if (at < base_) return at < old_.size() ? old_[at] : 0U;
        at -= base_;
        if (at >= end_) return 0;
        if (at >= block_start_) return block_[at - block_start_];
        return at < made_.size() ? made_[at] : 0U;
    }

    [[nodiscard]] std::uint32_t half(std::uint32_t at) const {
        return byte(at) | (byte(at + 1) << 8U);
    }

    [[nodiscard]] std::uint32_t word(std::uint32_t at) const {
        return half(at) | (half(at + 2) << 16U);
    }

private:
    [[nodiscard]] static std::uint32_t size_of(BytesView bytes) {
        return static_cast<std::uint32_t>(bytes.size());
    }

    BytesView old_;
    BytesView made_;
    std::uint32_t base_ = 0;
    const std::uint8_t* block_ = nullptr;
    std::uint32_t block_start_ = 0xFFFFFFFF;
    std::uint32_t end_ = 0;
};

}  // namespace compot::bundle
