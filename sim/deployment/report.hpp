#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/time.hpp"
#include "radio/radio.hpp"
#include "sim/deployment/deliveries.hpp"
#include "sim/deployment/meter.hpp"

/// What a run of a mesh says to whoever plans one. Nothing here is from a wall clock; shares are of
/// exact counts.

namespace compot::deployment {

struct NodeReport {
    std::string name;
    std::string role;
    bool on = true;
    std::optional<std::int32_t> x_cm;
    std::optional<std::int32_t> y_cm;
    std::uint64_t sent = 0;     ///< transmissions of its own packets, retries included
    std::uint64_t relayed = 0;  ///< transmissions of others' packets
    Duration air{};
    Duration air_relayed{};
    std::uint16_t busy_permille = 0;       ///< of its channel, on average
    std::uint16_t busy_most_permille = 0;  ///< of its busiest minute
    std::uint64_t decoded = 0;             ///< frames, duplicates included
    std::uint64_t lost = 0;                ///< collided, too weak or missed while it sent
    std::int64_t drawn_uah = 0;
    std::optional<Duration> life;
};

/// What became of frames at receivers, over the whole run.
struct Fates {
    std::uint64_t fresh = 0;
    std::uint64_t duplicate = 0;
    std::uint64_t other = 0;  ///< decoded, and refused or of no channel of theirs
    std::uint64_t collided = 0;
    std::uint64_t too_weak = 0;
    std::uint64_t deaf = 0;  ///< the receiver was sending
    std::uint64_t off = 0;
};

struct Report {
    std::string scenario;
    std::uint64_t seed = 0;
    Time ended{};
    std::string preset;
    std::uint32_t frequency_khz = 0;
    std::uint32_t degree_hundredths = 0;  ///< neighbours that hear a node, on average
    std::int32_t bin_cm = 0;              ///< of a part of the distances
    std::string gateway;                  ///< the node with most neighbours

    std::uint64_t transmissions = 0;
    std::uint64_t relays = 0;
    std::uint64_t foreign = 0;
    Duration air{};
    std::uint64_t events = 0;
    std::uint64_t held_back = 0;  ///< by the firmware's politeness, before they were packets
    std::uint64_t no_power = 0;   ///< words that nobody could say: their node was off
    std::uint64_t queue_drops = 0;
    std::uint64_t duty_drops = 0;
    std::uint64_t relays_cancelled = 0;
    std::uint64_t failures = 0;  ///< times that a node went off

    Reached all;
    std::map<std::uint32_t, Deliveries::Kind> kinds;
    std::array<Reached, kRings> rings{};
    std::array<Delays, kRings> ring_delays{};
    std::array<Reached, kBins> bins{};
    Delays delays;
    Deliveries::Direct direct;
    Fates fates;
    std::vector<NodeReport> nodes;
    std::string trace;  ///< digest over every transmission, in hex
};

/// One JSON object, keys in a fixed order.
[[nodiscard]] std::string to_json(const Report& report);

/// Tables for people, the nodes that send most last.
[[nodiscard]] std::string to_text(const Report& report);

/// As the scenario's keys have it: "client", "router_late", ...
[[nodiscard]] std::string role_name(radio::Role role);

}  // namespace compot::deployment
