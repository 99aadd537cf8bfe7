#pragma once

#include <string>

#include "core/base/containers.hpp"

/// Who answers where a radio was expected, by the first bytes that it says. For people's eyes:
/// nothing is decided by it.

namespace compot::stream_client {

inline constexpr std::size_t kFirstBytes = 16;  ///< enough to tell

/// What it speaks, e.g. "HTTP"; empty when that can't be told.
[[nodiscard]] std::string protocol_of(BytesView first);

}  // namespace compot::stream_client
