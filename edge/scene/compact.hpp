#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "edge/scene/image.hpp"

/// A picture made small enough for a dear link, at the cost of detail. It knows no link.

namespace compot::scene {

inline constexpr std::size_t kCompactBytesMin = 1024;  ///< a JPEG has 600 bytes of tables

/// A JPEG of at most `bytes_max` bytes, its longer edge at most `side_max` pixels: the best quality
/// of a few that fits, and half the size when none does. The same picture gives the same bytes.
/// REQUIRES: image.whole(), side_max >= 16, bytes_max >= kCompactBytesMin.
[[nodiscard]] std::vector<std::uint8_t> compact_jpeg(const Image& image, int side_max,
                                                     std::size_t bytes_max);

}  // namespace compot::scene
