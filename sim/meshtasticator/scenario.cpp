#include "sim/meshtasticator/scenario.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace compot::meshtasticator {

namespace {

using Json = nlohmann::json;

constexpr double kBroadcast = 4294967295.0;
constexpr double kHoursMost = 24.0 * 366.0;

/// A number of the file inside its bounds. Throws std::runtime_error with a sentence.
double number(const Json& value, const std::string& what, double least, double most) {
    if (!value.is_number()) throw std::runtime_error(what + " is no number");
    const double read = value.get<double>();
    if (!(read >= least && read <= most)) throw std::runtime_error(what + " is out of range");
    return read;
}

double key(const Json& json, const char* name, double least, double most) {
    if (!json.contains(name)) throw std::runtime_error(std::string(name) + " is missing");
    return number(json[name], name, least, most);
}

const Json& list(const Json& json, const char* name) {
    if (!json.contains(name) || !json[name].is_array())
        throw std::runtime_error(std::string(name) + " is no list");
    return json[name];
}

bool flag(const Json& json, const char* name, bool otherwise) {
    if (!json.contains(name)) return otherwise;
    if (!json[name].is_boolean()) throw std::runtime_error(std::string(name) + " is no boolean");
    return json[name].get<bool>();
}

std::vector<std::int32_t> levels(const Json& json, std::size_t nodes) {
    const Json& rows = list(json, "rssi_dbm_tx_row_rx_col");
    if (rows.size() != nodes)
        throw std::runtime_error("rssi_dbm_tx_row_rx_col has not a row for each node");
    std::vector<std::int32_t> mdbm;
    for (std::size_t i = 0; i < nodes; ++i) {
        const std::string row = "rssi_dbm_tx_row_rx_col[" + std::to_string(i) + "]";
        if (!rows[i].is_array() || rows[i].size() != nodes)
            throw std::runtime_error(row + " has not a column for each node");
        for (std::size_t j = 0; j < nodes; ++j) {
            const bool itself = i == j;
            mdbm.push_back(itself || rows[i][j].is_null()
                               ? kInaudible
                               : static_cast<std::int32_t>(
                                     std::llround(number(rows[i][j], row, -1000, 100) * 1000)));
        }
    }
    return mdbm;
}

std::vector<Message> messages(const Json& json, std::size_t nodes) {
    const Json& rows = list(json, "messages_list");
    if (rows.size() > kMessagesMost) throw std::runtime_error("messages_list is too long");
    std::vector<Message> read;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::string what = "messages_list[" + std::to_string(i) + "]";
        if (!rows[i].is_array() || rows[i].size() < 3)
            throw std::runtime_error(what + " is not [time, origin, destination, ...]");
        const double at_ms = number(rows[i][0], what + " time", 0, kHoursMost * 3.6e6);
        const double origin =
            number(rows[i][1], what + " origin", 0, static_cast<double>(nodes) - 1);
        if (number(rows[i][2], what + " destination", 0, kBroadcast) != kBroadcast)
            throw std::runtime_error(what + " is no broadcast, and nothing else is known here");
        read.push_back({Duration{std::llround(at_ms * 1000)}, static_cast<std::uint16_t>(origin)});
    }
    std::stable_sort(read.begin(), read.end(),
                     [](const Message& a, const Message& b) { return a.at < b.at; });
    return read;
}

Places places(const Json& json, const Json& nodes) {
    constexpr double kSideMost_m = 1'000'000;
    Places read;
    if (json.contains("area_m"))
        read.side_cm = static_cast<std::int32_t>(key(json, "area_m", 1, kSideMost_m) * 100);
    const double farthest_m = read.side_cm / 200.0;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const std::string who = "nodes[" + std::to_string(i) + "]";
        if (!nodes[i].is_object()) throw std::runtime_error(who + " is no JSON object");
        const auto cm = [&](const char* name, double least, double most) {
            if (!nodes[i].contains(name))
                throw std::runtime_error(who + "." + name + " is missing");
            return static_cast<std::int32_t>(
                std::lround(number(nodes[i][name], who + "." + name, least, most) * 100));
        };
        read.starts.push_back({cm("x", -farthest_m, farthest_m), cm("y", -farthest_m, farthest_m),
                               cm("z", 0.01, 10'000)});
        read.moves.push_back(flag(nodes[i], "moving", false));
    }
    return read;
}

Scenario read(const Json& json) {
    if (!json.is_object()) throw std::runtime_error("is no JSON object");
    if (json.value("preset", Json("LONG_FAST")) != "LONG_FAST")
        throw std::runtime_error("preset: only LONG_FAST is known here");
    Scenario scenario;
    const Json& nodes = list(json, "nodes");
    if (nodes.size() < 2 || nodes.size() > kNodesMost)
        throw std::runtime_error("nodes: 2 to " + std::to_string(kNodesMost) + " are possible");
    scenario.nodes = static_cast<std::uint16_t>(nodes.size());
    scenario.hop_limit = static_cast<std::uint8_t>(key(json, "hop_limit", 0, 7));
    scenario.payload_bytes = static_cast<std::uint16_t>(key(json, "payload", 1, 239));
    scenario.airtime_fixed = flag(json, "fix_airtime", false);
    if (!flag(json, "static", true)) scenario.places = places(json, nodes);
    scenario.until = Duration{std::llround(key(json, "simtime_s", 0.001, kHoursMost * 3600) * 1e6)};
    scenario.rssi_mdbm = levels(json, nodes.size());
    scenario.messages = messages(json, nodes.size());
    if (scenario.messages.size() * nodes.size() > kHearingsMost)
        throw std::runtime_error("messages_list is too long for so many nodes");
    return scenario;
}

}  // namespace

Result<Scenario, Failure> parse(const std::string& json) {
    const Json parsed = Json::parse(json, nullptr, false);
    if (parsed.is_discarded()) return Failure{"is no JSON"};
    try {
        return read(parsed);
    } catch (const std::exception& error) {
        return Failure{error.what()};
    }
}

}  // namespace compot::meshtasticator
