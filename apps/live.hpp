#pragma once

#include <string>
#include <vector>

#include "apps/body_bridge.hpp"
#include "apps/client_bridge.hpp"
#include "apps/firmware_bridge.hpp"
#include "apps/gateway_bridge.hpp"
#include "apps/lan_bridge.hpp"
#include "apps/world.hpp"
#include "edge/scene/classifier.hpp"
#include "sim/scenario/scenario.hpp"

/// A simulation as the runner sees it: the live counterpart of a recording that is played back.

namespace compot::apps {

/// Who is not there, and whose mind is elsewhere, by name.
struct Cast {
    std::vector<std::string> without;
    std::vector<std::string> external;
    std::vector<std::string> radioless;  ///< of the external ones
};

/// To Meshtastic clients, to external nodes, to real firmware, to a broker and to the local
/// network; null where there are none.
struct Bridges {
    ClientBridge* radios = nullptr;
    BodyBridge* bodies = nullptr;
    FirmwareBridge* firmware = nullptr;
    GatewayBridge* gateways = nullptr;
    LanBridge* lan = nullptr;
};

/// Worlds of `scenario`; `seed` where the runner names none. The classifier and the bridges outlive
/// them all.
[[nodiscard]] MakeWorld live(scenario::Scenario scenario, std::uint64_t seed, Cast cast,
                             scene::SceneClassifier& classifier, const Bridges& bridges);

}  // namespace compot::apps
