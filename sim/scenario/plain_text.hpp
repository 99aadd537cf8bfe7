#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// Texts of people on their way to toml++ and from it into messages. Outside of strings and
/// comments TOML is ASCII, and toml++ 3.3 reaches what it calls unreachable when it meets certain
/// other letters there.

namespace compot::scenario {

/// What a file says, as it may stand in a message of one line: without control characters.
[[nodiscard]] std::string one_line(std::string_view text);

/// The line, from 1, of the first letter beyond ASCII that stands in no string and no comment.
[[nodiscard]] std::optional<std::size_t> stray_letter(std::string_view toml);

}  // namespace compot::scenario
