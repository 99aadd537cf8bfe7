#pragma once

#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/learn/grid.hpp"
#include "core/node/event.hpp"

/// What a body and the node beside it say to each other, a JSON object a line (doc/body.md). Knows
/// nothing of the line.

namespace compot::body {

[[nodiscard]] std::string to_line(const node::Sensed& sensed);
[[nodiscard]] std::string to_line(learn::Action action);

/// ERRORS: one sentence.
[[nodiscard]] Result<node::Sensed, std::string> parse_sensed(std::string_view line);
[[nodiscard]] Result<learn::Action, std::string> parse_action(std::string_view line);

}  // namespace compot::body
