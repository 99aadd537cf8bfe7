#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "sim/scenario/scenario.hpp"

/// What a sweep runs: one scenario at every combination of the values of its axes, each with every
/// seed. The plan is all that another machine needs, and each cell is named by a digest of what can
/// change its result. Knows nothing of threads, files or of how a cell is run.

namespace compot::sweep {

using scenario::Failure;

inline constexpr std::size_t kCellsMost = 1'000'000;

/// A key of the scenario and the values that it takes in turn.
struct Axis {
    std::string key;
    std::vector<std::string> values;  ///< TOML
};

/// "key=v1,v2,...": commas inside brackets, braces and quotes belong to a value. ERRORS: no '=', no
/// value, an empty one.
[[nodiscard]] Result<Axis, Failure> parse_axis(const std::string& text);

/// "1-100" or "3,7,20-29", in the order given. ERRORS: what is no number, a range that runs
/// backwards, a seed named twice, more than kCellsMost.
[[nodiscard]] Result<std::vector<std::uint64_t>, Failure> parse_seeds(const std::string& text);

struct Plan {
    std::string file;                          ///< the scenario's name, for its errors
    std::string text;                          ///< the scenario itself
    std::string program;                       ///< whatever names the program that runs it
    std::vector<scenario::Override> settings;  ///< the same in every cell
    std::vector<std::string> without;
    std::vector<Axis> axes;
    std::vector<std::uint64_t> seeds;

    /// Combinations of the axes' values: 1 without axes.
    [[nodiscard]] std::size_t combinations() const;

    [[nodiscard]] std::size_t cells() const { return combinations() * seeds.size(); }

    /// The settings, then this combination's; the last axis changes fastest.
    [[nodiscard]] std::vector<scenario::Override> overrides(std::size_t combination) const;
};

/// Seeds are innermost: the cells of one combination follow each other.
struct Cell {
    std::size_t index = 0;
    std::size_t combination = 0;
    std::uint64_t seed = 0;
};

/// REQUIRES: index < plan.cells().
[[nodiscard]] Cell cell(const Plan& plan, std::size_t index);

/// 32 hex digits over all that can change the cell's result.
[[nodiscard]] std::string name(const Plan& plan, const Cell& cell);

/// Every combination can be read, before any is run. ERRORS: the first that can't, or too many
/// cells.
[[nodiscard]] Result<void, Failure> check(const Plan& plan);

/// JSON. from_json(to_json(plan)) is the plan.
[[nodiscard]] std::string to_json(const Plan& plan);

/// ERRORS: a sentence when `text` is no plan.
[[nodiscard]] Result<Plan, Failure> from_json(const std::string& text);

}  // namespace compot::sweep
