#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// For checks against formulas: figures from samples with their 99 % interval, and lines that say
/// figure, threshold and verdict.

namespace compot::forms {

/// Outcomes in the order in which they fell. Neighbours may depend on each other (two frames that
/// kill each other), so the interval comes from the means of forty batches, not from the binomial.
class Sample {
public:
    void add(bool outcome) { outcomes_.push_back(outcome ? 1 : 0); }

    [[nodiscard]] std::size_t size() const { return outcomes_.size(); }

    [[nodiscard]] double mean() const;

    /// Half the width of the 99 % interval: Student's t of 39 degrees of freedom is 2.708. Never
    /// less than what three outcomes more or less would make.
    [[nodiscard]] double half_width() const;

private:
    std::vector<std::uint8_t> outcomes_;
};

/// Prints lines and remembers whether all held.
class Verdicts {
public:
    /// Samples are as large as they should be, or a `part`-th of that where it must be quick.
    explicit Verdicts(std::size_t part) : part_(part) {}

    [[nodiscard]] std::size_t share(std::size_t size) const { return size / part_; }

    void expect(bool held, const std::string& line);

    /// The formula's value lies in the sample's interval, or so near to it that among some thirty
    /// samples chance alone would seldom put it there (99.9 %).
    void expect_formula(const std::string& what, const Sample& sample, double formula);

    [[nodiscard]] bool all_held() const { return all_held_; }

private:
    std::size_t part_;
    bool all_held_ = true;
};

/// One each for a part of what is checked.
void check_tables(Verdicts& verdicts);
void check_reception(Verdicts& verdicts);
void check_preambles(Verdicts& verdicts);
void check_sharing(Verdicts& verdicts);
void check_windows(Verdicts& verdicts);

}  // namespace compot::forms
