#include "sim/deployment/link_file.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace compot::deployment {

namespace {

using Json = nlohmann::json;

constexpr const char* kRates = "prr_from_row_to_col";
constexpr const char* kLevels = "rssi_dbm_tx_row_rx_col";
constexpr double kFarthestCm = 10'000'000;

/// Times `scale`, to the nearest integer. Throws std::runtime_error with a sentence.
std::int32_t number(const Json& value, const std::string& what, double least, double most,
                    double scale) {
    if (!value.is_number()) throw std::runtime_error(what + " is no number");
    const double read = value.get<double>();
    if (!(read >= least && read <= most)) throw std::runtime_error(what + " is out of range");
    const double scaled = read * scale;
    return static_cast<std::int32_t>(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
}

void read_values(const Json& rows, const std::string& key, LinkFile& out) {
    const bool rates = out.what == LinkFile::What::Rates;
    for (std::size_t from = 0; from < out.nodes; ++from) {
        const std::string row = key + "[" + std::to_string(from) + "]";
        if (!rows[from].is_array() || rows[from].size() != out.nodes)
            throw std::runtime_error(row + " has not a column for each node");
        for (std::size_t to = 0; to < out.nodes; ++to) {
            const Json& cell = rows[from][to];
            std::optional<std::int32_t> value;
            if (from != to && !cell.is_null()) {
                const std::string what = row + "[" + std::to_string(to) + "]";
                value = rates ? number(cell, what, 0, 1, 1e6) : number(cell, what, -300, 50, 100);
                if (rates && *value == 0) value.reset();
            }
            out.values.push_back(value);
        }
    }
}

double coordinate(const Json& node, const char* name, double otherwise) {
    if (!node.contains(name)) return otherwise;
    return number(node[name], std::string("nodes ") + name, -kFarthestCm / 100, kFarthestCm / 100,
                  100);
}

void read_places(const Json& json, std::int32_t unit_cm, LinkFile& out) {
    constexpr double kAntennaCm = 150;
    if (json.contains("positions")) {
        const Json& places = json["positions"];
        if (!places.is_array() || places.size() != out.nodes)
            throw std::runtime_error("positions has not a place for each node");
        const double most = kFarthestCm / unit_cm;
        for (const Json& place : places) {
            if (!place.is_array() || place.size() != 2)
                throw std::runtime_error("positions: expected [x, y] for each node");
            out.places.push_back({number(place[0], "positions", -most, most, unit_cm),
                                  number(place[1], "positions", -most, most, unit_cm),
                                  static_cast<std::int32_t>(kAntennaCm)});
        }
    } else if (json.contains("nodes") && json["nodes"].is_array()) {
        const Json& nodes = json["nodes"];
        if (nodes.size() != out.nodes)
            throw std::runtime_error("nodes has not an entry for each row of the links");
        for (const Json& node : nodes) {
            if (!node.is_object()) throw std::runtime_error("nodes: expected objects with x and y");
            out.places.push_back({static_cast<std::int32_t>(coordinate(node, "x", 0)),
                                  static_cast<std::int32_t>(coordinate(node, "y", 0)),
                                  static_cast<std::int32_t>(coordinate(node, "z", kAntennaCm))});
        }
    }
}

LinkFile read(const Json& json, std::int32_t unit_cm) {
    if (!json.is_object()) throw std::runtime_error("is no JSON object");
    LinkFile out;
    out.what = json.contains(kRates) ? LinkFile::What::Rates : LinkFile::What::Levels;
    const std::string key = out.what == LinkFile::What::Rates ? kRates : kLevels;
    if (!json.contains(key) || !json[key].is_array())
        throw std::runtime_error(std::string("has neither ") + kRates + " nor " + kLevels);
    const Json& rows = json[key];
    if (rows.size() < 2 || rows.size() > kMeasuredNodesMost)
        throw std::runtime_error(key + ": 2 to " + std::to_string(kMeasuredNodesMost) +
                                 " nodes are possible");
    out.nodes = rows.size();
    read_values(rows, key, out);
    read_places(json, unit_cm, out);
    return out;
}

}  // namespace

Result<LinkFile, scenario::Failure> parse_links(const std::string& json, std::int32_t unit_cm) {
    const Json parsed = Json::parse(json, nullptr, false);
    if (parsed.is_discarded()) return scenario::Failure{"is no JSON"};
    try {
        return read(parsed, unit_cm);
    } catch (const std::exception& error) {
        return scenario::Failure{error.what()};
    }
}

}  // namespace compot::deployment
