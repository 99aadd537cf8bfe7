#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "edge/patch/maker.hpp"

/// Where a patch's bytes go, for people: on a terminal, and as a page that needs nothing else.

namespace compot::apps {

[[nodiscard]] std::string picture_as_text(const patch::Patch& patch);
[[nodiscard]] std::string picture_as_html(const patch::Patch& patch, const std::string& title);

/// Bits by account; bytes and bits by section.
[[nodiscard]] nlohmann::ordered_json spending_as_json(const patch::Patch& patch);
[[nodiscard]] nlohmann::ordered_json sections_as_json(const patch::Patch& patch);

/// The sections of an ELF file; none without a path. Throws std::runtime_error.
[[nodiscard]] std::vector<patch::Section> read_sections(const std::string& path);

/// Names of bundle::Account and bundle::Unit.
[[nodiscard]] const char* account_name(std::size_t account);
[[nodiscard]] const char* unit_name(std::size_t unit);

}  // namespace compot::apps
