#pragma once

#include <memory>

#include "apps/world.hpp"
#include "observe/recording.hpp"

/// A recording as a world: its events happen again at their times, and nothing can change them.

namespace compot::apps {

[[nodiscard]] MakeWorld playback(std::shared_ptr<const observe::Recording> recording);

}  // namespace compot::apps
