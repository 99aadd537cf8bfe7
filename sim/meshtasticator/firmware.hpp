#pragma once

#include <cstdint>

#include "radio/radio.hpp"
#include "sim/meshtasticator/result.hpp"
#include "sim/meshtasticator/scenario.hpp"

/// The same nodes, levels and messages by the rules of real radios: the firmware's channel access
/// and routing (radio/), overlapping signals that add up and preambles that lock (sim/ether/).

namespace compot::meshtasticator {

/// Figures as run() counts them.
[[nodiscard]] Outcome run_firmware(const Scenario& scenario, radio::Firmware firmware,
                                   std::uint64_t seed);

}  // namespace compot::meshtasticator
