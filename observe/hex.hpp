#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/containers.hpp"
#include "core/base/result.hpp"

/// Bytes as people read and write them.

namespace compot::observe {

/// Two lower-case digits a byte.
[[nodiscard]] std::string hex(BytesView bytes);

/// Digits of either case. ERRORS: what is wrong, to be said after the name of what was read.
[[nodiscard]] Result<std::vector<std::uint8_t>, std::string> unhex(std::string_view text);

}  // namespace compot::observe
