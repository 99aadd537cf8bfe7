#include "apps/radio_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/air/modem.hpp"
#include "observe/hex.hpp"

namespace compot::apps {

namespace {

using Json = nlohmann::ordered_json;

std::string preset_of(const compot_pb_LoraConfig& lora) {
    if (!lora.use_preset)
        return fmt::format("SF{} {} kHz 4/{}", lora.spread_factor, lora.bandwidth,
                           lora.coding_rate);
    const auto preset = air::preset_numbered(lora.modem_preset);
    return preset ? std::string(air::name(*preset)) : "unknown";
}

std::string id_of(std::uint32_t number) { return fmt::format("!{:08x}", number); }

bool is_text(const radio::Packet& packet) {
    return packet.data.portnum == mesh::port::kText || packet.data.portnum == mesh::port::kAlert;
}

std::string text_of(const radio::Packet& packet) {
    const BytesView payload = packet.data.payload.view();
    return {payload.begin(), payload.end()};
}

int hops(const radio::Packet& packet) { return std::max(packet.hop_start - packet.hop_limit, 0); }

double tenth(double value) { return std::round(value * 10) / 10; }

Json node_json(const compot_pb_NodeInfo& node) {
    Json out;
    out["id"] = id_of(node.num);
    out["name"] = std::string(&node.user.long_name[0]);
    out["short_name"] = std::string(&node.user.short_name[0]);
    if (node.has_device_metrics && node.device_metrics.has_battery_level)
        out["battery_percent"] = node.device_metrics.battery_level;
    if (node.snr != 0) out["snr_db"] = tenth(static_cast<double>(node.snr));
    if (node.has_hops_away) out["hops_away"] = node.hops_away;
    if (node.via_mqtt) out["via_mqtt"] = true;
    return out;
}

std::string node_line(const compot_pb_NodeInfo& node) {
    const auto& metrics = node.device_metrics;
    const bool battery = node.has_device_metrics && metrics.has_battery_level;
    return fmt::format(
        "{:<10} {:<24} {:>6} {:>8}\n", id_of(node.num), harmless(&node.user.long_name[0]),
        battery ? fmt::format("{} %", metrics.battery_level) : "",
        node.snr != 0 ? fmt::format("{:.1f} dB", static_cast<double>(node.snr)) : "");
}

}  // namespace

std::string harmless(const std::string& text) {
    std::string out;
    for (const char letter : text)
        out += static_cast<unsigned char>(letter) < 0x20 || letter == 0x7F ? '.' : letter;
    return out;
}

Json to_json(const stream_client::RadioFacts& facts) {
    Json out;
    out["self"] = id_of(facts.self.value);
    out["firmware"] = facts.firmware;
    if (facts.has_lora) {
        out["preset"] = preset_of(facts.lora);
        out["region"] = facts.lora.region;
        out["hop_limit"] = facts.lora.hop_limit;
        out["transmits"] = facts.lora.tx_enabled;
    }
    if (facts.queue_length != 0)
        out["queue"] = {{"free", facts.queue_free}, {"length", facts.queue_length}};
    out["channels"] = Json::array();
    for (const auto& channel : facts.channels)
        out["channels"].push_back({{"index", channel.index},
                                   {"name", std::string(&channel.settings.name[0])},
                                   {"primary", channel.role == 1}});
    out["nodes"] = Json::array();
    for (const auto& [number, node] : facts.nodes) out["nodes"].push_back(node_json(node));
    return out;
}

std::string to_text(const stream_client::RadioFacts& facts) {
    std::string out =
        fmt::format("radio {}, firmware {}\n", id_of(facts.self.value), harmless(facts.firmware));
    if (facts.has_lora)
        out += fmt::format("preset {}, region {}, {} hops{}\n", preset_of(facts.lora),
                           facts.lora.region, facts.lora.hop_limit,
                           facts.lora.tx_enabled ? "" : ", its transmitter is off");
    for (const auto& channel : facts.channels)
        out += fmt::format("channel {} {}{}\n", channel.index, harmless(&channel.settings.name[0]),
                           channel.role == 1 ? " (primary)" : "");
    out += fmt::format("{} nodes\n", facts.nodes.size());
    for (const auto& [number, node] : facts.nodes) out += node_line(node);
    return out;
}

Json to_json(const radio::Packet& packet) {
    Json out;
    out["from"] = id_of(packet.from.value);
    out["to"] = id_of(packet.to.value);
    out["id"] = fmt::format("{:08x}", packet.id.value);
    out["channel"] = packet.channel;
    out["port"] = packet.data.portnum;
    out["hops"] = hops(packet);
    out["snr_db"] = tenth(packet.snr_cdb / 100.0);
    out["rssi_dbm"] = packet.rssi_cdbm / 100;
    if (packet.via_mqtt) out["via_mqtt"] = true;
    if (packet.data.request_id != 0)
        out["request_id"] = fmt::format("{:08x}", packet.data.request_id);
    if (is_text(packet)) {
        out["text"] = text_of(packet);
    } else {
        out["payload"] = observe::hex(packet.data.payload.view());
    }
    return out;
}

std::string to_text(const radio::Packet& packet) {
    const std::string to = packet.to == kBroadcast ? "all" : id_of(packet.to.value);
    return fmt::format(
        "{} to {:<9} port {:<3} {} hops {:>6.1f} dB {:>5} dBm  {}\n", id_of(packet.from.value), to,
        packet.data.portnum, hops(packet), packet.snr_cdb / 100.0, packet.rssi_cdbm / 100,
        is_text(packet) ? harmless(text_of(packet)) : observe::hex(packet.data.payload.view()));
}

}  // namespace compot::apps
