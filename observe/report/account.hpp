#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "observe/feed.hpp"
#include "observe/report/delays.hpp"
#include "observe/report/distance.hpp"

/// What a run adds up to, for a person who plans with it. Whole numbers; nothing from a wall clock.
///
/// A *packet* is one that a node with a card sent first itself; a *pair* is such a packet and one
/// node that should get it: every other one that had power when it was first sent, or the addressee
/// alone. A pair is *reached* when that node has decoded any transmission of the packet.

namespace compot::report {

/// Who something is about: a place in Account::nodes.
using Who = std::uint32_t;

inline constexpr std::size_t kFates = 6;

using Fates = std::array<std::uint64_t, kFates>;  ///< by observe::Fate

struct Reach {
    std::uint64_t packets = 0;
    std::uint64_t pairs = 0;
    std::uint64_t reached = 0;
};

struct KindAccount {
    Reach reach;
    std::uint64_t transmissions = 0;  ///< relays included
    std::uint8_t hop_limit = 0;       ///< the largest that a packet of it began with
    Duration airtime{};
    Duration price{};
    Delays delays;
};

/// Pairs reached by a transmission that was the packet's n-th from its origin.
struct HopAccount {
    std::uint64_t reached = 0;
    Delays delays;
};

struct DistanceAccount {
    std::uint64_t tries = 0;  ///< transmissions and nodes with power at this distance
    std::uint64_t heard = 0;  ///< of these, decoded, again or for the first time
    std::uint64_t pairs = 0;
    std::uint64_t reached = 0;  ///< by any way
};

struct Stop {
    Time at{};
    observe::Place place;
};

struct NodeAccount {
    NodeId id;
    bool ours = false;  ///< it has a card; all else is somebody's that is only heard
    std::string name;
    std::string role;
    bool alive = false;
    observe::Place place;
    std::vector<Stop> path;
    std::uint64_t frames_own = 0;
    std::uint64_t frames_relayed = 0;
    Duration airtime_own{};
    Duration airtime_relayed{};
    Duration price{};
    Reach sent;                  ///< of its packets
    std::uint64_t wanted = 0;    ///< pairs in which it is the one to be reached
    std::uint64_t received = 0;  ///< of these, reached
    Fates fates{};               ///< of what came to its antenna
    std::uint16_t busy_now = 0;
    std::uint16_t busy_peak_permille = 0;
    Duration purse_now{};
    Duration purse_capacity{};
    std::optional<Duration> purse_lowest;
    std::optional<observe::Energy> energy;
    std::int64_t energy_first_mj = 0;
    std::optional<std::uint16_t> battery_first_permille;  ///< none: its battery is not known
    std::optional<std::uint16_t> battery_permille;
    std::uint32_t frames_dropped = 0;
};

/// A stretch of time.
struct Slot {
    Duration airtime_own{};
    Duration airtime_relayed{};
    Duration airtime_foreign{};
    std::uint16_t busy_most_permille = 0;  ///< of the nodes, at the slot's end
    std::uint64_t busy_sum_permille = 0;
    std::uint64_t busy_nodes = 0;
    Fates fates{};
};

/// One node in it.
struct NodeSlot {
    Duration airtime{};
    Duration purse_lowest{};
    std::optional<std::uint16_t> battery_permille;  ///< at its end; none: not known
    std::uint16_t busy_permille = 0;                ///< at its end, the most when slots were joined
};

struct JobAccount {
    struct Step {
        Time at{};
        std::string step;
        std::string text;
    };

    std::uint32_t nonce = 0;
    NodeId asker;
    NodeId helper;
    std::vector<Step> steps;
};

/// A packet from its first transmission to the last relay.
struct Story {
    struct Hearing {
        Who who = 0;
        observe::Fate fate = observe::Fate::Decoded;
        std::int16_t rssi_cdbm = 0;
        std::int16_t snr_cdb = 0;
    };

    struct Flight {
        std::uint64_t number = 0;
        Who transmitter = 0;
        Time at{};
        Duration airtime{};
        std::uint8_t hop = 1;
        std::vector<Hearing> heard;
    };

    Who from = 0;
    NodeId to;
    PacketId packet;
    std::string kind;
    Time at{};
    std::uint64_t pairs = 0;
    std::uint64_t reached = 0;
    std::vector<Flight> flights;
};

struct Account {
    observe::World world;
    Time from{};
    Time until{};
    std::string outcome;
    std::string reason;
    bool whole = true;  ///< false: the recording was cut off
    std::vector<NodeAccount> nodes;
    std::map<std::string, KindAccount> kinds;
    Reach reach;  ///< of packets that may be relayed, as hops and distances
    Delays delays;
    std::map<unsigned, HopAccount> hops;  ///< 1: heard from the origin itself
    std::array<DistanceAccount, kDistanceClasses> distances{};
    std::uint64_t frames_foreign = 0;
    Duration airtime_foreign{};
    Duration slot{};  ///< the length of each but the last
    std::vector<Slot> slots;
    std::vector<std::vector<NodeSlot>> series;  ///< [node][slot]; empty for large swarms
    std::vector<JobAccount> jobs;
    std::vector<Story> stories;  ///< of large runs an even selection
    std::uint64_t packets_between_stories = 1;
};

}  // namespace compot::report
