#include "edge/scene/softmax.hpp"

#include <algorithm>
#include <array>

#include "core/base/check.hpp"

namespace compot::scene {

namespace {

/// 2^(-i / 16) in 1/65536.
constexpr std::array<std::uint32_t, 17> kPowers{65536, 62757, 60097, 57549, 55109, 52773,
                                                50535, 48393, 46341, 44376, 42495, 40693,
                                                38968, 37316, 35734, 34219, 32768};

/// e^(-nats) in 1/65536; `nats` in 1/65536, too.
std::uint64_t decayed(std::uint64_t nats) {
    constexpr std::uint64_t kBitsPerNat = 94'548;  // log2(e) in 1/65536
    const std::uint64_t bits = (nats * kBitsPerNat) >> 16U;
    const std::uint64_t whole = bits >> 16U;
    if (whole > 16) return 0;
    const std::size_t step = (bits >> 12U) & 0xFU;
    const std::uint64_t between = bits & 0xFFFU;
    const std::uint64_t fall = (kPowers[step] - kPowers[step + 1]) * between >> 12U;
    return (kPowers[step] - fall) >> whole;
}

}  // namespace

std::uint16_t share_permille(std::span<const std::int8_t> logits, std::size_t index,
                             std::uint32_t step_q16) {
    COMPOT_CHECK(index < logits.size());
    const int most = *std::max_element(logits.begin(), logits.end());
    std::uint64_t sum = 0;
    std::uint64_t own = 0;
    for (std::size_t i = 0; i < logits.size(); ++i) {
        const auto below = static_cast<std::uint64_t>(most - logits[i]);
        const std::uint64_t share = decayed(below * step_q16);
        sum += share;
        if (i == index) own = share;
    }
    return static_cast<std::uint16_t>((own * 1000 + sum / 2) / sum);
}

}  // namespace compot::scene
