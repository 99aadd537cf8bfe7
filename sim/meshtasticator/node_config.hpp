#pragma once

#include <cstdint>
#include <string>

#include "core/base/result.hpp"
#include "sim/meshtasticator/scenario.hpp"

/// Meshtasticator's nodeConfig.yaml, where its window keeps the nodes that somebody placed: by
/// number x, y and z in metres, isRouter, isRepeater, isClientMute, hopLimit and antennaGain. The
/// levels come from its default path loss, the messages from its default traffic.

namespace compot::meshtasticator {

/// `seed` draws the asymmetry of each direction (3 dB) and the times of the messages (one in 100 s
/// from each node that is no repeater, for 1800 s). ERRORS: a sentence that names node and key.
/// SOURCE: Meshtasticator's lib/config.py: model 5, 30 dBm, 908.75 MHz, 40 bytes, 3 hops.
[[nodiscard]] Result<Scenario, Failure> parse_node_config(const std::string& yaml,
                                                          std::uint64_t seed);

}  // namespace compot::meshtasticator
