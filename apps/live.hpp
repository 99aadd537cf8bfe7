#pragma once

#include <string>
#include <vector>

#include "apps/client_bridge.hpp"
#include "apps/world.hpp"
#include "edge/scene/classifier.hpp"
#include "sim/scenario/scenario.hpp"

/// A simulation as the runner sees it: the live counterpart of a recording that is played back.

namespace compot::apps {

/// Worlds of `scenario`; `seed` where the runner names none. The classifier and the bridge to
/// Meshtastic clients, if there is one, outlive them all.
[[nodiscard]] MakeWorld live(scenario::Scenario scenario, std::uint64_t seed,
                             std::vector<std::string> without, scene::SceneClassifier& classifier,
                             ClientBridge* bridge = nullptr);

}  // namespace compot::apps
