#include "host/web/metrics.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "core/base/check.hpp"

namespace compot::web {

namespace {

using Json = nlohmann::json;

bool good_name(const std::string& name) {
    return !name.empty() &&
           name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
}

std::string escaped(const std::string& text, bool quotes) {
    std::string out;
    for (const char each : text) {
        if (each == '\\' || (quotes && each == '"')) out += '\\';
        out += each == '\n' ? std::string("\\n") : std::string(1, each);
    }
    return out;
}

/// Of a card: nothing where it is not known.
std::optional<double> number(const Json& object, const char* key) {
    if (!object.is_object()) return std::nullopt;
    const auto found = object.find(key);
    if (found == object.end() || !found->is_number()) return std::nullopt;
    return found->get<double>();
}

}  // namespace

void Metrics::add(const char* type, const std::string& name, const std::string& help, double value,
                  const Labels& labels) {
    COMPOT_CHECK(good_name(name));
    Family& family = families_[name];
    family.type = type;
    family.help = help;
    std::string all;
    for (const auto& [label, text] : labels)
        all += fmt::format("{}{}=\"{}\"", all.empty() ? "" : ",", label, escaped(text, true));
    if (!all.empty()) all = "{" + all + "}";
    family.lines.push_back(fmt::format("{}{} {}\n", name, all, value));
}

void Metrics::counter(const std::string& name, const std::string& help, double value,
                      const Labels& labels) {
    COMPOT_CHECK(name.size() > 6 && name.compare(name.size() - 6, 6, "_total") == 0);
    add("counter", name, help, value, labels);
}

void Metrics::gauge(const std::string& name, const std::string& help, double value,
                    const Labels& labels) {
    add("gauge", name, help, value, labels);
}

std::string Metrics::text() const {
    std::string out;
    for (const auto& [name, family] : families_) {
        out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, escaped(family.help, false), name,
                           family.type);
        for (const std::string& line : family.lines) out += line;
    }
    return out;
}

void measure_process(Metrics& metrics) {
    const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    const auto page = static_cast<double>(::sysconf(_SC_PAGESIZE));
    std::ifstream file("/proc/self/stat");
    std::string text;
    std::getline(file, text);
    // The name, in brackets, may hold anything; what follows is the third field.
    std::istringstream fields(text.substr(std::min(text.rfind(')') + 1, text.size())));
    std::vector<std::string> all;
    for (std::string field; fields >> field;) all.push_back(field);
    constexpr std::size_t kUserTime = 11;
    constexpr std::size_t kSystemTime = 12;
    constexpr std::size_t kThreads = 17;
    constexpr std::size_t kResident = 21;
    if (all.size() <= kResident) return;
    metrics.counter("process_cpu_seconds_total", "Processor time that this process took.",
                    (std::stod(all[kUserTime]) + std::stod(all[kSystemTime])) / ticks);
    metrics.gauge("process_resident_memory_bytes", "Memory that this process occupies.",
                  std::stod(all[kResident]) * page);
    metrics.gauge("process_threads", "Threads of this process.", std::stod(all[kThreads]));
    std::error_code error;
    double files = 0;
    for (const auto& each : std::filesystem::directory_iterator("/proc/self/fd", error)) {
        (void)each;
        ++files;
    }
    if (!error) metrics.gauge("process_open_fds", "Files and connections that are open.", files);
}

void measure_nodes(const std::string& nodes, Metrics& metrics) {
    const Json all = Json::parse(nodes, nullptr, false);
    if (!all.is_array()) return;
    for (const Json& node : all) {
        if (!node.is_object()) continue;
        const Metrics::Labels of{{"node", node.value("name", "")}};
        if (node.contains("alive"))
            metrics.gauge("compotastic_node_up", "1 while the node is switched on.",
                          node.value("alive", false) ? 1 : 0, of);
        if (const auto charge = number(node, "battery_permille"))
            metrics.gauge("compotastic_node_battery_ratio", "Charge of its battery, 0 to 1.",
                          *charge / 1000, of);
        if (const auto airtime = number(node, "airtime_us"))
            metrics.counter("compotastic_node_airtime_seconds_total",
                            "Time on air of what its radio originated and relayed.", *airtime / 1e6,
                            of);
        if (const auto busy = number(node, "busy_permille"))
            metrics.gauge("compotastic_node_channel_busy_ratio",
                          "How busy the channel was in the last minute, 0 to 1.", *busy / 1000, of);
        if (const auto balance = number(node.value("purse", Json::object()), "balance_us"))
            metrics.gauge("compotastic_node_purse_seconds", "Airtime that it may still spend.",
                          *balance / 1e6, of);
        if (const auto queue = number(node, "queue"))
            metrics.gauge("compotastic_node_queue_frames", "Frames that wait in its radio.", *queue,
                          of);
        if (const auto dropped = number(node, "dropped"))
            metrics.counter("compotastic_node_frames_dropped_total",
                            "Frames that were forged, stale or malformed.", *dropped, of);
        if (const auto heard = number(node.value("heard", Json()), "t_us"))
            metrics.gauge(
                "compotastic_node_heard_seconds",
                "When a real node has last heard this one, on its own clock (its uptime).",
                *heard / 1e6, of);
    }
}

}  // namespace compot::web
