#pragma once

#include <cstdint>

#include "core/learn/grid.hpp"
#include "edge/scene/image.hpp"

/// What a body's camera sees of a tile of the simulated field. The picture is drawn from the truth;
/// whoever wants to know the truth has to look at the picture. Integers only: one seed is one
/// picture on every machine.

namespace compot::camera {

inline constexpr int kSide = 64;  ///< pixels of a picture's edge

/// A picture of a tile with `what` on it. `seed` chooses ground, weather, light, viewpoint, clutter
/// and which kind of that class it is: crates, boxes and branches; boulders, walls and trunks;
/// fires, downed power lines and holes.
[[nodiscard]] scene::Image render_scene(std::uint64_t seed, learn::TileClass what);

/// The same picture through fog: so much of its light is the fog's, at 100 all of it.
[[nodiscard]] scene::Image render_in_fog(std::uint64_t seed, learn::TileClass what,
                                         int fog_percent);

}  // namespace compot::camera
