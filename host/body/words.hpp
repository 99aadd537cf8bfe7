#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/learn/grid.hpp"
#include "core/node/event.hpp"

/// What a body and the node beside it say to each other, a JSON object a line (doc/body.md). Knows
/// nothing of the line.

namespace compot::body {

[[nodiscard]] std::string to_line(const node::Sensed& sensed);
[[nodiscard]] std::string to_line(learn::Action action);

/// What a body's camera has seen.
struct Picture {
    learn::Cell of;
    std::vector<std::uint8_t> png;
};

[[nodiscard]] std::string to_line(const Picture& picture);
/// Asks for a picture of what is next to the body. REQUIRES: a move.
[[nodiscard]] std::string look_line(learn::Action way);

/// The line is a picture, whole or not, and not what the body feels.
[[nodiscard]] bool is_picture(std::string_view line);
/// The line asks for one, and not for an act.
[[nodiscard]] bool is_look(std::string_view line);

/// ERRORS: one sentence.
[[nodiscard]] Result<node::Sensed, std::string> parse_sensed(std::string_view line);
[[nodiscard]] Result<learn::Action, std::string> parse_action(std::string_view line);
[[nodiscard]] Result<learn::Action, std::string> parse_look(std::string_view line);
[[nodiscard]] Result<Picture, std::string> parse_picture(std::string_view line);

}  // namespace compot::body
