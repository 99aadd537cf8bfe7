#pragma once

#include <CLI/CLI.hpp>
#include <string>

/// What is said to a person whose command line can't be understood.

namespace compot::apps {

/// Of misused commands, as the shell's own programs have it.
inline constexpr int kMisused = 2;

/// One line: which command, what is wrong, what may have been meant and where help is.
[[nodiscard]] std::string complaint(const CLI::App& program, const CLI::ParseError& error);

}  // namespace compot::apps
