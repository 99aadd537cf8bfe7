#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "edge/scene/image.hpp"

/// A small software painter in integers: noise-textured polygons, ellipses and strokes, then light
/// and sensor noise. It knows shapes and colours, not what they stand for.

namespace compot::camera {

struct Rgb {
    int r = 0;
    int g = 0;
    int b = 0;
};

[[nodiscard]] constexpr Rgb scaled(Rgb colour, int permille) {
    return {colour.r * permille / 1000, colour.g * permille / 1000, colour.b * permille / 1000};
}

[[nodiscard]] constexpr Rgb blend(Rgb below, Rgb above, int permille) {
    const int rest = 1000 - permille;
    return {(below.r * rest + above.r * permille) / 1000,
            (below.g * rest + above.g * permille) / 1000,
            (below.b * rest + above.b * permille) / 1000};
}

/// In sixteenths of a pixel.
struct Point {
    int x = 0;
    int y = 0;
};

[[nodiscard]] constexpr Point pixels(int x, int y) { return {x * 16, y * 16}; }

/// What a shape is filled with: a colour, and noise of a grain and a strength over it.
struct Paint {
    Rgb colour;
    int grain = 4;                 ///< pixels from one noise value to the next
    int roughness_permille = 120;  ///< how far the noise moves the brightness
    int opacity_permille = 1000;
};

class Canvas {
public:
    Canvas(int width, int height, std::uint64_t noise_key);

    [[nodiscard]] int width() const { return width_; }

    [[nodiscard]] int height() const { return height_; }

    /// Smooth noise in -1000..1000 that changes over `grain` pixels; `layer` chooses another one.
    [[nodiscard]] int noise(int x, int y, int grain, std::uint64_t layer) const;

    /// Rows `top` to `bottom`, exclusive.
    void fill_rows(int top, int bottom, const Paint& paint);
    /// Convex or not, even-odd.
    void polygon(std::span<const Point> corners, const Paint& paint);
    /// `ragged_permille` moves the rim in and out by noise.
    void ellipse(Point centre, int radius_x, int radius_y, const Paint& paint,
                 int ragged_permille = 0);
    void stroke(Point from, Point to, int width, const Paint& paint);

    /// Something of `colour` between all of it and the camera.
    void veil(Rgb colour, int permille);

    /// The picture as a camera sees it: tinted light, falling off over the picture, sensor noise.
    [[nodiscard]] scene::Image develop(Rgb light_permille, int falloff_permille,
                                       int sensor_noise) const;

private:
    void touch(int x, int y, const Paint& paint, std::uint64_t layer);

    [[nodiscard]] std::uint64_t next_layer() { return ++layers_; }

    int width_;
    int height_;
    std::uint64_t key_;
    std::uint64_t layers_ = 0;
    std::vector<Rgb> cells_;
};

}  // namespace compot::camera
