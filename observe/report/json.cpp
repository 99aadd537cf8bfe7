#include "observe/report/json.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "observe/event_json.hpp"
#include "observe/words.hpp"

namespace compot::report {

namespace {

using Json = nlohmann::ordered_json;

Json permille(std::uint64_t part, std::uint64_t whole) {
    if (whole == 0) return nullptr;
    return (part * 1000 + whole / 2) / whole;
}

Json quantile(const Delays& delays, unsigned percent) {
    const auto value = delays.quantile_ms(percent);
    return value ? Json(*value) : Json(nullptr);
}

Json optional(const std::optional<std::uint16_t>& known) {
    return known ? Json(*known) : Json(nullptr);
}

Json optional_us(const std::optional<Duration>& span) {
    return span ? Json(to_us(*span)) : Json(nullptr);
}

void put_fates(Json& json, const Fates& fates) {
    for (std::size_t i = 0; i < kFates; ++i) json[std::string(observe::kFateWords[i])] = fates[i];
}

void put_delays(Json& json, const Delays& delays) {
    json["delay_p50_ms"] = quantile(delays, 50);
    json["delay_p95_ms"] = quantile(delays, 95);
}

void put_reach(Json& json, const Reach& reach) {
    json["packets"] = reach.packets;
    json["pairs"] = reach.pairs;
    json["reached"] = reach.reached;
    json["delivery_permille"] = permille(reach.reached, reach.pairs);
}

Json totals(const Account& account) {
    std::uint64_t ours = 0;
    std::uint64_t own = 0;
    std::uint64_t relayed = 0;
    Duration air_own{};
    Duration air_relayed{};
    Duration price{};
    std::int64_t energy_mj = 0;
    bool energy_known = false;
    Fates fates{};
    std::uint16_t busy = 0;
    for (const NodeAccount& node : account.nodes) {
        if (!node.ours) continue;
        ++ours;
        own += node.frames_own;
        relayed += node.frames_relayed;
        air_own += node.airtime_own;
        air_relayed += node.airtime_relayed;
        price += node.price;
        busy = std::max(busy, node.busy_peak_permille);
        for (std::size_t i = 0; i < kFates; ++i) fates[i] += node.fates[i];
        if (!node.energy) continue;
        energy_known = true;
        energy_mj += node.energy->spent_mj - node.energy_first_mj;
    }
    Json json{{"nodes", ours}};
    put_reach(json, account.reach);
    put_delays(json, account.delays);
    json["frames_own"] = own;
    json["frames_relayed"] = relayed;
    json["frames_foreign"] = account.frames_foreign;
    json["airtime_own_us"] = to_us(air_own);
    json["airtime_relayed_us"] = to_us(air_relayed);
    json["airtime_foreign_us"] = to_us(account.airtime_foreign);
    json["price_us"] = to_us(price);
    json["busy_peak_permille"] = busy;
    json["energy_mj"] = energy_known ? Json(energy_mj) : Json(nullptr);
    put_fates(json, fates);
    return json;
}

Json kinds(const Account& account) {
    Json list = Json::array();
    for (const auto& [name, kind] : account.kinds) {
        Json json{{"kind", name},
                  {"hop_limit", kind.hop_limit},
                  {"transmissions", kind.transmissions},
                  {"airtime_us", to_us(kind.airtime)},
                  {"price_us", to_us(kind.price)}};
        put_reach(json, kind.reach);
        put_delays(json, kind.delays);
        list.push_back(std::move(json));
    }
    return list;
}

Json hops(const Account& account) {
    Json list = Json::array();
    std::uint64_t reached = 0;
    for (const auto& [number, hop] : account.hops) {
        reached += hop.reached;
        Json json{{"hop", number},
                  {"reached", hop.reached},
                  {"reached_permille", permille(hop.reached, account.reach.pairs)},
                  {"up_to_here_permille", permille(reached, account.reach.pairs)}};
        put_delays(json, hop.delays);
        list.push_back(std::move(json));
    }
    return list;
}

Json delays(const Account& account) {
    Json list = Json::array();
    if (account.delays.count() == 0) return list;
    for (unsigned percent : {1U,  5U,  10U, 15U, 20U, 25U, 30U, 35U, 40U, 45U, 50U,
                             55U, 60U, 65U, 70U, 75U, 80U, 85U, 90U, 95U, 99U, 100U}) {
        list.push_back({{"percent", percent}, {"delay_ms", quantile(account.delays, percent)}});
    }
    return list;
}

Json distances(const Account& account) {
    Json list = Json::array();
    for (std::size_t i = 0; i < kDistanceClasses; ++i) {
        const DistanceAccount& here = account.distances[i];
        if (here.tries == 0 && here.pairs == 0) continue;
        const bool last = i == kDistanceEdgesM.size();
        list.push_back({{"from_m", i == 0 ? 0 : kDistanceEdgesM[i - 1]},
                        {"to_m", last ? Json(nullptr) : Json(kDistanceEdgesM[i])},
                        {"tries", here.tries},
                        {"heard", here.heard},
                        {"heard_permille", permille(here.heard, here.tries)},
                        {"pairs", here.pairs},
                        {"reached", here.reached},
                        {"delivery_permille", permille(here.reached, here.pairs)}});
    }
    return list;
}

/// How long a full battery would last at the run's average draw.
Json lasts_s(const Account& account, const NodeAccount& node) {
    if (!node.energy || node.energy->battery_mj <= 0) return nullptr;
    const std::int64_t spent_mj = node.energy->spent_mj - node.energy_first_mj;
    const std::int64_t span_ms = to_ms(account.until) - to_ms(account.from);
    if (spent_mj <= 0 || span_ms <= 0) return nullptr;
    // In floating point: a product of a battery and a year would not fit. Exact to a second.
    return static_cast<std::int64_t>(static_cast<double>(node.energy->battery_mj) *
                                     static_cast<double>(span_ms) / 1000.0 /
                                     static_cast<double>(spent_mj));
}

Json node_json(const Account& account, const NodeAccount& node) {
    const auto span_us = static_cast<std::uint64_t>(to_us(account.until) - to_us(account.from));
    const Duration air = node.airtime_own + node.airtime_relayed;
    Json json{{"id", observe::node_name(node.id)},
              {"name", node.name},
              {"role", node.role},
              {"alive", node.alive},
              {"frames_own", node.frames_own},
              {"frames_relayed", node.frames_relayed},
              {"airtime_own_us", to_us(node.airtime_own)},
              {"airtime_relayed_us", to_us(node.airtime_relayed)},
              {"airtime_permille", permille(static_cast<std::uint64_t>(to_us(air)), span_us)},
              {"busy_peak_permille", node.busy_peak_permille}};
    put_reach(json, node.sent);
    json["wanted"] = node.wanted;
    json["received"] = node.received;
    json["received_permille"] = permille(node.received, node.wanted);
    put_fates(json, node.fates);
    const bool purse = node.purse_capacity > Duration{};
    json["price_us"] = purse ? Json(to_us(node.price)) : Json(nullptr);
    json["purse_lowest_us"] = optional_us(node.purse_lowest);
    json["purse_capacity_us"] = purse ? Json(to_us(node.purse_capacity)) : Json(nullptr);
    json["battery_first_permille"] = optional(node.battery_first_permille);
    json["battery_permille"] = optional(node.battery_permille);
    json["energy_mj"] =
        node.energy ? Json(node.energy->spent_mj - node.energy_first_mj) : Json(nullptr);
    json["full_battery_lasts_s"] = lasts_s(account, node);
    json["frames_refused"] = node.frames_dropped;
    Json path = Json::array();
    for (const Stop& stop : node.path)
        path.push_back({to_us(stop.at), stop.place.x_m, stop.place.y_m});
    json["path"] = std::move(path);
    return json;
}

/// Ours as objects with all their figures; of the others what a picture needs.
Json nodes(const Account& account) {
    Json list = Json::array();
    for (const NodeAccount& node : account.nodes)
        if (node.ours) list.push_back(node_json(account, node));
    return list;
}

Json time_slots(const Account& account) {
    Json list = Json::array();
    Time at{};
    for (const Slot& slot : account.slots) {
        const Duration length = std::min(account.slot, account.until - at);
        Json json{{"at_us", to_us(at)},
                  {"length_us", to_us(length)},
                  {"airtime_own_us", to_us(slot.airtime_own)},
                  {"airtime_relayed_us", to_us(slot.airtime_relayed)},
                  {"airtime_foreign_us", to_us(slot.airtime_foreign)},
                  {"busy_most_permille", slot.busy_most_permille},
                  {"busy_mean_permille", slot.busy_nodes == 0
                                             ? Json(nullptr)
                                             : Json(slot.busy_sum_permille / slot.busy_nodes)}};
        put_fates(json, slot.fates);
        list.push_back(std::move(json));
        at += account.slot;
    }
    return list;
}

Json series(const Account& account) {
    Json list = Json::array();
    for (std::size_t who = 0; who < account.series.size(); ++who) {
        const NodeAccount& node = account.nodes[who];
        if (!node.ours) continue;
        Json air = Json::array();
        Json purse = Json::array();
        Json battery = Json::array();
        Json busy = Json::array();
        for (const NodeSlot& slot : account.series[who]) {
            air.push_back(to_us(slot.airtime));
            purse.push_back(to_us(slot.purse_lowest));
            battery.push_back(optional(slot.battery_permille));
            busy.push_back(slot.busy_permille);
        }
        Json json{{"id", observe::node_name(node.id)}, {"airtime_us", std::move(air)}};
        if (node.purse_capacity > Duration{}) json["purse_lowest_us"] = std::move(purse);
        if (node.battery_permille) json["battery_permille"] = std::move(battery);
        json["busy_permille"] = std::move(busy);
        list.push_back(std::move(json));
    }
    return list;
}

Json jobs(const Account& account) {
    Json list = Json::array();
    for (const JobAccount& job : account.jobs) {
        Json steps = Json::array();
        for (const JobAccount::Step& step : job.steps)
            steps.push_back({{"at_us", to_us(step.at)}, {"step", step.step}, {"text", step.text}});
        list.push_back({{"nonce", fmt::format("{:08x}", job.nonce)},
                        {"asker", observe::node_name(job.asker)},
                        {"helper", job.helper == kNoNode ? Json(nullptr)
                                                         : Json(observe::node_name(job.helper))},
                        {"steps", std::move(steps)}});
    }
    return list;
}

Json story_json(const Account& account, const Story& story) {
    Json flights = Json::array();
    for (const Story::Flight& flight : story.flights) {
        Json heard = Json::array();
        for (const Story::Hearing& one : flight.heard) {
            heard.push_back({observe::node_name(account.nodes[one.who].id),
                             std::string(observe::word(one.fate)), one.rssi_cdbm, one.snr_cdb});
        }
        flights.push_back({{"flight", flight.number},
                           {"tx", observe::node_name(account.nodes[flight.transmitter].id)},
                           {"at_us", to_us(flight.at)},
                           {"air_us", to_us(flight.airtime)},
                           {"hop", flight.hop},
                           {"heard", std::move(heard)}});
    }
    return {{"packet", fmt::format("{:08x}", story.packet.value)},
            {"from", observe::node_name(account.nodes[story.from].id)},
            {"to", story.to == kBroadcast ? Json(nullptr) : Json(observe::node_name(story.to))},
            {"kind", story.kind},
            {"at_us", to_us(story.at)},
            {"pairs", story.pairs},
            {"reached", story.reached},
            {"flights", std::move(flights)}};
}

}  // namespace

std::string to_json(const Account& account) {
    Json stories = Json::array();
    for (const Story& story : account.stories) stories.push_back(story_json(account, story));
    const Json json{{"report", 1},
                    {"run",
                     {{"scenario", account.world.scenario},
                      {"seed", account.world.seed},
                      {"preset", account.world.preset},
                      {"from_us", to_us(account.from)},
                      {"until_us", to_us(account.until)},
                      {"outcome", account.outcome},
                      {"reason", account.reason},
                      {"whole", account.whole},
                      {"cell_m", account.world.cell_m},
                      {"purse_share_permille", account.world.purse_share_permille},
                      {"slot_us", to_us(account.slot)},
                      {"packets_between_stories", account.packets_between_stories}}},
                    {"totals", totals(account)},
                    {"kinds", kinds(account)},
                    {"hops", hops(account)},
                    {"delays", delays(account)},
                    {"distances", distances(account)},
                    {"nodes", nodes(account)},
                    {"time", time_slots(account)},
                    {"series", series(account)},
                    {"jobs", jobs(account)},
                    {"packets", std::move(stories)}};
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace compot::report
