#pragma once

#include <string>

/// A report as one HTML file: style, script and figures are inside, and nothing is fetched. The
/// script draws; what it draws are the figures of the JSON and nothing else.

namespace compot::report {

/// For the JSON of to_json(Account).
[[nodiscard]] std::string run_page(const std::string& title, const std::string& json);

/// For the JSON of a sweep's report (sim/sweep).
[[nodiscard]] std::string sweep_page(const std::string& title, const std::string& json);

}  // namespace compot::report
