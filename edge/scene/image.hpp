#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

/// A picture in memory: eight bits each of red, green and blue, row by row from the top left. It
/// knows nothing of files, cameras or what is to be seen on it.

namespace compot::scene {

struct Image {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> rgb;  ///< width * height * 3 bytes

    [[nodiscard]] bool whole() const {
        return width > 0 && height > 0 &&
               rgb.size() == static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3;
    }
};

}  // namespace compot::scene
