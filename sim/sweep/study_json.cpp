#include <nlohmann/json.hpp>

#include "sim/sweep/summary.hpp"

namespace compot::sweep {

namespace {

using Json = nlohmann::ordered_json;

Json number(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

Json at_json(const std::vector<scenario::Override>& at) {
    Json json = Json::object();
    for (const scenario::Override& one : at) json[one.path] = one.value;
    return json;
}

Json spread_json(const Spread& spread) {
    return {{"runs", spread.runs},         {"mean", spread.mean},     {"low", number(spread.low)},
            {"high", number(spread.high)}, {"median", spread.median}, {"p95", spread.p95}};
}

Json finding_json(const Finding& finding) {
    if (finding.spread) return spread_json(*finding.spread);
    if (!finding.share) return nullptr;
    const Share& share = *finding.share;
    return {{"hits", share.hits}, {"runs", share.runs}, {"low", share.low}, {"high", share.high}};
}

Json row_json(const Row& row) {
    Json json{{"at", at_json(row.at)}, {"failed", row.failed}};
    for (const Finding& finding : row.findings) json[finding.name] = finding_json(finding);
    return json;
}

Json difference_json(const Difference& difference) {
    Json json{{"key", difference.key},
              {"from", difference.from},
              {"to", difference.to},
              {"at", at_json(difference.at)},
              {"figure", difference.figure}};
    json.update(spread_json(difference.change));
    return json;
}

}  // namespace

std::string to_json(const Plan& plan, const Study& study) {
    Json axes = Json::array();
    for (const Axis& axis : plan.axes) axes.push_back({{"key", axis.key}, {"values", axis.values}});
    Json settings = Json::object();
    for (const scenario::Override& one : plan.settings) settings[one.path] = one.value;
    Json rows = Json::array();
    for (const Row& row : study.rows) rows.push_back(row_json(row));
    Json differences = Json::array();
    for (const Difference& one : study.differences) differences.push_back(difference_json(one));
    return Json{{"scenario", plan.file}, {"seeds", plan.seeds.size()},
                {"settings", settings},  {"without", plan.without},
                {"axes", axes},          {"figures", study.figures},
                {"rows", rows},          {"differences", differences}}
        .dump();
}

}  // namespace compot::sweep
