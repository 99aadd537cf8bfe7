#include "sim/sweep/plan.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "core/base/check.hpp"
#include "core/crypto/crypto.hpp"
#include "sim/deployment/deployment.hpp"

namespace compot::sweep {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kVersion = 1;

/// Splits at commas that stand outside quotes and brackets.
std::vector<std::string> split_values(const std::string& text) {
    std::vector<std::string> values(1);
    int depth = 0;
    char quote = 0;
    for (const char c : text) {
        if (quote != 0) {
            if (c == quote) quote = 0;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '[' || c == '{') {
            ++depth;
        } else if (c == ']' || c == '}') {
            --depth;
        } else if (c == ',' && depth == 0) {
            values.emplace_back();
            continue;
        }
        values.back() += c;
    }
    return values;
}

Result<std::uint64_t, Failure> number(const std::string& text) {
    std::uint64_t value = 0;
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, value);
    if (text.empty() || parsed.ec != std::errc{} || parsed.ptr != end)
        return Failure{"seeds: \"" + text + "\" is no seed; write 1-100 or 3,7,20-29"};
    return value;
}

Result<std::pair<std::uint64_t, std::uint64_t>, Failure> range(const std::string& text) {
    const std::size_t dash = text.find('-');
    const auto first = number(text.substr(0, dash));
    if (!first) return first.error();
    const auto last = dash == std::string::npos ? first : number(text.substr(dash + 1));
    if (!last) return last.error();
    if (*last < *first) return Failure{"seeds: " + text + " runs backwards"};
    return std::pair{*first, *last};
}

Json overrides_json(const std::vector<scenario::Override>& overrides) {
    Json json = Json::array();
    for (const scenario::Override& one : overrides) json.push_back({one.path, one.value});
    return json;
}

Plan plan_from(const Json& json) {
    Plan plan;
    plan.file = json.at("file").get<std::string>();
    plan.text = json.at("scenario").get<std::string>();
    plan.program = json.at("program").get<std::string>();
    for (const Json& one : json.at("settings"))
        plan.settings.push_back({one.at(0).get<std::string>(), one.at(1).get<std::string>()});
    plan.without = json.at("without").get<std::vector<std::string>>();
    for (const Json& axis : json.at("axes"))
        plan.axes.push_back(
            {axis.at("key").get<std::string>(), axis.at("values").get<std::vector<std::string>>()});
    plan.seeds = json.at("seeds").get<std::vector<std::uint64_t>>();
    return plan;
}

}  // namespace

Result<Axis, Failure> parse_axis(const std::string& text) {
    const auto parsed = scenario::parse_override(text);
    if (!parsed)
        return Failure{"--vary " + text +
                       ": expected key=value,value, for example air.loss_percent=0,10"};
    Axis axis{parsed->path, split_values(parsed->value)};
    for (const std::string& value : axis.values)
        if (value.empty()) return Failure{"--vary " + text + ": has an empty value"};
    return axis;
}

Result<std::vector<std::uint64_t>, Failure> parse_seeds(const std::string& text) {
    std::vector<std::uint64_t> seeds;
    std::set<std::uint64_t> known;
    for (const std::string& part : split_values(text)) {
        const auto span = range(part);
        if (!span) return span.error();
        if (span->second - span->first >= kCellsMost - seeds.size())
            return Failure{"seeds: more than " + std::to_string(kCellsMost)};
        for (std::uint64_t i = 0; i <= span->second - span->first; ++i) {
            const std::uint64_t seed = span->first + i;
            if (!known.insert(seed).second)
                return Failure{"seeds: " + std::to_string(seed) + " is named twice"};
            seeds.push_back(seed);
        }
    }
    return seeds;
}

std::size_t Plan::combinations() const {
    std::size_t product = 1;
    for (const Axis& axis : axes) product *= axis.values.size();
    return product;
}

std::vector<scenario::Override> Plan::overrides(std::size_t combination) const {
    std::vector<scenario::Override> chosen;
    for (auto axis = axes.rbegin(); axis != axes.rend(); ++axis) {
        chosen.push_back({axis->key, axis->values[combination % axis->values.size()]});
        combination /= axis->values.size();
    }
    chosen.insert(chosen.end(), settings.rbegin(), settings.rend());
    std::reverse(chosen.begin(), chosen.end());
    return chosen;
}

Cell cell(const Plan& plan, std::size_t index) {
    COMPOT_CHECK(index < plan.cells());
    return {index, index / plan.seeds.size(), plan.seeds[index % plan.seeds.size()]};
}

std::string name(const Plan& plan, const Cell& cell) {
    const Json json = {
        {"program", plan.program}, {"file", plan.file},
        {"scenario", plan.text},   {"set", overrides_json(plan.overrides(cell.combination))},
        {"without", plan.without}, {"seed", cell.seed}};
    const std::string text = json.dump();
    const crypto::Digest digest =
        crypto::digest({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string hex;
    for (std::size_t i = 0; i < 16; ++i) {
        hex += kDigits[digest[i] >> 4];
        hex += kDigits[digest[i] & 15];
    }
    return hex;
}

Result<void, Failure> check(const Plan& plan) {
    if (plan.seeds.empty()) return Failure{"a sweep needs at least one seed"};
    std::size_t cells = plan.seeds.size();
    for (const Axis& axis : plan.axes) {
        if (axis.values.size() > kCellsMost / cells)
            return Failure{"more than " + std::to_string(kCellsMost) + " cells"};
        cells *= axis.values.size();
        if (axis.values.empty()) return Failure{axis.key + ": no value"};
    }
    const bool mesh = deployment::is_deployment(plan.text);
    if (mesh && !plan.without.empty()) return Failure{"without: a mesh of plain radios has none"};
    for (std::size_t i = 0; i < plan.combinations(); ++i) {
        if (mesh) {
            const auto read = deployment::parse(plan.text, plan.file, plan.overrides(i),
                                                deployment::beside(plan.file));
            if (!read) return read.error();
        } else {
            const auto read = scenario::parse(plan.text, plan.file, plan.overrides(i));
            if (!read) return read.error();
        }
    }
    return {};
}

std::string to_json(const Plan& plan) {
    Json axes = Json::array();
    for (const Axis& axis : plan.axes) axes.push_back({{"key", axis.key}, {"values", axis.values}});
    const Json json = {{"version", kVersion},     {"file", plan.file},
                       {"program", plan.program}, {"settings", overrides_json(plan.settings)},
                       {"without", plan.without}, {"axes", axes},
                       {"seeds", plan.seeds},     {"scenario", plan.text}};
    return json.dump(1);
}

Result<Plan, Failure> from_json(const std::string& text) {
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object()) return Failure{"is no JSON object"};
    try {
        if (json.at("version").get<int>() != kVersion)
            return Failure{"is of a version that this program does not know"};
        return plan_from(json);
    } catch (const Json::exception&) {
        return Failure{"lacks a part of a sweep's plan"};
    }
}

}  // namespace compot::sweep
