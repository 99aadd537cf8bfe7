#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/time.hpp"

/// What Meshtasticator counts, by its names.

namespace compot::meshtasticator {

struct Outcome {
    std::uint64_t messages = 0;
    std::uint64_t transmissions = 0;
    std::uint64_t received = 0;  ///< copies, by all nodes together
    std::uint64_t useful = 0;    ///< of them the first ones, by nodes that had not said it
    double reach_pct = 0;        ///< useful of all that could be
    double usefulness_pct = 0;   ///< useful of received
    double tx_air_pct = 0;       ///< of the time, the average node's sending
    double delay_ms_mean = 0;    ///< from being said to each copy that is received
    double delay_ms_p50 = 0;
};

/// The figures of a run in which `air` is all transmissions' together, and `delays` has one for
/// each copy that was received.
[[nodiscard]] Outcome tally(std::uint64_t messages, std::uint64_t transmissions,
                            std::uint64_t useful, std::size_t nodes, Duration air, Duration until,
                            std::vector<Duration> delays);

/// One JSON object.
[[nodiscard]] std::string to_json(const Outcome& outcome);

}  // namespace compot::meshtasticator
