#pragma once

#include <cstddef>
#include <vector>

#include "core/base/ids.hpp"
#include "core/node/config.hpp"
#include "radio/channel.hpp"
#include "sim/scenario/scenario.hpp"

/// The keys, numbers and roles that a swarm's owner would hand out, derived from the scenario's
/// phrase: the same phrase and names give the same swarm. Nothing here runs.

namespace compot::scenario {

struct Enrolment {
    radio::Channel channel;
    std::vector<node::Config> nodes;  ///< in the scenario's order
};

/// REQUIRES: a scenario as parse() returns it.
[[nodiscard]] Enrolment enrol(const Scenario& scenario);

}  // namespace compot::scenario
