#include "sim/sweep/outcome.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace compot::sweep {

namespace {

using Json = nlohmann::ordered_json;

/// What the plan says already, and what no average can be taken of.
constexpr std::array kSkipped{"scenario", "seed", "trace", "error"};

/// Of each node's figures, those that add up.
constexpr std::array kAdded{"airtime_ms", "energy_mj"};

void take(const std::string& name, const Json& value, Outcome& outcome) {
    if (value.is_object() || value.is_array()) return;
    outcome.columns.emplace_back(name, value.is_null()     ? ""
                                       : value.is_string() ? value.get<std::string>()
                                                           : value.dump());
    if (value.is_boolean())
        outcome.figures.push_back({name, value.get<bool>() ? 1.0 : 0.0, true});
    else if (value.is_number())
        outcome.figures.push_back({name, value.get<double>(), false});
    else if (name == "outcome" && value.is_string())
        outcome.figures.push_back({"outcome " + value.get<std::string>(), 1, true});
}

void add_nodes(const Json& nodes, Outcome& outcome) {
    for (const char* name : kAdded) {
        double sum = 0;
        bool any = false;
        for (const Json& node : nodes) {
            const auto found = node.find(name);
            if (found == node.end() || !found->is_number()) continue;
            any = true;
            sum += found->get<double>();
        }
        if (any && !outcome.find(name)) take(name, sum, outcome);
    }
}

}  // namespace

std::optional<double> Outcome::find(const std::string& name) const {
    const auto found = std::find_if(figures.begin(), figures.end(),
                                    [&](const Figure& figure) { return figure.name == name; });
    if (found == figures.end()) return std::nullopt;
    return found->value;
}

Result<Outcome, Failure> read_outcome(const std::string& result) {
    const Json json = Json::parse(result, nullptr, false);
    if (!json.is_object()) return Failure{"is no JSON object"};
    Outcome outcome;
    const auto error = json.find("error");
    if (error != json.end() && !error->is_string()) return Failure{"has an error without words"};
    if (error != json.end()) {
        outcome.error = error->get<std::string>();
        return outcome;
    }
    for (const auto& [name, value] : json.items()) {
        const bool skipped = std::any_of(kSkipped.begin(), kSkipped.end(),
                                         [&key = name](const char* one) { return key == one; });
        if (skipped) continue;
        take(name, value, outcome);
        if (!value.is_object()) continue;
        for (const auto& [inner, one] : value.items()) take(name + "." + inner, one, outcome);
    }
    const auto nodes = json.find("nodes");
    if (nodes != json.end() && nodes->is_array()) add_nodes(*nodes, outcome);
    if (outcome.figures.empty()) return Failure{"has no figure"};
    return outcome;
}

}  // namespace compot::sweep
