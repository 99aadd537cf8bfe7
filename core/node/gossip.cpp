#include "core/node/gossip.hpp"

#include <algorithm>
#include <utility>

namespace compot::node {

namespace {

// After saying how far its ledger goes a node lets the answers come before it says so again.
constexpr Duration kHeadsQuiet = 20s;

// A record that was missed may yet come with the next beacons' owners.
constexpr int kBeaconsBeforeAsking = 6;

// Several may want the same echo; the first beacon that is heard serves all.
constexpr Duration kHurriedWithin = 1s;

std::uint32_t low_half(std::uint64_t digest) { return static_cast<std::uint32_t>(digest); }

job::Say housekeeping(profile::Message message) {
    job::Say say;
    say.message = message;
    say.traffic = air::TrafficClass::Housekeeping;
    return say;
}

sync::Marks marks_of(const profile::LedgerHeads& heads) {
    sync::Marks marks;
    for (const auto& head : heads.heads) marks.push({head.author, head.sequence});
    return marks;
}

}  // namespace

Gossip::Gossip(const Config& config)
    : heartbeat_(config.timing.beacon_min, config.timing.beacon_max),
      beacon_min_(config.timing.beacon_min),
      homing_every_(config.timing.homing_every),
      answer_within_(config.timing.answer_within),
      facts_patience_(config.timing.facts_patience) {}

void Gossip::boot(Common& common) {
    heartbeat_.start(common.now, common.random);
    changed_ = true;
}

profile::Capability Gossip::own_capability(Common& common) {
    profile::Capability message;
    const auto* known = std::as_const(common.registry).find(common.config.self);
    COMPOT_CHECK(known != nullptr);
    COMPOT_CHECK(message.record.assign(registry::encode(known->record).view()));
    return message;
}

Time Gossip::soon(Common& common) const {
    const auto span_ms = static_cast<std::uint32_t>(to_ms(answer_within_));
    return common.now + std::chrono::milliseconds(common.random.below(span_ms + 1));
}

void Gossip::hurry(Common& common) {
    const auto within_ms = static_cast<std::uint32_t>(to_ms(kHurriedWithin));
    if (hurried_at_ == kNever)
        hurried_at_ = common.now + std::chrono::milliseconds(common.random.below(within_ms));
}

void Gossip::say_beacon(Common& common, std::uint8_t hops, bool for_job) {
    profile::Beacon beacon;
    beacon.boot_nonce = common.session.boot_nonce();
    const auto* own = std::as_const(common.registry).find(common.config.self);
    beacon.capability_version = own == nullptr ? std::uint16_t{0} : own->record.version;
    beacon.registry_digest = low_half(common.registry.digest());
    beacon.ledger_digest = low_half(common.ledger.digest());
    beacon.facts_digest = low_half(common.said_digest());
    beacon.fix = common.body.fix.index();
    beacon.fix_age_4s =
        static_cast<std::uint8_t>(std::min<unsigned>(common.body.fix_age_s / 4U, 0xFF));
    beacon.battery_percent = common.body.battery_percent;
    beacon.state = mood_;
    beacon.seeks_echo = common.session.take_seek();
    common.session.take_echoes(beacon.echoes);
    // Who is echoed can place us from now on: before, our record would have been dropped.
    if (!beacon.echoes.empty() && introduce_at_ == kNever)
        introduce_at_ = common.now + beacon_min_ + (soon(common) - common.now);
    job::Say say = housekeeping(beacon);
    say.hops = hops;
    if (for_job) say.traffic = air::TrafficClass::JobControl;
    say.replaces = true;
    say.expires_after = 60s;
    common.say(say);
}

void Gossip::say_heads(Common& common) {
    profile::LedgerHeads message;
    message.digest = common.ledger.digest();
    for (const sync::Mark& mark : common.ledger.marks()) {
        (void)message.heads.try_push({mark.owner, mark.version});
    }
    job::Say say = housekeeping(message);
    say.replaces = true;
    common.say(say);
    common.ledger.end_round();
    heads_at_ = kNever;
    heads_quiet_until_ = common.now + kHeadsQuiet;
}

void Gossip::hear(Common& common, NodeId from, const profile::Beacon& beacon,
                  const profile::Session::BeaconVerdict& verdict) {
    if (verdict.owes_echo) heartbeat_.reset(common.now, common.random);
    if (!common.session.placed(from)) return;

    const bool same_ledger = beacon.ledger_digest == low_half(common.ledger.digest());
    const bool same_facts = beacon.facts_digest == low_half(common.said_digest());
    if (same_ledger && same_facts) heartbeat_.hear_consistent();
    if (!same_ledger && heads_at_ == kNever) heads_at_ = std::max(soon(common), heads_quiet_until_);
    if (same_facts) {
        facts_query_at_ = kNever;
    } else if (facts_query_at_ == kNever) {
        facts_query_at_ = soon(common) + facts_patience_;
    }
    const auto* known = std::as_const(common.registry).find(from);
    const bool has_record = known != nullptr && known->record.version >= beacon.capability_version;
    if (!has_record && beacon.capability_version != 0 && capability_query_at_ == kNever) {
        capability_wanted_ = from;
        // A record that changes is sent by its owner; asking is for those who missed it.
        capability_query_at_ = soon(common) + kBeaconsBeforeAsking * beacon_min_;
    }
}

void Gossip::hear(Common& common, const profile::LedgerHeads& heads) {
    const std::uint64_t digest = common.ledger.digest();
    if (heads.digest == digest) {
        heads_at_ = kNever;  // somebody has said what we would say
        return;
    }
    const sync::Marks theirs = marks_of(heads);
    for (const std::uint8_t index : common.ledger.missing_against(theirs, heads.digest)) {
        const ledger::Entry& entry = common.ledger[index];
        Push push;
        push.author = entry.author;
        push.sequence = entry.sequence;
        plan_push(push, common);
    }
    if (sync::any_newer(common.ledger.marks(), theirs) && heads_at_ == kNever) {
        heads_at_ = std::max(soon(common), heads_quiet_until_);
    }
}

void Gossip::hear(Common& common, const profile::FactsQuery& query) {
    if (query.facts_digest == common.said_digest()) return;
    for (const std::uint8_t index :
         common.evidence.missing_for(common.facts, {query.have.data(), query.have.size()})) {
        Push push;
        push.what = Push::What::Facts;
        push.digest = learn::evidence_id(common.evidence[index].view());
        plan_push(push, common);
    }
}

void Gossip::hear(Common& common, NodeId from, const profile::Capability& capability) {
    const auto record = registry::parse_record(capability.record.view());
    // Everybody writes its own record and nobody another's: who repeats one could also alter it.
    if (!record.ok() || record->node != from) return;
    (void)common.registry.merge(*record, common.now);
    if (from == capability_wanted_) capability_query_at_ = kNever;
}

void Gossip::hear(Common& common, const profile::CapabilityQuery& query) {
    if (query.node == capability_wanted_) capability_query_at_ = kNever;
    const auto* own = std::as_const(common.registry).find(common.config.self);
    const bool meant =
        query.node == common.config.self ||
        (query.node == kBroadcast && own != nullptr && own->record.can(query.wanted));
    if (!meant) return;
    introduce_at_ = std::min(introduce_at_, soon(common));
}

void Gossip::plan_push(Push push, Common& common) {
    push.due = soon(common);
    for (const Push& planned : pushes_) {
        if (planned.what == push.what && planned.author == push.author &&
            planned.sequence == push.sequence && planned.digest == push.digest) {
            return;
        }
    }
    // More than fits is asked for again: the marks of the next round still lack it.
    (void)pushes_.try_push(push);
}

void Gossip::answer_entry(Common& common, NodeId author, std::uint16_t sequence) {
    Push push;
    push.author = author;
    push.sequence = sequence;
    plan_push(push, common);
}

void Gossip::overheard_entry(NodeId author, std::uint16_t sequence) {
    for (std::size_t i = pushes_.size(); i-- > 0;) {
        const Push& push = pushes_[i];
        if (push.what == Push::What::Entry && push.author == author && push.sequence == sequence)
            pushes_.erase(i);
    }
}

void Gossip::overheard_facts(std::uint32_t short_digest) {
    for (std::size_t i = pushes_.size(); i-- > 0;) {
        if (pushes_[i].what == Push::What::Facts && pushes_[i].digest == short_digest)
            pushes_.erase(i);
    }
}

void Gossip::push(Common& common, const Push& push) {
    if (push.what == Push::What::Entry) {
        const ledger::Entry* entry = common.ledger.at(push.author, push.sequence);
        if (entry == nullptr) return;
        profile::LedgerEntry message;
        COMPOT_CHECK(message.entry.assign(ledger::encode(*entry).view()));
        common.say(housekeeping(message));
        return;
    }
    for (std::size_t i = 0; i < common.evidence.size(); ++i) {
        if (learn::evidence_id(common.evidence[i].view()) != push.digest) continue;
        profile::Facts message;
        COMPOT_CHECK(message.body.assign(common.evidence[i].view()));
        common.say(housekeeping(message));
        return;
    }
}

void Gossip::set_homing(Common& common, bool homing) {
    if (!homing) {
        homing_at_ = kNever;
    } else if (homing_at_ == kNever) {
        homing_at_ = common.now + homing_every_;
    }
}

void Gossip::wake(Common& common) {
    const bool must = changed_ || common.session.owes_echoes() || common.session.seeking();
    if (heartbeat_.due(common.now, must, common.random)) {
        changed_ = false;
        say_beacon(common, job::Say::kHopsDefault);
    }
    if (common.now >= hurried_at_) {
        hurried_at_ = kNever;
        changed_ = false;
        say_beacon(common, job::Say::kHopsDefault, true);
    }
    if (common.now >= homing_at_) {
        homing_at_ = common.now + homing_every_;
        say_beacon(common, 0, true);
    }
    if (common.now >= introduce_at_) {
        introduce_at_ = kNever;
        job::Say say = housekeeping(own_capability(common));
        say.replaces = true;
        common.say(say);
    }
    if (common.now >= heads_at_) say_heads(common);
    if (common.now >= facts_query_at_) {
        facts_query_at_ = kNever;
        common.query_facts();
    }
    if (common.now >= capability_query_at_) {
        capability_query_at_ = kNever;
        common.say(housekeeping(profile::CapabilityQuery{capability_wanted_, 0}));
    }
    for (std::size_t i = pushes_.size(); i-- > 0;) {
        if (common.now < pushes_[i].due) continue;
        const Push due = pushes_[i];
        pushes_.erase(i);
        push(common, due);
    }
}

Time Gossip::wake_at() const {
    Time next = std::min({heartbeat_.wake_at(), homing_at_, hurried_at_, introduce_at_, heads_at_,
                          facts_query_at_, capability_query_at_});
    for (const Push& push : pushes_) next = std::min(next, push.due);
    return next;
}

}  // namespace compot::node
