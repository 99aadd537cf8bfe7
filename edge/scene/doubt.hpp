#pragma once

#include <string>

#include "core/node/config.hpp"
#include "edge/scene/classifier.hpp"

/// Whether what was seen on a picture that a person has handed in is enough for a node to act on.

namespace compot::scene {

/// Why not, in a sentence; empty when it is.
[[nodiscard]] std::string doubt(const Scene& seen, const node::Config& config);

}  // namespace compot::scene
