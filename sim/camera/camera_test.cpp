#include "sim/camera/camera.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <set>
#include <string>

#include "core/crypto/crypto.hpp"

namespace compot::camera {
namespace {

constexpr std::array<learn::TileClass, 4> kClasses{
    learn::TileClass::Clear, learn::TileClass::Movable, learn::TileClass::Immovable,
    learn::TileClass::Dangerous};

TEST(Camera, one_seed_is_one_picture_and_no_two_are_alike) {
    std::set<std::uint64_t> digests;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        for (const auto what : kClasses) {
            const auto image = render_scene(seed, what);
            ASSERT_EQ(image.rgb.size(), std::size_t{3} * kSide * kSide);
            ASSERT_EQ(image.rgb, render_scene(seed, what).rgb);
            digests.insert(crypto::digest64(image.rgb));
        }
    }
    EXPECT_EQ(digests.size(), 80U);
}

/// The largest step in brightness between two neighbouring pixels of a row.
int contrast(const scene::Image& image) {
    int most = 0;
    for (std::size_t i = 3; i < image.rgb.size(); i += 3) {
        if (i / 3 % kSide != 0) most = std::max(most, std::abs(image.rgb[i] - image.rgb[i - 3]));
    }
    return most;
}

TEST(Camera, sees_the_less_the_thicker_the_fog) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        SCOPED_TRACE(seed);
        const auto what = learn::TileClass::Dangerous;
        EXPECT_EQ(render_in_fog(seed, what, 0).rgb, render_scene(seed, what).rgb);
        const int clear = contrast(render_scene(seed, what));
        const int haze = contrast(render_in_fog(seed, what, 50));
        const int thick = contrast(render_in_fog(seed, what, 100));
        EXPECT_LT(haze, clear);
        EXPECT_LE(thick, 2 * 16 + 2) << "sensor noise alone";
    }
}

// The same bytes on every machine, compiler and build type: a golden digest of 40 pictures.
TEST(Camera, pictures_are_the_same_everywhere) {
    std::vector<std::uint8_t> all;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        for (const auto what : kClasses) {
            const auto image = render_scene(seed, what);
            all.insert(all.end(), image.rgb.begin(), image.rgb.end());
        }
    }
    EXPECT_EQ(crypto::digest64(all), 0x78685eb70311fe05U) << std::hex << crypto::digest64(all);
}

// No single mean colour tells the classes apart: a threshold on any channel's mean is right about
// less than two pictures in three.
TEST(Camera, mean_colour_does_not_give_the_class_away) {
    std::array<std::array<double, 3>, 4> mean{};
    constexpr int kEach = 60;
    std::array<std::array<std::array<double, 3>, kEach>, 4> seen{};
    for (std::size_t c = 0; c < 4; ++c) {
        for (std::uint64_t seed = 0; seed < kEach; ++seed) {
            const auto image = render_scene(1000 + seed, kClasses[c]);
            std::array<double, 3> sum{};
            for (std::size_t i = 0; i < image.rgb.size(); ++i) sum[i % 3] += image.rgb[i];
            for (std::size_t k = 0; k < 3; ++k) {
                seen[c][seed][k] = sum[k] / (kSide * kSide);
                mean[c][k] += seen[c][seed][k] / kEach;
            }
        }
    }
    int right = 0;
    for (std::size_t c = 0; c < 4; ++c) {
        for (const auto& colour : seen[c]) {
            std::size_t best = 0;
            double least = 1e18;
            for (std::size_t d = 0; d < 4; ++d) {
                double distance = 0;
                for (std::size_t k = 0; k < 3; ++k)
                    distance += (colour[k] - mean[d][k]) * (colour[k] - mean[d][k]);
                if (distance < least) {
                    least = distance;
                    best = d;
                }
            }
            if (best == c) ++right;
        }
    }
    EXPECT_LT(right, 4 * kEach * 2 / 3);
}

}  // namespace
}  // namespace compot::camera
