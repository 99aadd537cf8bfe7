#include "core/node/gossip.hpp"

#include <algorithm>
#include <utility>

namespace compot::node {

namespace {

/// How long a frame of the size of a ledger entry holds the channel, with two relays and their
/// waits.
Duration exchange_slot(const air::Modem& modem) {
    const auto airtime = air::airtime(modem, 160);
    COMPOT_CHECK(airtime.ok());
    return 3 * (*airtime + 8 * air::slot(modem));
}

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
      homing_every_(config.timing.homing_every),
      answer_within_(config.timing.answer_within),
      facts_patience_(config.timing.facts_patience),
      ledger_(exchange_slot(config.modem)),
      facts_(exchange_slot(config.modem)) {}

void Gossip::boot(Common& common) {
    heartbeat_.start(common.now, common.random);
    changed_ = true;
    job::Say say;
    say = housekeeping(own_capability(common));
    say.after = soon(common) - common.now + 10s;
    say.replaces = true;
    common.say(say);
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

void Gossip::say_beacon(Common& common, std::uint8_t hops) {
    profile::Beacon beacon;
    beacon.boot_nonce = common.session.boot_nonce();
    const auto* own = std::as_const(common.registry).find(common.config.self);
    beacon.capability_version = own == nullptr ? std::uint16_t{0} : own->record.version;
    beacon.registry_digest = low_half(common.registry.digest());
    beacon.ledger_digest = low_half(common.ledger.digest());
    beacon.facts_digest = low_half(common.facts.digest());
    beacon.fix = common.body.fix.index();
    beacon.fix_age_4s =
        static_cast<std::uint8_t>(std::min<unsigned>(common.body.fix_age_s / 4U, 0xFF));
    beacon.battery_percent = common.body.battery_percent;
    beacon.state = mood_;
    beacon.seeks_echo = common.session.take_seek();
    common.session.take_echoes(beacon.echoes);
    job::Say say = housekeeping(beacon);
    say.hops = hops;
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
}

void Gossip::hear(Common& common, NodeId from, const profile::Beacon& beacon,
                  const profile::Session::BeaconVerdict& verdict) {
    if (verdict.owes_echo) heartbeat_.reset(common.now, common.random);
    if (!common.session.placed(from)) return;

    const bool same_ledger = beacon.ledger_digest == low_half(common.ledger.digest());
    const bool same_facts = beacon.facts_digest == low_half(common.facts.digest());
    if (same_ledger && same_facts) heartbeat_.hear_consistent();
    ledger_.hear_digest(low_half(common.ledger.digest()), beacon.ledger_digest, common.now,
                        common.random);
    judge_facts_digest(common, beacon.facts_digest);
    const auto* known = std::as_const(common.registry).find(from);
    const bool has_record = known != nullptr && known->record.version >= beacon.capability_version;
    if (!has_record && beacon.capability_version != 0 && capability_query_at_ == kNever) {
        capability_wanted_ = from;
        // A record that changes is sent by its owner; asking is for those who missed it.
        capability_query_at_ = soon(common) + 30s;
    }
}

void Gossip::judge_facts_digest(Common& common, std::uint32_t theirs) {
    const std::uint32_t mine = low_half(common.facts.digest());
    if (mine == theirs) {
        facts_differ_since_ = kNever;
    } else if (facts_differ_since_ == kNever) {
        facts_differ_since_ = common.now;
    } else if (common.now - facts_differ_since_ >= facts_patience_) {
        // Facts travel when somebody needs them; only what still differs then is worth the air.
        facts_.hear_digest(mine, theirs, common.now, common.random);
    }
}

void Gossip::hear(Common& common, const profile::LedgerHeads& heads, std::uint8_t hops) {
    const sync::Marks theirs = marks_of(heads);
    FixedVector<sync::Key, kLedgerEntriesMax> they_lack;
    for (const std::uint8_t index : common.ledger.missing_against(theirs, heads.digest)) {
        const ledger::Entry& entry = common.ledger[index];
        they_lack.push(sync::make_key(entry.author, entry.sequence));
    }
    sync::Exchange::Summary summary;
    summary.same_as_mine = heads.digest == common.ledger.digest();
    summary.newer_than_mine = sync::any_newer(common.ledger.marks(), theirs);
    summary.they_lack = {they_lack.data(), they_lack.size()};
    summary.hops = hops;
    ledger_.hear_summary(summary, common.now, common.random);
}

void Gossip::hear(Common& common, const profile::FactsQuery& query, std::uint8_t hops) {
    const auto ours = common.evidence.ids(common.facts);
    FixedVector<sync::Key, kEvidenceMax> they_lack;
    for (const std::uint8_t index :
         common.evidence.missing_for(common.facts, {query.have.data(), query.have.size()})) {
        they_lack.push(learn::evidence_id(common.evidence[index].view()));
    }
    sync::Exchange::Summary summary;
    summary.same_as_mine = query.facts_digest == common.facts.digest();
    summary.newer_than_mine =
        std::any_of(query.have.begin(), query.have.end(), [&ours](std::uint32_t id) {
            return std::find(ours.begin(), ours.end(), id) == ours.end();
        });
    summary.they_lack = {they_lack.data(), they_lack.size()};
    summary.hops = hops;
    facts_.hear_summary(summary, common.now, common.random);
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
    job::Say say = housekeeping(own_capability(common));
    say.after = soon(common) - common.now;
    say.replaces = true;
    common.say(say);
}

void Gossip::overheard_entry(Common& common, NodeId author, std::uint16_t sequence, bool news) {
    ledger_.hear_item(sync::make_key(author, sequence), news, common.now, common.random);
}

void Gossip::overheard_facts(Common& common, std::uint32_t evidence_id, bool news) {
    facts_.hear_item(evidence_id, news, common.now, common.random);
}

void Gossip::send_entry(Common& common, sync::Key key) {
    const ledger::Entry* entry = common.ledger.at(NodeId{static_cast<std::uint32_t>(key >> 16U)},
                                                  static_cast<std::uint16_t>(key));
    if (entry == nullptr) return;  // forgotten since it was promised
    profile::LedgerEntry message;
    COMPOT_CHECK(message.entry.assign(ledger::encode(*entry).view()));
    common.say(housekeeping(message));
}

void Gossip::send_facts(Common& common, sync::Key key) {
    for (std::size_t i = 0; i < common.evidence.size(); ++i) {
        if (learn::evidence_id(common.evidence[i].view()) != key) continue;
        profile::Facts message;
        COMPOT_CHECK(message.body.assign(common.evidence[i].view()));
        common.say(housekeeping(message));
        return;
    }
}

void Gossip::exchange_ledger(Common& common) {
    while (true) {
        const auto due = ledger_.take(common.now, common.random);
        switch (due.step) {
            case sync::Exchange::Step::Nothing: return;
            case sync::Exchange::Step::Tell: say_heads(common); break;
            case sync::Exchange::Step::Send: send_entry(common, due.key); break;
            case sync::Exchange::Step::EndRound: common.ledger.end_round(); break;
        }
    }
}

void Gossip::exchange_facts(Common& common) {
    while (true) {
        const auto due = facts_.take(common.now, common.random);
        switch (due.step) {
            case sync::Exchange::Step::Nothing: return;
            case sync::Exchange::Step::Tell: common.query_facts(); break;
            case sync::Exchange::Step::Send: send_facts(common, due.key); break;
            case sync::Exchange::Step::EndRound: break;
        }
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
    const bool must = changed_ || common.session.owes_echoes();
    if (heartbeat_.due(common.now, must, common.random)) {
        changed_ = false;
        say_beacon(common, job::Say::kHopsDefault);
    }
    if (common.now >= homing_at_) {
        homing_at_ = common.now + homing_every_;
        say_beacon(common, 0);
    }
    exchange_ledger(common);
    exchange_facts(common);
    if (common.now >= capability_query_at_) {
        capability_query_at_ = kNever;
        common.say(housekeeping(profile::CapabilityQuery{capability_wanted_, 0}));
    }
}

Time Gossip::wake_at() const {
    return std::min({heartbeat_.wake_at(), homing_at_, ledger_.wake_at(), facts_.wake_at(),
                     capability_query_at_});
}

}  // namespace compot::node
