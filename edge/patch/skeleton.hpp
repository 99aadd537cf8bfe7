#pragma once

#include <cstdint>
#include <vector>

#include "core/base/containers.hpp"

/// A firmware image with everything blanked out that changes when code only moves.

namespace compot::patch {

[[nodiscard]] std::vector<std::uint8_t> skeleton(BytesView image, std::uint32_t base);

}  // namespace compot::patch
