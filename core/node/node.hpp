#pragma once

#include <array>
#include <cstdint>

#include "core/base/containers.hpp"
#include "core/base/time.hpp"
#include "core/node/config.hpp"
#include "core/node/effect.hpp"
#include "core/node/event.hpp"

/// The rooms wired into one node: a pure state machine. It is told events and answers with effects;
/// it reads no clock, does no I/O and allocates nothing. It dispatches and decides nothing itself.

namespace compot::node {

/// What an onlooker may see of a node; nothing in the swarm can.
struct View {
    enum class Mood : std::uint8_t {
        Idle,
        Working,
        Streaming,
        Patrolling,
        EnRoute,
        Assisting,
        Resumed,
        Waiting,
        Blocked
    };

    struct Peer {
        NodeId id;
        std::int16_t snr_cdb = 0;
        Time heard{};
    };

    Mood mood = Mood::Idle;
    std::uint64_t policy_digest = 0;
    std::uint64_t facts_digest = 0;
    std::uint64_t registry_digest = 0;
    std::uint64_t ledger_digest = 0;
    Duration airtime_originated{};
    Duration purse_balance{};
    Duration purse_capacity{};
    std::uint32_t frames_dropped = 0;
    std::uint8_t sites_left = 0;
    std::uint16_t ledger_entries = 0;
    FixedVector<Peer, kMembersMax> peers;
};

class Node {
public:
    explicit Node(const Config& config);

    /// One event at `now`, which never goes back. Effects are appended to `out` in the order in
    /// which they must be carried out. REQUIRES: `out` empty. Restored events come first, then
    /// Booted.
    void handle(const Event& event, Time now, Effects& out);

    /// When Woke is due next; kNever while nothing is planned. May change after each handle().
    [[nodiscard]] Time wake_at() const;

    [[nodiscard]] View look() const;

    /// The best action on each tile by the policy in force.
    [[nodiscard]] std::array<learn::Action, learn::kCells> best_actions() const;

private:
    Config config_;
};

}  // namespace compot::node
