#include "edge/scene/compact.hpp"

#include <algorithm>
#include <array>

#include "core/base/check.hpp"
#include "edge/scene/decode.hpp"
#include "edge/scene/resize.hpp"

namespace compot::scene {

namespace {

constexpr std::array<int, 5> kQualities{90, 80, 65, 50, 30};

int part_of(int length, int side, int longer) {
    return std::max(1, static_cast<int>(std::int64_t{length} * side / longer));
}

}  // namespace

std::vector<std::uint8_t> compact_jpeg(const Image& image, int side_max, std::size_t bytes_max) {
    COMPOT_CHECK(image.whole() && side_max >= 16 && bytes_max >= kCompactBytesMin);
    const int longer = std::max(image.width, image.height);
    for (int side = std::min(longer, side_max); side > 0; side /= 2) {
        const Image small =
            resized(image, part_of(image.width, side, longer), part_of(image.height, side, longer));
        for (const int quality : kQualities) {
            auto file = encode_jpeg(small, quality);
            if (file.size() <= bytes_max) return file;
        }
    }
    COMPOT_CHECK(false);  // one pixel fits
    return {};
}

}  // namespace compot::scene
