#pragma once

#include <string>

#include "core/base/containers.hpp"

/// How often a net is right, for commands that trade bytes against it. All throw std::runtime_error
/// with a line for a person.

namespace compot::apps {

/// Of the scene net, on pictures that no training has seen; 0 to 1.
[[nodiscard]] double scene_accuracy(BytesView net);

/// What `command`, with the name of a file that holds the net as its last argument, prints.
[[nodiscard]] double measured_accuracy(const std::string& command, BytesView net);

}  // namespace compot::apps
