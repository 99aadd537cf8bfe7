#include "sim/meshtasticator/result.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace compot::meshtasticator {

namespace {

double share(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

Outcome tally(std::uint64_t messages, std::uint64_t transmissions, std::uint64_t useful,
              std::size_t nodes, Duration air, Duration until, std::vector<Duration> delays) {
    Outcome outcome;
    outcome.messages = messages;
    outcome.transmissions = transmissions;
    outcome.received = delays.size();
    outcome.useful = useful;
    outcome.reach_pct = share(useful, messages * (nodes - 1));
    outcome.usefulness_pct = share(useful, delays.size());
    outcome.tx_air_pct = share(static_cast<std::uint64_t>(to_us(air)),
                               nodes * static_cast<std::uint64_t>(to_us(until)));
    if (delays.empty()) return outcome;
    std::int64_t sum = 0;
    for (const Duration delay : delays) sum += to_us(delay);
    outcome.delay_ms_mean = static_cast<double>(sum) / static_cast<double>(delays.size()) / 1000;
    const auto middle = delays.begin() + static_cast<std::ptrdiff_t>(delays.size() / 2);
    std::nth_element(delays.begin(), middle, delays.end());
    outcome.delay_ms_p50 = static_cast<double>(to_us(*middle)) / 1000;
    return outcome;
}

std::string to_json(const Outcome& outcome) {
    const nlohmann::ordered_json json = {
        {"messages", outcome.messages},        {"transmissions", outcome.transmissions},
        {"received", outcome.received},        {"useful", outcome.useful},
        {"reach_pct", outcome.reach_pct},      {"usefulness_pct", outcome.usefulness_pct},
        {"tx_air_pct", outcome.tx_air_pct},    {"delay_ms_mean", outcome.delay_ms_mean},
        {"delay_ms_p50", outcome.delay_ms_p50}};
    return json.dump();
}

}  // namespace compot::meshtasticator
