#pragma once

#include <vector>

#include "sim/scenario/scenario.hpp"
#include "sim/scenario/section.hpp"

/// What the command line changes in a scenario's table before anybody reads it.

namespace compot::scenario {

/// Puts each value where its path says: keys by name, elements of arrays by number or by the `name`
/// in them. Tables are made as needed; elements are not. Errors land in `reading`.
void apply(toml::table& root, const std::vector<Override>& overrides, Reading& reading);

}  // namespace compot::scenario
