#pragma once

#include <vector>

#include "sim/deployment/deployment.hpp"

/// Who stands where: the listed nodes first, then as many others as there shall be, each with a
/// name, a place and a role. The seed decides what is left to chance.

namespace compot::deployment {

/// ERRORS: no room for so many nodes at the least distance from each other; then the sentence says
/// how many found a place.
[[nodiscard]] Result<std::vector<NodePlan>, Failure> place(const Deployment& deployment,
                                                           std::uint64_t seed);

}  // namespace compot::deployment
