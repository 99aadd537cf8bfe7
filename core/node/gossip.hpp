#pragma once

#include "core/node/common.hpp"
#include "core/node/heartbeat.hpp"
#include "core/sync/exchange.hpp"

/// How nodes come to know the same: beacons that name digests, and what differs sent once, by one
/// of those who have it. Silence is the rule; answers wait a random while and are dropped when
/// somebody else gives them.

namespace compot::node {

class Gossip {
public:
    explicit Gossip(const Config& config);

    void boot(Common& common);

    /// Ledger, facts or capabilities changed: others should hear soon that we differ.
    void changed(Common& common) {
        changed_ = true;
        heartbeat_.reset(common.now, common.random);
    }

    /// An authenticated beacon; `verdict` is the session's.
    void hear(Common& common, NodeId from, const profile::Beacon& beacon,
              const profile::Session::BeaconVerdict& verdict);
    void hear(Common& common, const profile::LedgerHeads& heads, std::uint8_t hops);
    void hear(Common& common, const profile::FactsQuery& query, std::uint8_t hops);
    void hear(Common& common, NodeId from, const profile::Capability& capability);
    void hear(Common& common, const profile::CapabilityQuery& query);
    /// A ledger entry or signed facts came past; `news` when they changed what we hold.
    void overheard_entry(Common& common, NodeId author, std::uint16_t sequence, bool news);
    void overheard_facts(Common& common, std::uint32_t evidence_id, bool news);

    /// Somebody is on the way to us: be audible, for neighbours only.
    void set_homing(Common& common, bool homing);

    void set_mood(std::uint8_t mood) { mood_ = mood; }

    void wake(Common& common);
    [[nodiscard]] Time wake_at() const;

private:
    [[nodiscard]] Time soon(Common& common) const;
    void say_beacon(Common& common, std::uint8_t hops);
    void say_heads(Common& common);
    [[nodiscard]] static profile::Capability own_capability(Common& common);
    void send_entry(Common& common, sync::Key key);
    void send_facts(Common& common, sync::Key key);
    void exchange_ledger(Common& common);
    void exchange_facts(Common& common);
    void judge_facts_digest(Common& common, std::uint32_t theirs);

    Heartbeat heartbeat_;
    Duration homing_every_;
    Duration answer_within_;
    Duration facts_patience_;
    Time homing_at_ = kNever;
    sync::Exchange ledger_;
    sync::Exchange facts_;
    Time facts_differ_since_ = kNever;
    Time capability_query_at_ = kNever;
    NodeId capability_wanted_;
    std::uint8_t mood_ = 0;
    bool changed_ = false;
};

}  // namespace compot::node
