#include "edge/scene/compact.hpp"

#include <gtest/gtest.h>

#include "core/base/random.hpp"
#include "edge/scene/decode.hpp"
#include "edge/scene/resize.hpp"

namespace compot::scene {
namespace {

/// The worst for a JPEG.
Image noise(int width, int height) {
    Random random{7};
    Image image{width, height, {}};
    for (int i = 0; i < width * height * 3; ++i)
        image.rgb.push_back(static_cast<std::uint8_t>(random.below(256)));
    return image;
}

TEST(CompactJpeg, fits_whatever_is_on_the_picture) {
    for (const auto& [width, height] : {std::pair{640, 480}, {3, 700}, {1, 1}, {64, 64}}) {
        for (const std::size_t bytes : {kCompactBytesMin, std::size_t{3000}, std::size_t{60'000}}) {
            const auto file = compact_jpeg(noise(width, height), 128, bytes);
            EXPECT_LE(file.size(), bytes);
            const auto back = decode(file);
            ASSERT_TRUE(back.ok()) << back.error().sentence;
            EXPECT_LE(std::max(back->width, back->height), 128);
        }
    }
}

TEST(CompactJpeg, keeps_the_size_of_what_is_small_and_looks_alike) {
    Image image{48, 32, {}};
    for (int i = 0; i < 48 * 32; ++i)
        image.rgb.insert(image.rgb.end(), {static_cast<std::uint8_t>(i % 48 * 5), 90, 30});
    const auto back = decode(compact_jpeg(image, 128, 3000));
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(back->width, 48);
    EXPECT_EQ(back->height, 32);
    for (std::size_t i = 0; i < image.rgb.size(); ++i) EXPECT_NEAR(back->rgb[i], image.rgb[i], 12);
}

TEST(CompactJpeg, gives_the_same_bytes_for_the_same_picture) {
    EXPECT_EQ(compact_jpeg(noise(300, 200), 128, 3000), compact_jpeg(noise(300, 200), 128, 3000));
}

TEST(Resized, keeps_the_mean_and_the_shape) {
    Image image{4, 2, {}};
    for (const int level : {0, 100, 200, 40, 20, 80, 60, 100})
        image.rgb.insert(image.rgb.end(), 3, static_cast<std::uint8_t>(level));
    const Image half = resized(image, 2, 1);
    EXPECT_EQ(half.rgb, (std::vector<std::uint8_t>{50, 50, 50, 100, 100, 100}));
    EXPECT_EQ(resized(image, 4, 2).rgb, image.rgb);
}

}  // namespace
}  // namespace compot::scene
