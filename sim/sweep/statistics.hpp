#pragma once

#include <cstddef>
#include <optional>
#include <vector>

/// A few figures out of many, with how sure they are. For reading: nothing here feeds a run.

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
    std::size_t runs = 0;
    double mean = 0;
    std::optional<double> low;  ///< of the mean, 95 %; none from a single run
    std::optional<double> high;
    double median = 0;
    double p95 = 0;
};

/// The mean's interval is Student's. Nothing of nothing.
[[nodiscard]] std::optional<Spread> spread(std::vector<double> figures);

/// The two-sided 95 % point of Student's t, rounded up between the degrees of the table.
/// SOURCE: Fisher and Yates, table III. REQUIRES: degrees > 0.
[[nodiscard]] double student_95(std::size_t degrees);

}  // namespace compot::sweep
