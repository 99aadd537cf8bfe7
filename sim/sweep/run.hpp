#pragma once

#include <string>

#include "edge/scene/classifier.hpp"
#include "sim/sweep/plan.hpp"

/// One cell of a sweep, from its plan to its result.

namespace compot::sweep {

/// What `sim --json` prints of this cell's run; {"error": sentence} when there is no such world (a
/// seed that finds no tile for the blockage). The same on every machine. REQUIRES: `classifier` is
/// for this thread alone.
[[nodiscard]] std::string run_cell(const Plan& plan, const Cell& cell,
                                   scene::SceneClassifier& classifier);

}  // namespace compot::sweep
