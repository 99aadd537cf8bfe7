#pragma once

#include "core/base/random.hpp"
#include "core/base/time.hpp"
#include "core/learn/evidence.hpp"
#include "core/learn/facts.hpp"
#include "core/ledger/ledger.hpp"
#include "core/node/appeal.hpp"
#include "core/node/config.hpp"
#include "core/node/effect.hpp"
#include "core/node/event.hpp"
#include "core/node/outbox.hpp"
#include "core/profile/session.hpp"
#include "core/registry/registry.hpp"

/// What the parts of one node share: what it knows, and the ways to get something done. It decides
/// nothing; the parts (Worker, Rescuer, Gossip, Reporter) do.

namespace compot::node {

/// Keys of stored records. The high byte is the kind, so that a kind's records are found by range.
namespace records {
inline constexpr std::uint16_t kEpoch = 0x0001;      ///< our last boot epoch
inline constexpr std::uint16_t kMission = 0x0002;    ///< sites left and bonuses taken
inline constexpr std::uint16_t kOpenJob = 0x0003;    ///< nonce of the job that waits for help
inline constexpr std::uint16_t kPeerFloor = 0x0100;  ///< + place in the member list
inline constexpr std::uint16_t kEvidence = 0x0200;   ///< + number, a signed facts delta
inline constexpr std::uint16_t kLedger = 0x0300;     ///< + place, a signed ledger entry
}  // namespace records

struct Common {
    explicit Common(const Config& config);

    const Config& config;
    profile::Keyring keys;
    profile::Session session;
    Outbox outbox;
    Random random{0};

    learn::FactMap facts;
    learn::EvidenceStore evidence;
    /// Deltas that the envelope kept out, the newest last: known, so that nobody sends them again,
    /// and not acted on.
    FixedVector<learn::DeltaBytes, kKeptOutMax> kept_out;
    ledger::Ledger ledger;
    registry::Registry registry;
    Sensed body;            ///< what was felt last
    bool has_body = false;  ///< something was felt at all

    /// Room for a fact map that may yet be thrown away; nobody keeps anything in here.
    learn::FactMap trial_facts;

    // Of the event in hand.
    Time now{};
    Effects* out = nullptr;

    void say(const job::Say& say) { outbox.put(say, now, *out); }

    void say_all(const job::Says& says);

    /// False when the purse can't pay for it now: then nothing is said.
    [[nodiscard]] bool tell_people(const Appeal& text, air::TrafficClass traffic) {
        return outbox.tell_people(text.view(), traffic, session, now, *out);
    }

    void note(Note::Kind kind, NodeId peer = kNoNode, std::uint32_t a = 0, std::uint32_t b = 0);
    void persist(std::uint16_t key, BytesView value);
    void act(learn::Action action);

    [[nodiscard]] const Member* member(NodeId id) const;

    /// A ledger entry of our own: kept, stored and returned as its bytes.
    [[nodiscard]] ledger::EntryBytes write_ledger(ledger::Kind kind, const ledger::Body& body);
    /// Keeps a merged entry over power cuts and tells onlookers.
    void keep_entry(const ledger::Entry& entry);

    /// Does our safety envelope let a verified delta in? One that it does not is remembered as
    /// said.
    [[nodiscard]] bool admits(const learn::FactsDelta& delta);
    /// Merges a delta that is verified and admitted into the map and keeps its bytes. True if the
    /// map changed.
    bool keep_facts(const learn::FactsDelta& delta);

    /// Of what has been said on the air, by which nodes compare: without what a publisher knows and
    /// has not signed for anybody yet, with what our envelope kept out. Uses trial_facts.
    [[nodiscard]] std::uint64_t said_digest();

    [[nodiscard]] crypto::Key own_signing_public() const;

    /// "Send me the facts that I lack."
    void query_facts();

private:
    std::uint16_t ledger_slot_ = 0;
    std::uint16_t evidence_slot_ = 0;
};

}  // namespace compot::node
