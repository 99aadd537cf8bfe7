#pragma once

#include "edge/scene/image.hpp"

/// The picture as a net takes it: the largest square in its middle, in the net's size. Integers
/// only, so that a picture is the same to every machine.

namespace compot::scene {

/// Each pixel is the mean of what it covers, weighted by area. REQUIRES: image.whole(), side > 0.
/// COST: once over the picture.
[[nodiscard]] Image to_square(const Image& image, int side);

}  // namespace compot::scene
