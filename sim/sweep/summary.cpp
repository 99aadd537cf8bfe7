#include "sim/sweep/summary.hpp"

#include <algorithm>
#include <set>

#include "core/base/check.hpp"
#include "observe/report/json.hpp"

namespace compot::sweep {

namespace {

using Outcomes = std::vector<Outcome>;

Result<Outcomes, Failure> read(const Plan& plan, const std::vector<std::string>& results) {
    COMPOT_CHECK(results.size() == plan.cells());
    Outcomes all;
    for (std::size_t i = 0; i < results.size(); ++i) {
        auto outcome = read_outcome(results[i]);
        if (!outcome)
            return Failure{"cell " + std::to_string(i) + ": its result is not what a run prints"};
        all.push_back(*std::move(outcome));
    }
    return all;
}

/// A figure that some cell has.
struct Known {
    std::string name;
    bool yes_or_no = true;  ///< wherever it is
    bool outcome = false;   ///< one of the words of `outcome`: absent means no
    std::set<double> values;
};

std::vector<Known> known_figures(const Outcomes& outcomes) {
    std::vector<Known> known;
    for (const Outcome& outcome : outcomes) {
        for (const Figure& figure : outcome.figures) {
            auto found = std::find_if(known.begin(), known.end(),
                                      [&](const Known& one) { return one.name == figure.name; });
            if (found == known.end()) {
                known.push_back({figure.name, true, figure.name.rfind("outcome ", 0) == 0, {}});
                found = known.end() - 1;
            }
            found->yes_or_no = found->yes_or_no && figure.yes_or_no;
            if (found->values.size() < 2) found->values.insert(figure.value);
        }
    }
    return known;
}

/// Of one cell; nothing when it was not run, or has no such figure.
std::optional<double> value(const Outcome& outcome, const Known& figure) {
    if (!outcome.error.empty()) return std::nullopt;
    const auto found = outcome.find(figure.name);
    return found || !figure.outcome ? found : 0.0;
}

Finding finding(const Known& figure, const Outcome* cells, std::size_t seeds) {
    std::vector<double> values;
    for (std::size_t i = 0; i < seeds; ++i)
        if (const auto one = value(cells[i], figure)) values.push_back(*one);
    Finding finding{figure.name, {}, {}};
    if (values.empty()) return finding;
    if (figure.yes_or_no) {
        const auto hits = std::count(values.begin(), values.end(), 1.0);
        finding.share = share(static_cast<std::size_t>(hits), values.size());
    } else {
        finding.spread = spread(std::move(values));
    }
    return finding;
}

Row row(const Plan& plan, std::size_t combination, const Outcomes& outcomes,
        const std::vector<Known>& known) {
    const Outcome* cells = outcomes.data() + combination * plan.seeds.size();
    Row row;
    row.at = plan.overrides(combination);
    row.at.erase(row.at.begin(),
                 row.at.begin() + static_cast<std::ptrdiff_t>(plan.settings.size()));
    row.failed = static_cast<std::size_t>(std::count_if(
        cells, cells + plan.seeds.size(), [](const Outcome& cell) { return !cell.error.empty(); }));
    for (const Known& figure : known)
        row.findings.push_back(finding(figure, cells, plan.seeds.size()));
    return row;
}

/// How far apart in combinations two neighbouring values of this axis are.
std::size_t stride(const Plan& plan, std::size_t axis) {
    std::size_t product = 1;
    for (std::size_t i = axis + 1; i < plan.axes.size(); ++i) product *= plan.axes[i].values.size();
    return product;
}

void compare(const Plan& plan, const Outcomes& outcomes, const std::vector<Known>& known,
             std::size_t axis, std::size_t combination, Study& study) {
    const std::size_t step = stride(plan, axis);
    const auto& values = plan.axes[axis].values;
    const std::size_t place = combination / step % values.size();
    if (place == 0) return;
    const Outcome* with = outcomes.data() + combination * plan.seeds.size();
    const Outcome* without = outcomes.data() + (combination - place * step) * plan.seeds.size();
    auto at = study.rows[combination].at;
    at.erase(at.begin() + static_cast<std::ptrdiff_t>(axis));
    for (const Known& figure : known) {
        if (figure.values.size() < 2) continue;
        std::vector<double> changes;
        for (std::size_t i = 0; i < plan.seeds.size(); ++i) {
            const auto after = value(with[i], figure);
            const auto before = value(without[i], figure);
            if (after && before) changes.push_back(*after - *before);
        }
        const auto change = spread(std::move(changes));
        if (change)
            study.differences.push_back(
                {plan.axes[axis].key, values[0], values[place], at, figure.name, *change});
    }
}

}  // namespace

const Finding* Row::find(const std::string& name) const {
    const auto found = std::find_if(findings.begin(), findings.end(),
                                    [&](const Finding& one) { return one.name == name; });
    return found == findings.end() ? nullptr : &*found;
}

Result<Study, Failure> study(const Plan& plan, const std::vector<std::string>& results) {
    const auto outcomes = read(plan, results);
    if (!outcomes) return outcomes.error();
    std::vector<Known> known = known_figures(*outcomes);
    // A word of `outcome` that only some runs end with is absent from the others.
    for (Known& figure : known) {
        if (!figure.outcome) continue;
        for (const Outcome& outcome : *outcomes)
            if (const auto one = value(outcome, figure)) figure.values.insert(*one);
    }
    Study study;
    for (const Known& figure : known)
        if (figure.values.size() > 1 || figure.outcome) study.figures.push_back(figure.name);
    for (std::size_t i = 0; i < plan.combinations(); ++i)
        study.rows.push_back(row(plan, i, *outcomes, known));
    for (std::size_t axis = 0; axis < plan.axes.size(); ++axis)
        for (std::size_t i = 0; i < plan.combinations(); ++i)
            compare(plan, *outcomes, known, axis, i, study);
    return study;
}

Result<std::string, Failure> to_csv(const Plan& plan, const std::vector<std::string>& results) {
    const auto outcomes = read(plan, results);
    if (!outcomes) return outcomes.error();
    std::vector<std::string> names;
    for (const Outcome& outcome : *outcomes)
        for (const auto& [name, text] : outcome.columns)
            if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    std::string csv = "cell,seed";
    for (const Axis& axis : plan.axes) csv += ',' + report::csv_field(axis.key);
    for (const std::string& name : names) csv += ',' + report::csv_field(name);
    csv += ",error\n";
    for (std::size_t i = 0; i < outcomes->size(); ++i) {
        const Cell here = cell(plan, i);
        const Outcome& one = (*outcomes)[i];
        csv += std::to_string(i) + ',' + std::to_string(here.seed);
        const auto overrides = plan.overrides(here.combination);
        for (std::size_t axis = plan.settings.size(); axis < overrides.size(); ++axis)
            csv += ',' + report::csv_field(overrides[axis].value);
        for (const std::string& name : names) {
            const auto found = std::find_if(one.columns.begin(), one.columns.end(),
                                            [&](const auto& two) { return two.first == name; });
            csv += ',' + (found == one.columns.end() ? "" : report::csv_field(found->second));
        }
        csv += ',' + report::csv_field(one.error) + '\n';
    }
    return csv;
}

}  // namespace compot::sweep
