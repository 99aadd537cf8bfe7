#pragma once

#include "edge/scene/image.hpp"

/// Pictures in other sizes. Integers only, so that a picture is the same to every machine.

namespace compot::scene {

/// Each pixel is the mean of what it covers, weighted by area. REQUIRES: image.whole(), width and
/// height > 0. COST: once over the picture.
[[nodiscard]] Image resized(const Image& image, int width, int height);

/// As a net takes it: the largest square in the middle. REQUIRES: image.whole(), side > 0.
[[nodiscard]] Image to_square(const Image& image, int side);

}  // namespace compot::scene
