#pragma once

#include <cstdint>

#include "sim/meshtasticator/medium.hpp"
#include "sim/meshtasticator/result.hpp"
#include "sim/meshtasticator/scenario.hpp"

/// A run by Meshtasticator's rules: firmware 2.1's managed flooding as that simulator understands
/// it, its defects included. For comparison; what radios do is sim/ and radio/.

namespace compot::meshtasticator {

/// The kept messages are said at their kept times; the seed draws the waits and the strangers.
[[nodiscard]] Outcome run(const Scenario& scenario, const Fixes& fixes, std::uint64_t seed);

}  // namespace compot::meshtasticator
