#pragma once

#include "core/node/common.hpp"
#include "core/node/heartbeat.hpp"

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

    /// Somebody must be placed, or must place us, before a job can go on: a beacon soon.
    void hurry(Common& common);

    /// We hold another entry for this place, and ours wins: whoever sent the loser needs ours.
    void answer_entry(Common& common, NodeId author, std::uint16_t sequence);

    /// An authenticated beacon; `verdict` is the session's.
    void hear(Common& common, NodeId from, const profile::Beacon& beacon,
              const profile::Session::BeaconVerdict& verdict);
    void hear(Common& common, const profile::LedgerHeads& heads);
    void hear(Common& common, const profile::FactsQuery& query);
    void hear(Common& common, NodeId from, const profile::Capability& capability);
    void hear(Common& common, const profile::CapabilityQuery& query);
    /// A ledger entry or signed facts went over the air: nobody needs them from us any more.
    void overheard_entry(NodeId author, std::uint16_t sequence);
    void overheard_facts(std::uint32_t short_digest);

    /// Somebody is on the way to us: be audible, for neighbours only.
    void set_homing(Common& common, bool homing);

    void set_mood(std::uint8_t mood) { mood_ = mood; }

    void wake(Common& common);
    [[nodiscard]] Time wake_at() const;

private:
    static constexpr std::size_t kPushesMax = 8;

    /// A ledger entry or facts body that somebody lacks.
    struct Push {
        enum class What : std::uint8_t { Entry, Facts };
        What what = What::Entry;
        NodeId author;
        std::uint16_t sequence = 0;
        std::uint32_t digest = 0;
        Time due{};
    };

    [[nodiscard]] Time soon(Common& common) const;
    void say_beacon(Common& common, std::uint8_t hops, bool for_job = false);
    void say_heads(Common& common);
    [[nodiscard]] static profile::Capability own_capability(Common& common);
    void push(Common& common, const Push& push);
    void plan_push(Push push, Common& common);

    Heartbeat heartbeat_;
    Duration beacon_min_;
    Duration homing_every_;
    Duration answer_within_;
    Duration facts_patience_;
    Time homing_at_ = kNever;
    Time hurried_at_ = kNever;
    Time introduce_at_ = kNever;  ///< our capability record
    Time heads_at_ = kNever;
    Time heads_quiet_until_{};
    Time facts_query_at_ = kNever;
    Time capability_query_at_ = kNever;
    NodeId capability_wanted_;
    FixedVector<Push, kPushesMax> pushes_;
    std::uint8_t mood_ = 0;
    bool changed_ = false;
};

}  // namespace compot::node
