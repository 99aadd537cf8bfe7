#include "core/node/common.hpp"

#include <algorithm>

namespace compot::node {

Common::Common(const Config& node_config)
    : config(node_config),
      keys(node_config.self, node_config.channel_key),
      session(keys),
      outbox(node_config.modem, node_config.purse, node_config.hop_limit),
      registry(node_config.self) {}

void Common::say_all(const job::Says& says) {
    for (const job::Say& one : says) say(one);
}

void Common::note(Note::Kind kind, NodeId peer, std::uint32_t a, std::uint32_t b) {
    // Onlookers may miss a note when a node has much to do at once; nothing else is ever left out.
    constexpr std::size_t kRoomForDeeds = 8;
    if (out->size() + kRoomForDeeds < kEffectsMax) out->push(Note{kind, peer, a, b});
}

void Common::persist(std::uint16_t key, BytesView value) {
    Persist record;
    record.key = key;
    COMPOT_CHECK(record.value.assign(value));
    out->push(record);
}

void Common::act(learn::Action action) { out->push(Act{action}); }

const Member* Common::member(NodeId id) const {
    const auto* found = std::find_if(config.members.begin(), config.members.end(),
                                     [id](const Member& one) { return one.id == id; });
    return found == config.members.end() ? nullptr : found;
}

crypto::Key Common::own_signing_public() const {
    const Member* self = member(config.self);
    COMPOT_CHECK(self != nullptr);
    return self->signing_public;
}

ledger::EntryBytes Common::write_ledger(ledger::Kind kind, const ledger::Body& content) {
    const ledger::Signer signer{config.self, config.signing_seed, own_signing_public()};
    const auto entry = ledger.append(signer, kind, content, ledger.order_after(0));
    // 65535 entries of one author are 45 days of one a minute; its last one stays its last word.
    if (!entry.ok()) return {};
    keep_entry(*entry);
    return ledger::encode(*entry);
}

void Common::keep_entry(const ledger::Entry& entry) {
    persist(static_cast<std::uint16_t>(records::kLedger + ledger_slot_),
            ledger::encode(entry).view());
    ledger_slot_ = static_cast<std::uint16_t>((ledger_slot_ + 1) % kLedgerEntriesMax);
    auto what = static_cast<std::uint32_t>(entry.kind);
    if (entry.kind == ledger::Kind::Outcome) {
        const auto outcome = ledger::read_outcome(entry.body.view());
        if (outcome.ok()) what |= std::uint32_t{outcome->outcome} << 8U;
    }
    note(Note::Kind::LedgerAppended, entry.author, entry.sequence, what);
}

bool Common::admits(const learn::FactsDelta& delta) {
    if (config.envelope.admits(facts, delta).ok()) return true;
    const learn::DeltaBytes bytes = learn::encode(delta);
    if (std::find(kept_out.begin(), kept_out.end(), bytes) != kept_out.end()) return false;
    if (kept_out.full()) kept_out.erase(0);
    kept_out.push(bytes);
    note(Note::Kind::Contained, delta.publisher, delta.version.sequence,
         static_cast<std::uint32_t>(delta.facts.size()));
    return false;
}

bool Common::keep_facts(const learn::FactsDelta& delta) {
    const auto changed = learn::apply(delta, facts);
    if (!changed.ok() || !*changed) return false;
    (void)evidence.add(delta, facts);
    persist(static_cast<std::uint16_t>(records::kEvidence + evidence_slot_),
            learn::encode(delta).view());
    evidence_slot_ = static_cast<std::uint16_t>((evidence_slot_ + 1) % kEvidenceMax);
    return true;
}

std::uint64_t Common::said_digest() {
    if (config.known.empty() && kept_out.empty()) return facts.digest();
    trial_facts = facts;
    for (const learn::DeltaBytes& bytes : kept_out)
        (void)learn::apply(*learn::parse_delta(bytes.view()), trial_facts);
    std::uint16_t number = 0;
    for (const learn::Fact& fact : config.known)
        trial_facts.forget({fact, config.self, {config.publisher_era, ++number}});
    return trial_facts.digest();
}

void Common::query_facts() {
    profile::FactsQuery query;
    query.facts_digest = said_digest();
    for (const std::uint32_t id : evidence.ids(facts)) (void)query.have.try_push(id);
    for (const learn::DeltaBytes& bytes : kept_out)
        (void)query.have.try_push(learn::evidence_id(bytes.view()));
    job::Say one;
    one.message = query;
    one.traffic = air::TrafficClass::Housekeeping;
    one.replaces = true;
    say(one);
}

}  // namespace compot::node
