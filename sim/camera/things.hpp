#pragma once

#include "core/base/random.hpp"
#include "sim/camera/canvas.hpp"

/// What can stand on a tile, drawn: three kinds for each class, each varied by the random stream.

namespace compot::camera {

/// Where a thing stands and how large it appears.
struct Place {
    Point centre;
    int size_permille = 1000;

    /// Sixteenths of a pixel for a length in pixels at normal size.
    [[nodiscard]] int length(int in_pixels) const { return in_pixels * 16 * size_permille / 1000; }

    [[nodiscard]] Point offset(int x_pixels, int y_pixels) const {
        return {centre.x + length(x_pixels), centre.y + length(y_pixels)};
    }
};

void draw_movable(Canvas& canvas, Random& random, const Place& place);
void draw_immovable(Canvas& canvas, Random& random, const Place& place);
void draw_dangerous(Canvas& canvas, Random& random, const Place& place);

}  // namespace compot::camera
