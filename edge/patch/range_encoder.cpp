#include "edge/patch/range_encoder.hpp"

#include <cmath>
#include <utility>

namespace compot::patch {

bool RangeEncoder::plain_bit(std::uint32_t chance, bool truth) {
    const std::uint32_t bound = (range_ >> 16U) * chance;
    if (truth) {
        range_ = bound;
    } else {
        low_ += bound;
        range_ -= bound;
        if (low_ >> 32U != 0) carry();
    }
    while (range_ < (1U << 24U)) {
        bytes_.push_back(static_cast<std::uint8_t>(low_ >> 24U));
        low_ = (low_ << 8U) & 0xFFFFFFFFU;
        range_ <<= 8U;
    }
    return truth;
}

void RangeEncoder::carry() {
    low_ &= 0xFFFFFFFFU;
    std::size_t at = bytes_.size();
    while (at > 0 && ++bytes_[--at] == 0) {
    }
}

std::vector<std::uint8_t> RangeEncoder::finish() {
    for (unsigned kept = 0; kept <= 4; ++kept) {
        const std::uint64_t mask = 0xFFFFFFFFULL >> (8 * kept);
        const std::uint64_t value = (low_ + mask) & ~mask;
        if (value >= low_ + range_) continue;
        low_ = value;
        if (low_ >> 32U != 0) carry();
        for (unsigned i = 0; i < kept; ++i)
            bytes_.push_back(static_cast<std::uint8_t>(low_ >> (24 - 8 * i)));
        break;
    }
    for (int i = 0; i < 4 && !bytes_.empty() && bytes_.back() == 0; ++i) bytes_.pop_back();
    return std::move(bytes_);
}

float cost_of(std::uint32_t chance) {
    static const std::vector<float> bits = [] {
        std::vector<float> made(65536);
        for (std::size_t i = 1; i < made.size(); ++i)
            made[i] = 16.0F - std::log2(static_cast<float>(i));
        return made;
    }();
    return bits[chance];
}

}  // namespace compot::patch
