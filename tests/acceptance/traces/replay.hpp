#pragma once

#include <vector>

#include "tests/acceptance/traces/situation.hpp"

/// The same situations with our radios: the same nodes, links and packets at the same times.

namespace compot::traces {

/// What ours did, for each situation that has this bed. `seed` draws their waits.
[[nodiscard]] std::vector<std::vector<Happening>> replay_chain(
    const std::vector<Situation>& situations, std::uint64_t seed);
[[nodiscard]] std::vector<std::vector<Happening>> replay_pair(
    const std::vector<Situation>& situations, std::uint64_t seed);

}  // namespace compot::traces
