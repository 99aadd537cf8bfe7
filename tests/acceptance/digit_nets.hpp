#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/acceptance/dense_net.hpp"

/// Int8 nets that read handwritten digits (64-192-128-10, 38,144 weights): as a factory trained
/// them, and after fine-tunes for a camera that sees otherwise.

namespace compot::acceptance {

struct DigitNets {
    Pictures seen;    ///< as the other camera sees them; fine-tunes learn from them
    Pictures unseen;  ///< no training has these
    std::vector<std::uint8_t> base;
    std::vector<std::uint8_t> head;   ///< last layer alone tuned
    std::vector<std::uint8_t> light;  ///< all layers, shortly
    std::vector<std::uint8_t> full;
    std::vector<std::uint8_t> thrifty_head;  ///< tuned so that few weights move
    std::vector<std::uint8_t> thrifty_full;
    std::vector<std::uint8_t> retrained;  ///< from scratch, on the base's grid of numbers
};

/// `digits` as read_digits() gives them.
[[nodiscard]] DigitNets train_digit_nets(const Pictures& digits);

}  // namespace compot::acceptance
