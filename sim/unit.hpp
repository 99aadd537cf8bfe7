#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/node/node.hpp"
#include "observe/sink.hpp"
#include "radio/radio.hpp"
#include "sim/ether/ether.hpp"
#include "sim/field/battery.hpp"
#include "sim/scenario/scenario.hpp"

/// One member of the swarm as the world holds it: the node, its radio, its body and what it has
/// written to its flash. Only the world changes it.

namespace compot::sim {

/// What is known of a packet when it leaves its originator, for onlookers.
struct PacketFacts {
    std::string kind;
    Duration price{};
    bool flown = false;  ///< its first transmission has been seen
};

struct Unit {
    Unit(const scenario::NodePlan& its_plan, const node::Config& its_config)
        : plan(its_plan),
          config(its_config),
          battery(its_plan.energy),
          at(its_plan.at),
          fix(its_plan.at) {}

    scenario::NodePlan plan;
    bool external = false;   ///< its node runs elsewhere; the one here is told nothing
    bool radioless = false;  ///< its radio is elsewhere, too: the one here stays off
    node::Config config;
    ether::Station station = 0;
    field::Battery battery;

    // Only while it has power.
    std::unique_ptr<node::Node> node;
    std::unique_ptr<radio::Radio> radio;
    std::shared_ptr<const radio::Settings> settings;  ///< its own, if a client has set any

    std::map<std::uint16_t, std::vector<std::uint8_t>> flash;  ///< records by key
    std::uint32_t boots = 0;
    Time booted_at{};

    // The body.
    learn::Cell at;
    learn::Cell fix;
    Time fixed_at{};
    bool acted = false;   ///< in this decision
    bool worked = false;  ///< by the last decision

    // Planned wake-ups; what the queue holds besides is stale.
    Time node_wakes = kNever;
    Time radio_wakes = kNever;

    // For the report.
    Duration airtime_own{};
    Duration airtime_relayed{};
    std::uint32_t frames = 0;
    Duration purse_lowest = Duration::max();
    std::uint64_t busy_permille_sum = 0;
    std::uint32_t busy_reports = 0;

    [[nodiscard]] bool alive() const { return node != nullptr; }

    [[nodiscard]] NodeId id() const { return config.self; }
};

}  // namespace compot::sim
