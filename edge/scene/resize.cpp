#include "edge/scene/resize.hpp"

#include <algorithm>

#include "core/base/check.hpp"

namespace compot::scene {

namespace {

/// Calls visit(weight, source index) for each source pixel under output pixel `to`, when `source`
/// pixels become `out`; the weights sum to `source`.
template <typename Visit>
void for_each_covered(std::size_t to, std::size_t source, std::size_t out, Visit&& visit) {
    const std::size_t begin = to * source;  // in units of 1/out source pixel
    const std::size_t end = begin + source;
    for (std::size_t at = begin / out; at * out < end; ++at) {
        visit(std::min(end, (at + 1) * out) - std::max(begin, at * out), at);
    }
}

struct Size {
    std::size_t width = 0;
    std::size_t height = 0;
};

/// The part of `image` that begins at (left, top), in another size.
Image part_resized(const Image& image, std::size_t left, std::size_t top, Size part, Size out) {
    const auto stride = static_cast<std::size_t>(image.width);
    const std::uint8_t* corner = image.rgb.data() + (top * stride + left) * 3;
    // Columns done, rows still the source's.
    std::vector<std::uint32_t> narrow(part.height * out.width * 3, 0);
    for (std::size_t row = 0; row < part.height; ++row) {
        for (std::size_t to = 0; to < out.width; ++to) {
            for_each_covered(
                to, part.width, out.width, [&](std::size_t weight, std::size_t column) {
                    for (std::size_t c = 0; c < 3; ++c) {
                        narrow[(row * out.width + to) * 3 + c] += static_cast<std::uint32_t>(
                            weight * corner[(row * stride + column) * 3 + c]);
                    }
                });
        }
    }
    Image result{static_cast<int>(out.width), static_cast<int>(out.height), {}};
    std::vector<std::uint64_t> sums(out.width * 3);
    for (std::size_t to = 0; to < out.height; ++to) {
        std::fill(sums.begin(), sums.end(), 0);
        for_each_covered(to, part.height, out.height, [&](std::size_t weight, std::size_t row) {
            for (std::size_t i = 0; i < sums.size(); ++i) {
                sums[i] += weight * narrow[row * out.width * 3 + i];
            }
        });
        const std::uint64_t area = part.width * part.height;
        for (const std::uint64_t sum : sums) {
            result.rgb.push_back(static_cast<std::uint8_t>((sum + area / 2) / area));
        }
    }
    return result;
}

Size size_of(int width, int height) {
    return {static_cast<std::size_t>(width), static_cast<std::size_t>(height)};
}

}  // namespace

Image resized(const Image& image, int width, int height) {
    COMPOT_CHECK(image.whole());
    COMPOT_CHECK(width > 0 && height > 0);
    return part_resized(image, 0, 0, size_of(image.width, image.height), size_of(width, height));
}

Image to_square(const Image& image, int side) {
    COMPOT_CHECK(image.whole());
    COMPOT_CHECK(side > 0);
    const Size whole = size_of(image.width, image.height);
    const std::size_t edge = std::min(whole.width, whole.height);
    return part_resized(image, (whole.width - edge) / 2, (whole.height - edge) / 2, {edge, edge},
                        size_of(side, side));
}

}  // namespace compot::scene
