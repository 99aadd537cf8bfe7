#pragma once

#include <cstdint>
#include <vector>

#include "edge/train/float_net.hpp"

/// Makes an int8 net, in the bytes of doc/net-format.md, of a trained one. It knows the format and
/// nothing of what the net is for.

namespace compot::train {

/// What a picture's byte is to a net, float or int8: the same number, -1 to 0.99.
inline constexpr float kInputStep = 1.0F / 128;

/// The inputs of a net for a picture's bytes: (byte - 128) * kInputStep.
[[nodiscard]] std::vector<float> inputs_of(const std::vector<std::uint8_t>& rgb);

/// `calibration` are inputs as the net will see them: the ranges of its activations follow from
/// them. REQUIRES: not empty.
[[nodiscard]] std::vector<std::uint8_t> quantise(
    const FloatNet& net, const std::vector<std::vector<float>>& calibration);

}  // namespace compot::train
