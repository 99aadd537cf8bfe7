#pragma once

#include <vector>

#include "sim/scenario/scenario.hpp"
#include "sim/scenario/section.hpp"

/// A scenario's table, and what the command line changes in it before anybody reads it.

namespace compot::scenario {

/// The text of a file. ERRORS: one sentence that names the line.
[[nodiscard]] Result<toml::table, Failure> table_of(const std::string& text,
                                                    const std::string& file);

/// Puts each value where its path says: keys by name, elements of arrays by number or by the `name`
/// in them. Tables are made as needed; elements are not. Errors land in `reading`.
void apply(toml::table& root, const std::vector<Override>& overrides, Reading& reading);

}  // namespace compot::scenario
