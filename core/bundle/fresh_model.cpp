#include "core/bundle/fresh_model.hpp"

#include <algorithm>
#include <bit>

#include "core/bundle/logistic.hpp"

namespace compot::bundle {

FreshModel::FreshModel() {
    for (auto& set : weights_) set.fill(kFirstWeight);
}

void FreshModel::set_contexts(std::uint32_t at) {
    if ((at & 1U) == 1) {  // a high byte; before it came low, high, low of the halfwords before
        hashes_[0] = ((history_ >> 8U) & 0xF8U) | (at & 2U) | 1U;
        hashes_[1] = (history_ & 0xFFFFU) * 0x9E3779B1U;
        hashes_[2] = (history_ & 0xFF00FFFFU) * 0x85EBCA6BU + 7;
    } else {  // a low byte; before it came its high byte
        hashes_[0] = (history_ & 0xFFU) * 0x165667B1U;
        hashes_[1] = ((history_ & 0xFFU) | ((history_ >> 8U) & 0xFF00U)) * 0x9E3779B1U + 1;
        hashes_[2] = (history_ & 0xFFFFFFU) * 0x85EBCA6BU + 3;
    }
    hashes_[3] = at & 1U;
    set_ = (at & 1U) * 8;
}

std::uint32_t FreshModel::mixed(std::uint32_t node) {
    std::int32_t sum = 0;
    set_ = (set_ & 8U) | (static_cast<std::size_t>(std::bit_width(node)) - 1);
    for (std::size_t i = 0; i < kContexts; ++i) {
        std::uint32_t hash = (hashes_[i] + node * 0x2545F491U) * 0x9E3779B1U;
        hash = (hash ^ (hash >> 15U)) * 0x85EBCA6BU;
        const std::size_t slot = kFirst[i] + (hash >> (32 - kSlotBits[i]));
        const auto check = static_cast<std::uint8_t>(hash);
        if (checks_[slot] != check) {
            checks_[slot] = check;
            slots_[slot] = SymbolBit{};
        }
        used_[i] = slot;
        // A young opinion counts for less.
        const auto age = static_cast<std::int32_t>(slots_[slot].age());
        opinions_[i] = stretch(slots_[slot].chance() >> 4U) * (16 + age) / 20;
        sum += opinions_[i] * (weights_[set_][i] / 4);
    }
    const std::uint32_t chance = squash(sum / 16384) << 4U;
    constexpr std::uint32_t kLeast = 64;
    if (chance < kLeast) return kLeast;
    return chance > 65536 - kLeast ? 65536 - kLeast : chance;
}

void FreshModel::learn(bool one, std::uint32_t chance) {
    const std::int32_t error = ((one ? 65535 : 0) - static_cast<std::int32_t>(chance)) / 16;
    for (std::size_t i = 0; i < kContexts; ++i) {
        const std::int32_t weight = weights_[set_][i] + opinions_[i] * error * 10 / 65536;
        weights_[set_][i] = std::clamp(weight, -kWeightMax, kWeightMax);
        slots_[used_[i]].learn(one);
    }
}

}  // namespace compot::bundle
