#include "sim/report.hpp"

#include <array>
#include <cinttypes>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace compot::sim {

namespace {

using Json = nlohmann::ordered_json;

std::string hex64(std::uint64_t value) {
    std::array<char, 17> text{};
    std::snprintf(text.data(), text.size(), "%016" PRIx64, value);
    return text.data();
}

/// Seconds with milliseconds; a decimal literal that every printer writes alike.
Json seconds(std::optional<Duration> span) {
    if (!span) return nullptr;
    return static_cast<double>(to_ms(*span)) / 1000.0;
}

Json kinds(const std::map<std::string, KindReport>& reports) {
    Json json = Json::object();
    for (const auto& [kind, report] : reports) {
        json[kind] = {{"messages", report.messages},
                      {"distinct", report.distinct},
                      {"distinct_price_ms", to_ms(report.distinct_price)},
                      {"price_ms", to_ms(report.price)}};
    }
    return json;
}

Json node_json(const NodeReport& node) {
    return {{"name", node.name},
            {"alive", node.alive},
            {"airtime_ms", to_ms(node.airtime)},
            {"airtime_originated_ms", to_ms(node.airtime_originated)},
            {"frames", node.frames},
            {"energy_mj", node.energy_mj},
            {"ledger_digest", hex64(node.ledger_digest)},
            {"ledger_entries", node.ledger_entries},
            {"frames_dropped", node.frames_dropped},
            {"purse_lowest_ms", to_ms(node.purse_lowest)},
            {"busy_permille", node.busy_permille}};
}

std::uint32_t total_messages(const std::map<std::string, KindReport>& reports) {
    std::uint32_t total = 0;
    for (const auto& [kind, report] : reports) total += report.messages;
    return total;
}

Duration total_price(const std::map<std::string, KindReport>& reports) {
    Duration total{};
    for (const auto& [kind, report] : reports) total += report.price;
    return total;
}

}  // namespace

std::string to_json(const Report& report) {
    Json json;
    json["scenario"] = report.scenario;
    json["seed"] = report.seed;
    json["outcome"] = report.outcome;
    json["reason"] = report.reason;
    json["time_to_help_s"] = seconds(report.time_to_help);
    json["request_to_resumed_s"] = seconds(report.request_to_resumed);
    json["drive_s"] = seconds(report.drive);
    json["ended_s"] = seconds(report.ended.time_since_epoch());
    json["frames"] = report.frames;
    json["foreign_frames"] = report.foreign_frames;
    json["foreign_airtime_ms"] = to_ms(report.foreign_airtime);
    json["delta_bytes"] = report.delta_bytes;
    json["obstacle"] = report.obstacle;
    json["mission_done"] = report.mission_done;
    json["ledgers_equal"] = report.ledgers_equal;
    json["buffers_released"] = report.buffers_released;
    json["purse_exceeded"] = report.purse_exceeded;
    json["job"] = {{"messages", total_messages(report.job_messages)},
                   {"price_ms", to_ms(total_price(report.job_messages))},
                   {"kinds", kinds(report.job_messages)}};
    json["messages"] = kinds(report.messages);
    json["nodes"] = Json::array();
    for (const NodeReport& node : report.nodes) json["nodes"].push_back(node_json(node));
    json["trace"] = report.trace;
    return json.dump();
}

}  // namespace compot::sim
