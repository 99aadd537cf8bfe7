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

}  // namespace

Image to_square(const Image& image, int side) {
    COMPOT_CHECK(image.whole());
    COMPOT_CHECK(side > 0);
    const auto width = static_cast<std::size_t>(image.width);
    const auto height = static_cast<std::size_t>(image.height);
    const std::size_t source = std::min(width, height);
    const auto out = static_cast<std::size_t>(side);
    const std::uint8_t* corner =
        image.rgb.data() + ((height - source) / 2 * width + (width - source) / 2) * 3;

    std::vector<std::uint32_t> narrow(source * out * 3,
                                      0);  // columns done, rows still the source's
    for (std::size_t row = 0; row < source; ++row) {
        for (std::size_t to = 0; to < out; ++to) {
            for_each_covered(to, source, out, [&](std::size_t weight, std::size_t column) {
                for (std::size_t c = 0; c < 3; ++c) {
                    narrow[(row * out + to) * 3 + c] +=
                        static_cast<std::uint32_t>(weight * corner[(row * width + column) * 3 + c]);
                }
            });
        }
    }
    Image square{side, side, {}};
    std::vector<std::uint64_t> sums(out * 3);
    for (std::size_t to = 0; to < out; ++to) {
        std::fill(sums.begin(), sums.end(), 0);
        for_each_covered(to, source, out, [&](std::size_t weight, std::size_t row) {
            for (std::size_t i = 0; i < sums.size(); ++i) {
                sums[i] += weight * narrow[row * out * 3 + i];
            }
        });
        const std::uint64_t area = source * source;
        for (const std::uint64_t sum : sums) {
            square.rgb.push_back(static_cast<std::uint8_t>((sum + area / 2) / area));
        }
    }
    return square;
}

}  // namespace compot::scene
