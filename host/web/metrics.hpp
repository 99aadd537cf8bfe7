#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

/// Figures for a monitoring system, in the text format that Prometheus reads (version 0.0.4). It
/// knows no figure itself.

namespace compot::web {

inline constexpr const char* kMetricsType = "text/plain; version=0.0.4; charset=utf-8";

class Metrics {
public:
    using Labels = std::vector<std::pair<std::string, std::string>>;

    /// Counts up, and begins at 0 with the process. REQUIRES: a name of a-z, 0-9 and _ that says
    /// its unit and ends in _total.
    void counter(const std::string& name, const std::string& help, double value,
                 const Labels& labels = {});
    /// As it stands now. REQUIRES: a name of a-z, 0-9 and _ that says its unit.
    void gauge(const std::string& name, const std::string& help, double value,
               const Labels& labels = {});

    /// Each figure once with its help and its type, in order of the names.
    [[nodiscard]] std::string text() const;

private:
    struct Family {
        std::string type;
        std::string help;
        std::vector<std::string> lines;
    };

    void add(const char* type, const std::string& name, const std::string& help, double value,
             const Labels& labels);

    std::map<std::string, Family> families_;
};

/// What Linux says of this process: memory, processor time, open files, its age.
void measure_process(Metrics& metrics);

/// Of each node in `nodes`, which is the JSON of /api/nodes (doc/feed.md).
void measure_nodes(const std::string& nodes, Metrics& metrics);

}  // namespace compot::web
