#include "edge/scene/resize.hpp"

#include <gtest/gtest.h>

#include "core/base/random.hpp"

namespace compot::scene {
namespace {

Image grey(int width, int height, const std::vector<int>& levels) {
    Image image{width, height, {}};
    for (const int level : levels)
        image.rgb.insert(image.rgb.end(), 3, static_cast<std::uint8_t>(level));
    return image;
}

TEST(Resize, keeps_a_picture_that_has_the_size) {
    Random random{3};
    Image image{7, 7, {}};
    for (int i = 0; i < 7 * 7 * 3; ++i)
        image.rgb.push_back(static_cast<std::uint8_t>(random.below(256)));
    EXPECT_EQ(to_square(image, 7).rgb, image.rgb);
}

TEST(Resize, weighs_by_area) {
    // Three pixels become two: each covers one and a half.
    const Image out = to_square(grey(3, 3, {0, 90, 180, 0, 90, 180, 0, 90, 180}), 2);
    EXPECT_EQ(out.rgb, grey(2, 2, {30, 150, 30, 150}).rgb);
    EXPECT_EQ(to_square(grey(2, 2, {10, 20, 30, 41}), 1).rgb, grey(1, 1, {25}).rgb);
}

TEST(Resize, takes_the_middle_of_an_oblong) {
    EXPECT_EQ(to_square(grey(4, 2, {1, 2, 3, 4, 5, 6, 7, 8}), 2).rgb, grey(2, 2, {2, 3, 6, 7}).rgb);
    EXPECT_EQ(to_square(grey(1, 3, {1, 2, 3}), 1).rgb, grey(1, 1, {2}).rgb);
}

TEST(Resize, keeps_one_colour_whatever_the_sizes) {
    for (int width = 1; width <= 9; ++width) {
        for (int height = 1; height <= 9; ++height) {
            const Image image = grey(
                width, height, std::vector<int>(static_cast<std::size_t>(width * height), 201));
            for (int side = 1; side <= 11; ++side) {
                const Image out = to_square(image, side);
                ASSERT_TRUE(out.whole());
                ASSERT_EQ(out.width, side);
                for (const auto level : out.rgb) ASSERT_EQ(level, 201);
            }
        }
    }
}

}  // namespace
}  // namespace compot::scene
