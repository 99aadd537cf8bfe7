#include "sim/sweep/summary.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "core/base/check.hpp"

namespace compot::sweep {

namespace {

using Json = nlohmann::ordered_json;

/// What a summary takes of a cell's result.
struct Figures {
    std::string error;  ///< not empty: the cell could not be run
    std::string outcome;
    std::string reason;
    bool ledgers_equal = false;
    std::optional<double> time_to_help_s;
    double frames = 0;
    double airtime_ms = 0;
    double energy_mj = 0;
};

Figures figures_from(const Json& json) {
    Figures figures;
    figures.error = json.value("error", "");
    if (!figures.error.empty()) return figures;
    figures.outcome = json.at("outcome").get<std::string>();
    figures.reason = json.at("reason").get<std::string>();
    figures.ledgers_equal = json.at("ledgers_equal").get<bool>();
    const Json& help = json.at("time_to_help_s");
    if (!help.is_null()) figures.time_to_help_s = help.get<double>();
    figures.frames = json.at("frames").get<double>();
    for (const Json& node : json.at("nodes")) {
        figures.airtime_ms += node.at("airtime_ms").get<double>();
        figures.energy_mj += node.at("energy_mj").get<double>();
    }
    return figures;
}

Result<std::vector<Figures>, Failure> read(const Plan& plan,
                                           const std::vector<std::string>& results) {
    COMPOT_CHECK(results.size() == plan.cells());
    std::vector<Figures> all;
    for (std::size_t i = 0; i < results.size(); ++i) {
        try {
            all.push_back(figures_from(Json::parse(results[i])));
        } catch (const Json::exception&) {
            return Failure{"cell " + std::to_string(i) + ": its result is not what a run prints"};
        }
    }
    return all;
}

Row row(const Plan& plan, std::size_t combination, const Figures* cells) {
    Row row;
    row.at = plan.overrides(combination);
    row.at.erase(row.at.begin(),
                 row.at.begin() + static_cast<std::ptrdiff_t>(plan.settings.size()));
    std::size_t ran = 0;
    std::size_t resumed = 0;
    std::size_t equal = 0;
    std::vector<double> help;
    std::vector<double> frames;
    std::vector<double> airtime;
    for (std::size_t i = 0; i < plan.seeds.size(); ++i) {
        const Figures& cell = cells[i];
        if (!cell.error.empty()) {
            ++row.failed;
            continue;
        }
        ++ran;
        resumed += cell.outcome == "resumed" ? 1U : 0U;
        equal += cell.ledgers_equal ? 1U : 0U;
        if (cell.time_to_help_s) help.push_back(*cell.time_to_help_s);
        frames.push_back(cell.frames);
        airtime.push_back(cell.airtime_ms);
    }
    if (ran > 0) row.resumed = share(resumed, ran);
    if (ran > 0) row.ledgers_equal = share(equal, ran);
    row.time_to_help_s = spread(std::move(help));
    row.frames = spread(std::move(frames));
    row.airtime_ms = spread(std::move(airtime));
    return row;
}

Json share_json(const std::optional<Share>& share) {
    if (!share) return nullptr;
    return {
        {"hits", share->hits}, {"runs", share->runs}, {"low", share->low}, {"high", share->high}};
}

Json spread_json(const std::optional<Spread>& spread) {
    if (!spread) return nullptr;
    return {{"mean", spread->mean}, {"median", spread->median}, {"p95", spread->p95}};
}

/// A field as RFC 4180 has it.
std::string field(const std::string& text) {
    if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

std::string number(double value) { return Json(value).dump(); }

}  // namespace

Share share(std::size_t hits, std::size_t runs) {
    COMPOT_CHECK(runs > 0 && hits <= runs);
    constexpr double kZ = 1.96;
    const auto n = static_cast<double>(runs);
    const double p = static_cast<double>(hits) / n;
    const double centre = p + kZ * kZ / (2 * n);
    const double half = kZ * std::sqrt(p * (1 - p) / n + kZ * kZ / (4 * n * n));
    const double whole = 1 + kZ * kZ / n;
    return {hits, runs, std::max(0.0, (centre - half) / whole),
            std::min(1.0, (centre + half) / whole)};
}

std::optional<Spread> spread(std::vector<double> figures) {
    if (figures.empty()) return std::nullopt;
    std::sort(figures.begin(), figures.end());
    const auto rank = [&](std::size_t percent) {
        return figures[(figures.size() * percent + 99) / 100 - 1];
    };
    const double sum = std::accumulate(figures.begin(), figures.end(), 0.0);
    return Spread{sum / static_cast<double>(figures.size()), rank(50), rank(95)};
}

Result<std::vector<Row>, Failure> summarize(const Plan& plan,
                                            const std::vector<std::string>& results) {
    const auto figures = read(plan, results);
    if (!figures) return figures.error();
    std::vector<Row> rows;
    for (std::size_t i = 0; i < plan.combinations(); ++i)
        rows.push_back(row(plan, i, figures->data() + i * plan.seeds.size()));
    return rows;
}

std::string to_json(const std::vector<Row>& rows) {
    Json json = Json::array();
    for (const Row& row : rows) {
        Json at = Json::object();
        for (const scenario::Override& one : row.at) at[one.path] = one.value;
        json.push_back({{"at", at},
                        {"failed", row.failed},
                        {"resumed", share_json(row.resumed)},
                        {"ledgers_equal", share_json(row.ledgers_equal)},
                        {"time_to_help_s", spread_json(row.time_to_help_s)},
                        {"frames", spread_json(row.frames)},
                        {"airtime_ms", spread_json(row.airtime_ms)}});
    }
    return json.dump();
}

Result<std::string, Failure> to_csv(const Plan& plan, const std::vector<std::string>& results) {
    const auto figures = read(plan, results);
    if (!figures) return figures.error();
    std::string csv = "cell,seed";
    for (const Axis& axis : plan.axes) csv += ',' + field(axis.key);
    csv += ",outcome,reason,time_to_help_s,frames,airtime_ms,energy_mj,ledgers_equal,error\n";
    for (std::size_t i = 0; i < figures->size(); ++i) {
        const Cell here = cell(plan, i);
        const Figures& one = (*figures)[i];
        csv += std::to_string(i) + ',' + std::to_string(here.seed);
        const auto overrides = plan.overrides(here.combination);
        for (std::size_t axis = plan.settings.size(); axis < overrides.size(); ++axis)
            csv += ',' + field(overrides[axis].value);
        csv += ',' + field(one.outcome) + ',' + field(one.reason) + ',' +
               (one.time_to_help_s ? number(*one.time_to_help_s) : "") + ',' + number(one.frames) +
               ',' + number(one.airtime_ms) + ',' + number(one.energy_mj) + ',' +
               (one.ledgers_equal ? "true" : "false") + ',' + field(one.error) + '\n';
    }
    return csv;
}

}  // namespace compot::sweep
