#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "sim/sweep/outcome.hpp"
#include "sim/sweep/plan.hpp"
#include "sim/sweep/statistics.hpp"

/// What the cells of a sweep say together: a row for each combination of the axes' values, and what
/// changes when one value is put for another.

namespace compot::sweep {

/// One figure over all seeds of a row: a share when it is a yes or no in every run.
struct Finding {
    std::string name;
    std::optional<Share> share;
    std::optional<Spread> spread;  ///< of the runs that have it
};

struct Row {
    std::vector<scenario::Override> at;  ///< the axes' values here
    std::size_t failed = 0;              ///< cells that could not be run
    std::vector<Finding> findings;       ///< the same figures in every row

    /// Null when there is none.
    [[nodiscard]] const Finding* find(const std::string& name) const;
};

/// The same seeds with two values of one axis: what the second changes. Runs with one seed begin
/// in the same world, so fewer are needed than for two averages.
struct Difference {
    std::string key;
    std::string from;  ///< the axis's first value
    std::string to;
    std::vector<scenario::Override> at;  ///< the other axes' values
    std::string figure;
    Spread change;  ///< of `to` minus `from`, over the seeds that have both
};

struct Study {
    std::vector<std::string> figures;  ///< how runs ended, and what is not the same in all of them
    std::vector<Row> rows;
    std::vector<Difference> differences;
};

/// `results`: one JSON object for each cell, in the plan's order, as run_cell gives them.
/// ERRORS: a sentence that names the first one that is none.
[[nodiscard]] Result<Study, Failure> study(const Plan& plan,
                                           const std::vector<std::string>& results);

/// The whole study with the plan's axes: what the page draws.
[[nodiscard]] std::string to_json(const Plan& plan, const Study& study);

/// A line for each cell: index, seed, the axes' values, then what its result has. With a heading.
[[nodiscard]] Result<std::string, Failure> to_csv(const Plan& plan,
                                                  const std::vector<std::string>& results);

}  // namespace compot::sweep
