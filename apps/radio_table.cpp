#include "apps/radio_table.hpp"

#include <fmt/format.h>
#include <pb_decode.h>

#include <algorithm>
#include <vector>

#include "apps/radio_words.hpp"

namespace compot::apps {

namespace {

constexpr std::size_t kNewestMax = 5;
constexpr std::size_t kRowsMax = 4096;  ///< as the client's own list

/// A line that no node's name makes longer than the screen, or its cursor move.
std::string line_of(const std::string& text, std::size_t columns) {
    std::string out = harmless(text);
    std::size_t letters = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
        const bool begins = (static_cast<unsigned char>(out[i]) & 0xC0U) != 0x80;
        if (begins && ++letters > columns) {
            out.resize(i);
            break;
        }
    }
    return out + "\n";
}

std::string ago(const std::optional<Time>& heard, Time now) {
    if (!heard) return "";
    const auto seconds = (now - *heard) / 1s;
    if (seconds < 120) return fmt::format("{} s ago", seconds);
    if (seconds < 7200) return fmt::format("{} min ago", seconds / 60);
    return fmt::format("{} h ago", seconds / 3600);
}

template <typename Value>
std::string maybe(const std::optional<Value>& value, const char* form) {
    return value ? fmt::format(fmt::runtime(form), *value) : "";
}

}  // namespace

RadioTable::RadioTable(const stream_client::RadioFacts& facts, Time now) : self_(facts.self) {
    for (const auto& [number, node] : facts.nodes) {
        Row& row = rows_[number];
        row.name = &node.user.long_name[0];
        if (node.has_device_metrics && node.device_metrics.has_battery_level)
            row.battery_percent = node.device_metrics.battery_level;
        if (node.snr != 0) row.snr_db = static_cast<double>(node.snr);
        if (node.has_hops_away) row.hops = node.hops_away;
    }
    rows_[self_.value].heard = now;
}

void RadioTable::hear(const radio::Packet& packet, Time now) {
    ++packets_;
    newest_.push_front(to_text(packet));
    newest_.front().pop_back();  // its line's end
    if (newest_.size() > kNewestMax) newest_.pop_back();
    if (rows_.size() >= kRowsMax && rows_.count(packet.from.value) == 0) return;
    Row& row = rows_[packet.from.value];
    ++row.packets;
    row.heard = now;
    const BytesView payload = packet.data.payload.view();
    if (packet.data.portnum == mesh::port::kNodeInfo) take_name(row, payload);
    if (packet.data.portnum == mesh::port::kTelemetry) take_battery(row, payload);
    if (packet.from == self_) return;
    row.snr_db = packet.snr_cdb / 100.0;
    row.rssi_dbm = packet.rssi_cdbm / 100;
    row.hops = static_cast<std::uint32_t>(std::max(packet.hop_start - packet.hop_limit, 0));
}

void RadioTable::take_name(Row& row, BytesView payload) {
    const auto user = mesh::decode_user(payload);
    if (user && user->long_name[0] != '\0') row.name = &user->long_name[0];
}

/// Field 2 of Meshtastic's Telemetry is DeviceMetrics.
void RadioTable::take_battery(Row& row, BytesView payload) {
    constexpr std::uint32_t kDeviceMetrics = 2;
    pb_istream_t stream = pb_istream_from_buffer(payload.data(), payload.size());
    pb_wire_type_t type{};
    std::uint32_t tag = 0;
    bool end = false;
    while (pb_decode_tag(&stream, &type, &tag, &end)) {
        if (tag == kDeviceMetrics && type == PB_WT_STRING) {
            compot_pb_DeviceMetrics metrics{};
            if (!pb_decode_delimited(&stream, compot_pb_DeviceMetrics_fields, &metrics)) return;
            if (metrics.has_battery_level) row.battery_percent = metrics.battery_level;
        } else if (!pb_skip_field(&stream, type)) {
            return;
        }
    }
}

std::string RadioTable::text(Time now, std::size_t columns, std::size_t rows) const {
    std::vector<const std::pair<const std::uint32_t, Row>*> order;
    for (const auto& each : rows_) order.push_back(&each);
    std::stable_sort(order.begin(), order.end(), [](const auto* one, const auto* other) {
        return one->second.heard.value_or(Time::min()) > other->second.heard.value_or(Time::min());
    });
    const std::size_t below = newest_.empty() ? 0 : newest_.size() + 1;
    const std::size_t room = rows > below + 3 ? rows - below - 2 : 1;
    std::string out = line_of(
        fmt::format("{} nodes, {} packets heard; Ctrl-C ends", rows_.size(), packets_), columns);
    out += line_of(fmt::format("{:<10} {:<24} {:>8} {:>9} {:>5} {:>8} {:>12} {:>8}", "node", "name",
                               "snr", "rssi", "hops", "battery", "heard", "packets"),
                   columns);
    for (std::size_t i = 0; i < std::min(order.size(), room); ++i) {
        const auto& [number, row] = *order[i];
        const bool self = number == self_.value;
        // Above 100 it is on mains, as firmware says it.
        const auto battery = row.battery_percent && *row.battery_percent > 100
                                 ? std::string("mains")
                                 : maybe(row.battery_percent, "{} %");
        out += line_of(fmt::format("!{:08x}  {:<24} {:>8} {:>9} {:>5} {:>8} {:>12} {:>8}", number,
                                   row.name, maybe(row.snr_db, "{:.1f} dB"),
                                   maybe(row.rssi_dbm, "{} dBm"), maybe(row.hops, "{}"), battery,
                                   self ? "this radio" : ago(row.heard, now), row.packets),
                       columns);
    }
    if (below != 0) out += "\n";
    for (const std::string& packet : newest_) out += line_of(packet, columns);
    return out;
}

std::string RadioTable::draw(Time now, std::size_t columns, std::size_t rows) {
    const std::string lines = text(now, columns, rows);
    std::string out = drawn_ == 0 ? "" : fmt::format("\x1b[{}A\r", drawn_);
    for (const char letter : lines)
        out += letter == '\n' ? std::string("\x1b[K\n") : std::string(1, letter);
    drawn_ = static_cast<std::size_t>(std::count(lines.begin(), lines.end(), '\n'));
    return out + "\x1b[J";
}

}  // namespace compot::apps
