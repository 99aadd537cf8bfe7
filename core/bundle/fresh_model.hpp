#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/bundle/range_coder.hpp"

/// Bytes that no copy explains, coded as Thumb code mostly is: in halfwords, the high byte first,
/// each bit predicted from several contexts at once whose opinions are mixed by how right they were
/// lately.

namespace compot::bundle {

class FreshModel {
public:
    FreshModel();

    /// Codes the byte at `at` of the image; its contexts are the bytes before it in coding order.
    template <typename Coder>
    [[nodiscard]] std::uint8_t code(Coder& coder, std::uint32_t at, std::uint8_t truth) {
        set_contexts(at);
        std::uint32_t node = 1;
        for (unsigned i = 8; i-- > 0;) {
            const std::uint32_t chance = mixed(node);
            const bool one = coder.plain_bit(chance, ((std::uint32_t{truth} >> i) & 1U) != 0);
            learn(one, chance);
            node = (node << 1U) | (one ? 1U : 0U);
        }
        saw(static_cast<std::uint8_t>(node));
        return static_cast<std::uint8_t>(node);
    }

    /// Takes note of bytes that were copied, without learning from them.
    void saw(std::uint8_t byte) { history_ = (history_ << 8U) | byte; }

private:
    static constexpr std::size_t kContexts = 4;
    /// Slots of each context's hash table, as a power of two: measured on six pairs, the shortest
    /// context profits most.
    static constexpr std::array<unsigned, kContexts> kSlotBits = {11, 9, 8, 8};
    static constexpr std::array<std::size_t, kContexts> kFirst = {0, 2048, 2560, 2816};
    static constexpr std::size_t kSlots = 3072;
    static constexpr std::size_t kWeightSets = 16;       ///< low or high byte, and which bit
    static constexpr std::int32_t kFirstWeight = 20000;  ///< of 65536
    static constexpr std::int32_t kWeightMax = 1 << 19;  ///< so that no sum overflows

    void set_contexts(std::uint32_t at);
    [[nodiscard]] std::uint32_t mixed(std::uint32_t node);
    void learn(bool one, std::uint32_t chance);

    std::array<SymbolBit, kSlots> slots_{};
    std::array<std::uint8_t, kSlots> checks_{};  ///< whose a slot is
    std::array<std::array<std::int32_t, kContexts>, kWeightSets> weights_{};
    std::array<std::uint32_t, kContexts> hashes_{};
    std::array<std::int32_t, kContexts> opinions_{};
    std::array<std::size_t, kContexts> used_{};
    std::uint32_t history_ = 0;
    std::size_t set_ = 0;
};

}  // namespace compot::bundle
