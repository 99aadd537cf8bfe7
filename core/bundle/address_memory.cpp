#include "core/bundle/address_memory.hpp"

namespace compot::bundle {

std::uint32_t LearnedShifts::exact(std::uint32_t address) const {
    for (std::size_t i = 0; i < size_; ++i)
        if (entries_[i].address == address) return entries_[i].shift;
    return 0;
}

std::uint32_t LearnedShifts::nearest(std::uint32_t address) const {
    std::uint32_t best = 0xFFFFFFFF;
    std::uint32_t shift = 0;
    for (std::size_t i = 0; i < size_; ++i) {
        const std::uint32_t other = entries_[i].address;
        const std::uint32_t distance = other > address ? other - address : address - other;
        if (distance < best) {
            best = distance;
            shift = entries_[i].shift;
        }
    }
    return shift;
}

void LearnedShifts::learn(std::uint32_t address, std::uint32_t shift) {
    for (std::size_t i = 0; i < size_; ++i) {
        if (entries_[i].address == address) {
            entries_[i].shift = shift;
            return;
        }
    }
    entries_[next_] = {address, shift};
    next_ = (next_ + 1) % kMax;
    if (size_ < kMax) ++size_;
}

}  // namespace compot::bundle
