#pragma once

#include <array>
#include <cstdint>

#include "core/base/containers.hpp"
#include "core/base/time.hpp"
#include "core/node/common.hpp"
#include "core/node/config.hpp"
#include "core/node/effect.hpp"
#include "core/node/event.hpp"
#include "core/node/gossip.hpp"
#include "core/node/reporter.hpp"
#include "core/node/rescuer.hpp"
#include "core/node/worker.hpp"

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
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;

    /// One event at `now`, which never goes back. Effects are appended to `out` in the order in
    /// which they must be carried out. REQUIRES: `out` empty. Restored events come first, then
    /// Booted.
    void handle(const Event& event, Time now, Effects& out);

    /// When Woke is due next; kNever while nothing is planned. May change after each handle().
    [[nodiscard]] Time wake_at() const { return wake_at_; }

    [[nodiscard]] View look() const;

    // What it holds, for whoever carries it elsewhere or shows it.
    [[nodiscard]] const ledger::Ledger& ledger() const { return common_.ledger; }

    [[nodiscard]] const registry::Registry& registry() const { return common_.registry; }

    [[nodiscard]] const learn::EvidenceStore& evidence() const { return common_.evidence; }

    [[nodiscard]] const learn::FactMap& facts() const { return common_.facts; }

    [[nodiscard]] const profile::Keyring& keys() const { return common_.keys; }

    [[nodiscard]] const profile::Session& session() const { return common_.session; }

    /// It has asked for help with the job of this name and is not helped yet: a Withdrawn ends it.
    [[nodiscard]] bool waits_for(std::uint32_t nonce) const { return worker_.waits_for(nonce); }

    /// The best action on each tile by the policy in force.
    [[nodiscard]] std::array<learn::Action, learn::kCells> best_actions() const;

private:
    void restore(const Restored& record);
    void boot(const Booted& booted);
    void hear(const Heard& heard);
    void learn(const Learned& learned);
    void repeat_facts(BytesView body);
    void sense(const Sensed& sensed);
    void wake();

    void hear_beacon(const Heard& heard, const profile::Beacon& beacon);
    [[nodiscard]] bool answers_us(const profile::Message& message) const;
    void placed(NodeId peer);
    void refuse(const Heard& heard, Error error, const profile::Message& message);
    void hear_facts(BytesView body);
    void hear_entry(BytesView bytes);
    void take_entry(const ledger::Entry& entry);
    void dispatch(const Heard& heard, const profile::Message& message);
    void drop(const Heard& heard, Error error);
    void remember_peer(const Heard& heard);

    [[nodiscard]] bool is_edge() const { return config_.role == Role::Edge; }

    [[nodiscard]] View::Mood mood() const;
    void settle();

    Config config_;
    Common common_;
    Worker worker_;
    Rescuer rescuer_;
    Gossip gossip_;
    Reporter reporter_;
    FixedVector<View::Peer, kMembersMax> peers_;
    std::uint16_t last_epoch_ = 0;
    std::uint32_t frames_dropped_ = 0;
    bool booted_ = false;
    Time wake_at_ = kNever;
};

}  // namespace compot::node
