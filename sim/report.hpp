#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/time.hpp"

/// How a run ended, in figures. Nothing here is from a wall clock.

namespace compot::sim {

struct NodeReport {
    std::string name;
    bool alive = true;
    Duration airtime{};  ///< originated and relayed
    Duration airtime_originated{};
    std::uint32_t frames = 0;
    std::int64_t energy_mj = 0;
    std::uint64_t ledger_digest = 0;
    std::uint16_t ledger_entries = 0;
    std::uint32_t frames_dropped = 0;
    Duration purse_lowest{};
    std::uint16_t busy_permille = 0;  ///< of the channel as its radio measures it, on average
};

/// Messages of one kind that nodes of ours originated.
struct KindReport {
    std::uint32_t messages = 0;  ///< transmissions by their originators, repetitions included
    std::uint32_t distinct = 0;  ///< of different content: a request by its name, signed bytes once
    Duration distinct_price{};   ///< of the first transmission of each
    Duration price{};            ///< as 2.8 radios would send them, one transmission each
};

struct Report {
    std::string scenario;
    std::uint64_t seed = 0;
    std::string outcome;
    std::string reason;
    Time ended{};
    std::optional<Duration> time_to_help;  ///< from blocked to resumed
    std::optional<Duration> request_to_resumed;
    std::optional<Duration> drive;  ///< from the helper's departure to its picture
    std::uint32_t frames = 0;       ///< transmissions of ours, relays included
    std::uint32_t foreign_frames = 0;
    Duration foreign_airtime{};
    std::uint32_t delta_bytes = 0;
    std::string obstacle;  ///< the true class of what stood in the way
    bool mission_done = false;
    bool ledgers_equal = false;
    bool buffers_released = true;
    bool purse_exceeded = false;
    std::map<std::string, KindReport> messages;      ///< of the whole run
    std::map<std::string, KindReport> job_messages;  ///< from the request to its end
    std::vector<NodeReport> nodes;
    std::string trace;  ///< digest over everything that happened, in hex
};

/// One JSON object, keys in a fixed order.
[[nodiscard]] std::string to_json(const Report& report);

}  // namespace compot::sim
