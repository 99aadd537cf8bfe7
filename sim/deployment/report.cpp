#include "sim/deployment/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "sim/deployment/onlookers.hpp"

namespace compot::deployment {

namespace {

using Json = nlohmann::ordered_json;

double percent(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0 : static_cast<double>(part * 10'000 / whole) / 100;
}

Json percent_or_null(const Reached& reached) {
    if (reached.wanted == 0) return nullptr;
    return percent(reached.delivered, reached.wanted);
}

Json or_null(const std::optional<std::int64_t>& value) {
    return value ? Json(*value) : Json(nullptr);
}

Json delays_json(const Delays& delays) {
    return {{"mean", or_null(delays.mean_ms())},
            {"p50", or_null(delays.quantile_ms(50))},
            {"p90", or_null(delays.quantile_ms(90))},
            {"p95", or_null(delays.quantile_ms(95))},
            {"p99", or_null(delays.quantile_ms(99))}};
}

Json by_hop(const Report& report) {
    Json rows = Json::array();
    for (std::size_t i = 0; i < kRings; ++i) {
        const Reached& reached = report.rings[i];
        if (reached.wanted == 0) continue;
        rows.push_back({{"hops", i == 0 ? Json(nullptr) : Json(i)},
                        {"wanted", reached.wanted},
                        {"delivered", reached.delivered},
                        {"delivered_pct", percent_or_null(reached)},
                        {"delay_ms", delays_json(report.ring_delays[i])}});
    }
    return rows;
}

Json by_distance(const Report& report) {
    Json rows = Json::array();
    for (std::size_t i = 0; i < kBins; ++i) {
        const Reached& reached = report.bins[i];
        if (reached.wanted == 0) continue;
        const auto least = static_cast<std::int64_t>(i) * report.bin_cm / 100;
        rows.push_back({{"least_m", least},
                        {"most_m", least + report.bin_cm / 100},
                        {"wanted", reached.wanted},
                        {"delivered", reached.delivered},
                        {"delivered_pct", percent_or_null(reached)}});
    }
    return rows;
}

Json ports(const Report& report) {
    std::uint64_t said = 0;
    std::uint64_t heard = 0;
    for (const auto& [port, kind] : report.kinds) {
        said += kind.messages;
        heard += kind.heard_at_gateway;
    }
    Json all = Json::object();
    for (const auto& [port, kind] : report.kinds) {
        all[port_name(port)] = {{"messages", kind.messages},
                                {"share_pct", percent(kind.messages, said)},
                                {"bytes_mean", kind.messages == 0 ? 0 : kind.bytes / kind.messages},
                                {"delivered_pct", percent_or_null(kind.reached)},
                                {"heard_at_gateway", kind.heard_at_gateway},
                                {"heard_at_gateway_pct", percent(kind.heard_at_gateway, heard)}};
    }
    return all;
}

Json losses(const Report& report) {
    const Fates& fates = report.fates;
    return {{"collided", fates.collided},
            {"too_weak", fates.too_weak},
            {"sending", fates.deaf},
            {"off", fates.off},
            {"queue_full", report.queue_drops},
            {"duty_cycle", report.duty_drops},
            {"held_back", report.held_back},
            {"no_power", report.no_power}};
}

double days(Duration span) { return static_cast<double>(to_ms(span) / 864'000) / 100; }

Json nodes_json(const Report& report) {
    Json rows = Json::array();
    for (const NodeReport& node : report.nodes) {
        rows.push_back(
            {{"name", node.name},
             {"role", node.role},
             {"on", node.on},
             {"x_m", node.x_cm ? Json(static_cast<double>(*node.x_cm) / 100) : Json(nullptr)},
             {"y_m", node.y_cm ? Json(static_cast<double>(*node.y_cm) / 100) : Json(nullptr)},
             {"sent", node.sent},
             {"relayed", node.relayed},
             {"airtime_ms", to_ms(node.air)},
             {"airtime_relayed_ms", to_ms(node.air_relayed)},
             {"airtime_pct", percent(static_cast<std::uint64_t>(to_us(node.air)),
                                     static_cast<std::uint64_t>(to_us(report.ended)))},
             {"busy_pct", node.busy_permille / 10.0},
             {"busy_most_pct", node.busy_most_permille / 10.0},
             {"decoded", node.decoded},
             {"lost", node.lost},
             {"drawn_mah", static_cast<double>(node.drawn_uah) / 1000},
             {"life_days", node.life ? Json(days(*node.life)) : Json(nullptr)}});
    }
    return rows;
}

std::uint64_t messages(const Report& report) {
    return std::accumulate(
        report.kinds.begin(), report.kinds.end(), std::uint64_t{0},
        [](std::uint64_t sum, const auto& kind) { return sum + kind.second.messages; });
}

std::string delay_text(const std::optional<std::int64_t>& ms) {
    return ms ? fmt::format("{:.1f} s", static_cast<double>(*ms) / 1000) : std::string("-");
}

std::string reached_text(const Reached& reached) {
    if (reached.wanted == 0) return "      -";
    return fmt::format("{:6.2f} %", percent(reached.delivered, reached.wanted));
}

void add_tables(const Report& report, std::string& out) {
    const auto line = [&](const std::string& text) { out += text + "\n"; };
    line("by port            messages   delivered   heard at " + report.gateway);
    for (const auto& [port, kind] : report.kinds) {
        line(fmt::format("  {:<12} {:>12}    {}   {:>8}", port_name(port), kind.messages,
                         reached_text(kind.reached), kind.heard_at_gateway));
    }
    line("by hops              wanted   delivered   delay p50 / p95");
    for (std::size_t i = 0; i < kRings; ++i) {
        const Reached& reached = report.rings[i];
        if (reached.wanted == 0) continue;
        line(fmt::format("  {:<12} {:>12}    {}   {} / {}",
                         i == 0 ? std::string("out of reach") : std::to_string(i), reached.wanted,
                         reached_text(reached), delay_text(report.ring_delays[i].quantile_ms(50)),
                         delay_text(report.ring_delays[i].quantile_ms(95))));
    }
    line("by distance          wanted   delivered");
    for (std::size_t i = 0; i < kBins; ++i) {
        const Reached& reached = report.bins[i];
        if (reached.wanted == 0) continue;
        const auto least = static_cast<std::int64_t>(i) * report.bin_cm / 100;
        line(fmt::format("  {:<12} {:>12}    {}",
                         fmt::format("{}-{} m", least, least + report.bin_cm / 100), reached.wanted,
                         reached_text(reached)));
    }
    const Fates& fates = report.fates;
    line(
        fmt::format("at receivers: {} fresh, {} duplicates, {} others'; lost {} collided, {} too "
                    "weak, {} while sending, {} off",
                    fates.fresh, fates.duplicate, fates.other, fates.collided, fates.too_weak,
                    fates.deaf, fates.off));
    line(
        fmt::format("never sent: {} queue full, {} duty cycle, {} held back while the channel was "
                    "busy, {} without power",
                    report.queue_drops, report.duty_drops, report.held_back, report.no_power));
}

void add_nodes(const Report& report, std::string& out) {
    constexpr std::size_t kRows = 10;
    std::vector<const NodeReport*> rows;
    for (const NodeReport& node : report.nodes) rows.push_back(&node);
    std::stable_sort(rows.begin(), rows.end(),
                     [](const NodeReport* a, const NodeReport* b) { return a->air > b->air; });
    if (rows.size() > kRows) rows.resize(kRows);
    out += fmt::format(
        "the {} that send most: own, relayed, air; channel busy on average and at "
        "most; mAh, days of battery\n",
        rows.size());
    for (const NodeReport* node : rows) {
        out += fmt::format(
            "  {:<10} {:<13} {:>6} {:>7} {:>6.2f} %  {:>5.1f} % {:>5.1f} %  {:>8.1f} {}\n",
            node->name, node->role, node->sent, node->relayed,
            percent(static_cast<std::uint64_t>(to_us(node->air)),
                    static_cast<std::uint64_t>(to_us(report.ended))),
            node->busy_permille / 10.0, node->busy_most_permille / 10.0,
            static_cast<double>(node->drawn_uah) / 1000,
            node->life ? fmt::format("{:.1f}", days(*node->life)) : std::string("-"));
    }
}

/// Over all nodes, and the median one.
struct Busy {
    double mean = 0;
    double most = 0;
};

Busy busy_of(const Report& report) {
    Busy busy;
    for (const NodeReport& node : report.nodes) {
        busy.mean += node.busy_permille / 10.0 / static_cast<double>(report.nodes.size());
        busy.most = std::max(busy.most, node.busy_permille / 10.0);
    }
    return busy;
}

}  // namespace

std::string role_name(radio::Role role) {
    switch (role) {
        case radio::Role::Client: return "client";
        case radio::Role::ClientMute: return "client_mute";
        case radio::Role::Router: return "router";
        case radio::Role::Tracker: return "tracker";
        case radio::Role::Sensor: return "sensor";
        case radio::Role::Tak: return "tak";
        case radio::Role::ClientHidden: return "client_hidden";
        case radio::Role::LostAndFound: return "lost_and_found";
        case radio::Role::TakTracker: return "tak_tracker";
        case radio::Role::RouterLate: return "router_late";
        case radio::Role::ClientBase: return "client_base";
    }
    return "client";
}

std::string to_json(const Report& report) {
    const Busy busy = busy_of(report);
    Json json = {{"scenario", report.scenario},
                 {"seed", report.seed},
                 {"radios", report.nodes.size()},
                 {"preset", report.preset},
                 {"frequency_khz", report.frequency_khz},
                 {"until_s", to_ms(report.ended) / 1000},
                 {"neighbours_mean", report.degree_hundredths / 100.0},
                 {"messages", messages(report)},
                 {"delivered_pct", percent_or_null(report.all)},
                 {"wanted", report.all.wanted},
                 {"delivered", report.all.delivered},
                 {"delay_ms", delays_json(report.delays)},
                 {"transmissions", report.transmissions},
                 {"relays", report.relays},
                 {"relays_cancelled", report.relays_cancelled},
                 {"foreign", report.foreign},
                 {"airtime_ms", to_ms(report.air)},
                 {"airtime_mean_pct",
                  percent(static_cast<std::uint64_t>(to_us(report.air)) / report.nodes.size(),
                          static_cast<std::uint64_t>(to_us(report.ended)))},
                 {"busy_mean_pct", busy.mean},
                 {"busy_most_pct", busy.most},
                 {"direct",
                  {{"messages", report.direct.messages},
                   {"delivered", report.direct.delivered},
                   {"acknowledged", report.direct.acknowledged},
                   {"given_up", report.direct.given_up}}},
                 {"failures", report.failures},
                 {"events", report.events},
                 {"by_port", ports(report)},
                 {"by_hop", by_hop(report)},
                 {"by_distance", by_distance(report)},
                 {"receptions",
                  {{"fresh", report.fates.fresh},
                   {"duplicate", report.fates.duplicate},
                   {"other", report.fates.other}}},
                 {"losses", losses(report)},
                 {"gateway", report.gateway},
                 {"nodes", nodes_json(report)},
                 {"trace", report.trace}};
    return json.dump();
}

std::string to_text(const Report& report) {
    const Busy busy = busy_of(report);
    std::string out = fmt::format(
        "{}, seed {}: {} nodes on {} at {}.{:03} MHz for {} s; a node is heard by {:.1f} others\n",
        report.scenario, report.seed, report.nodes.size(), report.preset,
        report.frequency_khz / 1000, report.frequency_khz % 1000, to_ms(report.ended) / 1000,
        report.degree_hundredths / 100.0);
    out += fmt::format(
        "{} messages reached {} of those who should have them; delay p50 {}, p95 {}\n",
        messages(report), reached_text(report.all), delay_text(report.delays.quantile_ms(50)),
        delay_text(report.delays.quantile_ms(95)));
    out += fmt::format(
        "{} transmissions ({} relays, {} relays saved) and {} of strangers; channel busy {:.1f} % "
        "on average, {:.1f} % at the busiest node\n",
        report.transmissions, report.relays, report.relays_cancelled, report.foreign, busy.mean,
        busy.most);
    if (report.direct.messages > 0)
        out += fmt::format("{} messages to one node: {} arrived, {} acknowledged, {} given up\n",
                           report.direct.messages, report.direct.delivered,
                           report.direct.acknowledged, report.direct.given_up);
    if (report.failures > 0) out += fmt::format("nodes went off {} times\n", report.failures);
    add_tables(report, out);
    add_nodes(report, out);
    return out;
}

}  // namespace compot::deployment
