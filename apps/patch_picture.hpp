#pragma once

#include <string>

#include "edge/patch/maker.hpp"

/// Where a patch's bytes go, for people: on a terminal, and as a page that needs nothing else.

namespace compot::apps {

[[nodiscard]] std::string picture_as_text(const patch::Patch& patch);
[[nodiscard]] std::string picture_as_html(const patch::Patch& patch, const std::string& title);

/// Names of bundle::Account and bundle::Unit.
[[nodiscard]] const char* account_name(std::size_t account);
[[nodiscard]] const char* unit_name(std::size_t unit);

}  // namespace compot::apps
