#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "tests/acceptance/bridge/place.hpp"

/// The same sites joined by a real Mosquitto on the loopback interface. The worlds run 120 times
/// faster than the broker's clock, so that a link that is up half a second of five is up one minute
/// of ten for them; nothing else is scaled.

namespace compot::two_sites {

struct BrokerRun {
    bool has_broker = false;
    bool done = false;
    Duration world_time{};
    std::uint64_t connections = 0;
};

/// Until `is_done`, or six hours of the worlds.
[[nodiscard]] BrokerRun run_over_mosquitto(const std::vector<std::unique_ptr<Place>>& places,
                                           const std::function<bool()>& is_done);

}  // namespace compot::two_sites
