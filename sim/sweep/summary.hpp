#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "sim/sweep/plan.hpp"

/// What the cells of a sweep say together: a row for each combination of the axes' values.

namespace compot::sweep {

/// A share of runs with the interval in which it lies with 95 % confidence.
/// SOURCE: Wilson's score interval (1927), z = 1.96.
struct Share {
    std::size_t hits = 0;
    std::size_t runs = 0;
    double low = 0;
    double high = 0;
};

/// REQUIRES: hits <= runs, runs > 0.
[[nodiscard]] Share share(std::size_t hits, std::size_t runs);

/// Of the runs that have a figure. The quantile is the nearest rank.
struct Spread {
    double mean = 0;
    double median = 0;
    double p95 = 0;
};

[[nodiscard]] std::optional<Spread> spread(std::vector<double> figures);

struct Row {
    std::vector<scenario::Override> at;  ///< the axes' values here
    std::size_t failed = 0;              ///< cells that could not be run
    std::optional<Share> resumed;        ///< of those that ran; none when none did
    std::optional<Share> ledgers_equal;
    std::optional<Spread> time_to_help_s;  ///< of those that were helped
    std::optional<Spread> frames;
    std::optional<Spread> airtime_ms;  ///< of all nodes together
};

/// `results`: one JSON object for each cell, in the plan's order, as run_cell gives them.
/// ERRORS: a sentence that names the first one that is none.
[[nodiscard]] Result<std::vector<Row>, Failure> summarize(const Plan& plan,
                                                          const std::vector<std::string>& results);

[[nodiscard]] std::string to_json(const std::vector<Row>& rows);

/// A line for each cell: index, seed, the axes' values, then the figures. With a heading.
[[nodiscard]] Result<std::string, Failure> to_csv(const Plan& plan,
                                                  const std::vector<std::string>& results);

}  // namespace compot::sweep
