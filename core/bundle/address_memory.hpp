#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

/// Two small memories of the delta coder: which words are literal pools, and how addresses moved
/// that the copies don't explain. Both forget when full.

namespace compot::bundle {

/// Literal-pool words that loads just seen have named: a bit a word, in a window that slides with
/// the source.
class PoolMarks {
public:
    void mark(std::uint32_t at) { words_[(at / 128) % kWords] |= mask(at); }

    [[nodiscard]] bool take(std::uint32_t at) {
        std::uint32_t& word = words_[(at / 128) % kWords];
        const bool marked = (word & mask(at)) != 0;
        word &= ~mask(at);
        return marked;
    }

private:
    static constexpr std::size_t kWords = 34;  // 4352 bytes: LDR.W reaches 4095

    [[nodiscard]] static std::uint32_t mask(std::uint32_t at) { return 1U << ((at / 4) % 32); }

    std::array<std::uint32_t, kWords> words_{};
};

/// Learned from corrections. When full, the oldest goes.
class LearnedShifts {
public:
    struct Entry {
        std::uint32_t address = 0;
        std::uint32_t shift = 0;  ///< modulo 2^32
    };

    /// The shift of exactly this address, or 0.
    [[nodiscard]] std::uint32_t exact(std::uint32_t address) const;
    /// The shift of the nearest address known, or 0: what lies together moves together.
    [[nodiscard]] std::uint32_t nearest(std::uint32_t address) const;
    void learn(std::uint32_t address, std::uint32_t shift);

private:
    static constexpr std::size_t kMax = 128;
    std::array<Entry, kMax> entries_{};
    std::size_t size_ = 0;
    std::size_t next_ = 0;
};

}  // namespace compot::bundle
