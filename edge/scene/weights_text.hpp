#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/containers.hpp"
#include "core/base/result.hpp"
#include "edge/scene/failure.hpp"

/// Weights as a text file, so that they can be committed and compared: a line that starts with '#'
/// and says which command made them, then base64. It does not look into the bytes.

namespace compot::scene {

inline constexpr std::size_t kWeightsTextMax = 20'000;

/// ERRORS: TooBig past kWeightsTextMax, Malformed without the line or when the rest is no base64.
[[nodiscard]] Result<std::vector<std::uint8_t>, Failure> weights_from_text(std::string_view text);

/// REQUIRES: `origin` is one line.
[[nodiscard]] std::string weights_to_text(std::string_view origin, BytesView bytes);

}  // namespace compot::scene
