#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.hpp"
#include "sim/sweep/plan.hpp"

/// What one cell's result says, whatever kind of run it was: every figure that stands at the top of
/// its JSON or in an object there ("job.messages"), and what its nodes add up to. Knows nothing of
/// other cells.

namespace compot::sweep {

/// A yes or no counts as 1 or 0.
struct Figure {
    std::string name;
    double value = 0;
    bool yes_or_no = false;
};

struct Outcome {
    std::string error;                                         ///< not empty: it could not be run
    std::vector<std::pair<std::string, std::string>> columns;  ///< as in the JSON, for a table
    std::vector<Figure> figures;  ///< without those that are null: nobody was helped

    [[nodiscard]] std::optional<double> find(const std::string& name) const;
};

/// `result`: what run_cell() gave. ERRORS: a sentence when it is no such thing.
[[nodiscard]] Result<Outcome, Failure> read_outcome(const std::string& result);

}  // namespace compot::sweep
