#pragma once

#include <string>

#include "observe/report/account.hpp"

/// An account as text (doc/report.md): whole numbers with their units in their names.

namespace compot::report {

/// One JSON object; the same account gives the same bytes.
[[nodiscard]] std::string to_json(const Account& account);

/// The figures of `json` as a table with the columns section, item, figure, value: everything but
/// the ways of single packets. REQUIRES: `json` is what to_json() gave.
[[nodiscard]] std::string to_csv(const std::string& json);

/// A field as RFC 4180 has it.
[[nodiscard]] std::string csv_field(const std::string& text);

}  // namespace compot::report
