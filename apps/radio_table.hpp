#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "host/stream_client/client.hpp"

/// The nodes that a radio knows, as a table that is drawn again in its own place: how well each was
/// heard, over how many hops, how long ago, and its battery. It knows no terminal but the few
/// characters that move its cursor.

namespace compot::apps {

class RadioTable {
public:
    /// From the radio's own list. `now` on any clock that hear() and draw() share.
    RadioTable(const stream_client::RadioFacts& facts, Time now);

    /// Of a packet that tells of its sender's battery or name that is taken over, too.
    void hear(const radio::Packet& packet, Time now);

    /// At most `rows` lines of at most `columns` characters, the node heard last on top, the newest
    /// packets below.
    [[nodiscard]] std::string text(Time now, std::size_t columns, std::size_t rows) const;

    /// text(), over what the last draw() left on the screen.
    [[nodiscard]] std::string draw(Time now, std::size_t columns, std::size_t rows);

private:
    struct Row {
        std::string name;
        std::optional<std::uint32_t> battery_percent;
        std::optional<double> snr_db;
        std::optional<int> rssi_dbm;
        std::optional<std::uint32_t> hops;
        std::optional<Time> heard;
        std::uint64_t packets = 0;
    };

    void take_name(Row& row, BytesView payload);
    void take_battery(Row& row, BytesView payload);

    NodeId self_;
    std::map<std::uint32_t, Row> rows_;
    std::deque<std::string> newest_;
    std::uint64_t packets_ = 0;
    std::size_t drawn_ = 0;  ///< lines
};

}  // namespace compot::apps
