#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/sweep/plan.hpp"

/// Where a sweep keeps its plan and its results, so that it can be cut off, gone on with, and
/// shared by several processes. Without a folder everything is in memory. A result appears whole or
/// not at all. All members that touch files throw std::runtime_error with a line for a person.

namespace compot::apps {

class SweepFolder {
public:
    /// In memory.
    explicit SweepFolder(sweep::Plan plan);

    /// The folder `path` for `plan`: made when it is not there. Throws when it holds another sweep.
    [[nodiscard]] static SweepFolder create(const std::string& path, sweep::Plan plan);

    /// A folder that create() made.
    [[nodiscard]] static SweepFolder open(const std::string& path);

    [[nodiscard]] const sweep::Plan& plan() const { return plan_; }

    /// What was kept, or nothing. Safe from several threads for different cells.
    [[nodiscard]] std::optional<std::string> result(const sweep::Cell& cell) const;

    void keep(const sweep::Cell& cell, const std::string& result);

    /// results.ndjson and results.csv beside the plan; nothing in memory.
    void write_tables(const std::vector<std::string>& results) const;

private:
    SweepFolder(std::string path, sweep::Plan plan);
    [[nodiscard]] std::string cell_file(const sweep::Cell& cell) const;

    std::string path_;  ///< empty: in memory
    sweep::Plan plan_;
    std::vector<std::optional<std::string>> kept_;  ///< by index, in memory alone
};

}  // namespace compot::apps
