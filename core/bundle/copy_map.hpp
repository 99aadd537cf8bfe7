#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

/// The pieces of the new image that come from the old one, in the order of the new image, and the
/// map from old to new addresses that they imply. Bounded; knows nothing of how they are coded.

namespace compot::bundle {

inline constexpr std::size_t kCopiesMax = 512;
inline constexpr std::uint32_t kImageBytesMax = 1U << 22U;

/// `gap` other bytes, then `length` bytes that resemble the old image from `old_start` on.
struct Copy {
    std::uint32_t gap = 0;
    std::uint32_t length = 0;
    std::uint32_t old_start = 0;
};

class CopyMap {
public:
    [[nodiscard]] std::size_t size() const { return size_; }

    /// False, and nothing changed, when full.
    [[nodiscard]] bool try_push(const Copy& copy);

    [[nodiscard]] Copy operator[](std::size_t index) const;

    /// Must follow the last push and precede to_new(). COST: quadratic in size().
    void sort();

    /// Where the byte at `old_at` of the old image went: by the copy that covers it, or else by the
    /// copy before it.
    [[nodiscard]] std::uint32_t to_new(std::uint32_t old_at) const;

private:
    /// Images end below 2^22: three bytes are enough.
    class Address {
    public:
        Address() = default;

        // NOLINTNEXTLINE(google-explicit-constructor): it is a number
        Address(std::uint32_t value)
            : bytes_{static_cast<std::uint8_t>(value), static_cast<std::uint8_t>(value >> 8U),
                     static_cast<std::uint8_t>(value >> 16U)} {}

        // NOLINTNEXTLINE(google-explicit-constructor): it is a number
        operator std::uint32_t() const {
            return bytes_[0] | (static_cast<std::uint32_t>(bytes_[1]) << 8U) |
                   (static_cast<std::uint32_t>(bytes_[2]) << 16U);
        }

    private:
        std::array<std::uint8_t, 3> bytes_{};
    };

    struct Entry {
        Address old_start, new_start, length;
    };

    /// Most of it comes from where a longer copy comes from: a borrowed phrase, not a move.
    [[nodiscard]] bool is_shadowed(std::size_t index) const;

    std::array<Entry, kCopiesMax> entries_{};
    std::array<std::uint16_t, kCopiesMax> by_old_{};  ///< of the copies that aren't shadowed
    std::size_t size_ = 0;
    std::size_t mapped_ = 0;
};

}  // namespace compot::bundle
