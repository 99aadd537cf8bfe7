#include "core/node/node.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "core/base/bytes.hpp"
#include "core/profile/codec.hpp"

namespace compot::node {

namespace {

/// Publisher of what everybody knows from enrolment: a number that Meshtastic never gives to a
/// node.
constexpr NodeId kEnrolment{1};
// Neighbours not heard for so long are not expected to relay.
constexpr Duration kNeighbourHolds = 10min;
constexpr std::uint8_t kRelaysMax = 3;

std::uint16_t capabilities_of(const Config& config) {
    unsigned bits = config.bench.capabilities;
    if (config.duties.classifies) bits |= registry::kCamera | registry::kSceneModel;
    if (config.duties.has_backhaul) bits |= registry::kBackhaul;
    if (config.duties.holds_batches_for != kNoNode) bits |= registry::kStorage;
    if (config.duties.patrols) bits |= registry::kMoves;
    return static_cast<std::uint16_t>(bits);
}

/// The job is over already: its request was late on the air.
bool has_outcome(const ledger::Ledger& ledger, NodeId author, std::uint32_t nonce) {
    for (std::size_t i = 0; i < ledger.size(); ++i) {
        if (ledger[i].author != author || ledger[i].kind != ledger::Kind::Outcome) continue;
        const auto outcome = ledger::read_outcome(ledger[i].body.view());
        if (outcome.ok() && outcome->nonce == nonce) return true;
    }
    return false;
}

}  // namespace

Node::Node(const Config& config)
    : config_(config),
      common_(config_),
      worker_(config_),
      rescuer_(config_),
      gossip_(config_),
      reporter_(config_) {
    for (const Member& member : config_.members) {
        if (member.id == config_.self) continue;
        COMPOT_CHECK(
            common_.keys.enrol(member.id, config_.exchange_secret, member.exchange_public));
    }
    std::uint16_t number = 0;
    for (const learn::Fact& fact : config_.facts) {
        (void)common_.facts.merge(kEnrolment, {1, ++number}, fact);
    }
    const learn::Envelope& envelope = config_.envelope;
    const bool bounded = envelope.device != kNoNode;
    if (bounded &&
        (envelope.device != config_.self || !learn::verify(envelope, config_.authority))) {
        config_.envelope.openable = 0;
    }
    number = 0;
    for (const learn::Fact& fact : config_.known) {
        (void)common_.facts.merge(config_.self, {config_.publisher_era, ++number}, fact);
    }
}

void Node::handle(const Event& event, Time now, Effects& out) {
    COMPOT_CHECK(out.empty());
    common_.now = now;
    common_.out = &out;
    if (const auto* record = std::get_if<Restored>(&event)) return restore(*record);
    if (const auto* booted = std::get_if<Booted>(&event)) boot(*booted);
    COMPOT_CHECK(booted_);
    if (const auto* heard = std::get_if<Heard>(&event)) hear(*heard);
    if (const auto* learned = std::get_if<Learned>(&event)) learn(*learned);
    if (const auto* sensed = std::get_if<Sensed>(&event)) sense(*sensed);
    if (const auto* ended = std::get_if<RunEnded>(&event)) rescuer_.run_ended(common_, *ended);
    if (const auto* shown = std::get_if<Shown>(&event)) rescuer_.show(common_, *shown);
    if (const auto* end = std::get_if<Withdrawn>(&event); end != nullptr && waits_for(end->nonce))
        worker_.withdraw(common_);
    if (const auto* busy = std::get_if<ChannelBusy>(&event)) {
        common_.outbox.purse().measured(busy->permille, now, common_.random);
    }
    wake();
    settle();
}

void Node::restore(const Restored& record) {
    ByteReader in{record.value};
    if (record.key == records::kEpoch) {
        last_epoch_ = in.u16();
    } else if (record.key >= records::kLedger) {
        const auto entry = ledger::parse_entry(record.value);
        if (entry.ok()) common_.ledger.restore(*entry);
    } else if (record.key >= records::kEvidence) {
        const auto delta = learn::parse_delta(record.value);
        if (delta.ok() && common_.admits(*delta) && learn::apply(*delta, common_.facts).ok())
            (void)common_.evidence.add(*delta, common_.facts);
    } else if (record.key >= records::kPeerFloor) {
        const NodeId peer{in.u32()};
        const std::uint16_t epoch = in.u16();
        if (in.finish().ok()) common_.session.restore_floor(peer, epoch);
    } else {
        worker_.restore(record.key, record.value);
    }
}

void Node::boot(const Booted& booted) {
    booted_ = true;
    common_.random = Random{booted.entropy, config_.self.value, 1};
    // Stops at one past the last usable epoch, in which the session gives no ids any more.
    const auto epoch = static_cast<std::uint16_t>(std::min(last_epoch_ + 1, 0x1000));
    std::array<std::uint8_t, 2> bytes{};
    ByteWriter writer{bytes};
    writer.u16(epoch);
    common_.persist(records::kEpoch, bytes);
    common_.session.boot(epoch, common_.random.next32() | 1U);

    registry::Record own;
    own.node = config_.self;
    // Counted over reboots by the epoch, with room for sixteen changes in each.
    own.version = static_cast<std::uint16_t>(epoch << 4U);
    own.role = static_cast<std::uint8_t>(config_.role);
    own.capabilities = capabilities_of(config_);
    own.models = config_.bench.models;
    own.battery_percent = common_.body.battery_percent;
    (void)common_.registry.merge(own, common_.now);

    worker_.boot(common_);
    gossip_.boot(common_);
    reporter_.boot(common_);
}

void Node::drop(const Heard& heard, Error error) {
    ++frames_dropped_;
    const auto type = profile::peek_type(heard.payload);
    common_.note(Note::Kind::FrameDropped, heard.from, static_cast<std::uint32_t>(error),
                 type.ok() ? static_cast<std::uint32_t>(*type) : 0);
}

void Node::remember_peer(const Heard& heard) {
    auto* found = std::find_if(peers_.begin(), peers_.end(),
                               [&](const View::Peer& peer) { return peer.id == heard.from; });
    if (found == peers_.end()) {
        if (!peers_.try_push({heard.from, heard.snr_cdb, common_.now})) return;
        found = &peers_.back();
    }
    found->heard = common_.now;
    if (heard.hops == 0) found->snr_cdb = heard.snr_cdb;
    common_.registry.heard(heard.from, common_.now, heard.hops);
}

void Node::hear(const Heard& heard) {
    common_.outbox.overheard(heard.payload.size(), common_.now);
    const auto opened = profile::open(common_.keys, heard.from, heard.id, heard.payload);
    if (!opened.ok()) {
        // Pairwise words between others are nothing wrong, only none of our business.
        if (opened.error() != Error::Refused) drop(heard, opened.error());
        return;
    }
    remember_peer(heard);
    if (const auto* beacon = std::get_if<profile::Beacon>(&opened->message)) {
        hear_beacon(heard, *beacon);
        return;
    }
    if (const auto* request = std::get_if<profile::AssistRequest>(&opened->message)) {
        if (common_.session.hear_echoes(heard.from, heard.id, request->echoes)) placed(heard.from);
    }
    const Status fresh = common_.session.accept(heard.from, heard.id, answers_us(opened->message));
    if (!fresh.ok()) {
        refuse(heard, fresh.error(), opened->message);
        return;
    }
    if (heard.hops == 0) rescuer_.heard_directly(heard.from, common_.body.at, heard.rssi_cdbm);
    dispatch(heard, opened->message);
}

void Node::learn(const Learned& learned) {
    using profile::MessageType;
    const auto what = static_cast<MessageType>(learned.what);
    if (what == MessageType::Facts) {
        hear_facts(learned.body);
        if (learned.from != kNoNode) repeat_facts(learned.body);
    }
    if (what == MessageType::LedgerEntry) hear_entry(learned.body);
    if (what == MessageType::Capability) {
        const auto record = registry::parse_record(learned.body);
        if (record.ok() && common_.member(record->node) != nullptr)
            (void)common_.registry.merge(*record, common_.now);
    }
    if (what != MessageType::AssistRequest || !is_edge()) return;
    const auto message = profile::decode_body(what, learned.body);
    if (message.ok() && common_.member(learned.from) != nullptr)
        rescuer_.hear(common_, learned.from, *std::get_if<profile::AssistRequest>(&*message));
}

/// Nobody here has heard them, and somebody waits for them.
void Node::repeat_facts(BytesView body) {
    job::Say say;
    profile::Facts message;
    if (!message.body.assign(body)) return;
    say.message = message;
    say.replaces = true;
    common_.say(say);
}

void Node::refuse(const Heard& heard, Error error, const profile::Message& message) {
    drop(heard, error);
    if (error != Error::NotReady) return;
    common_.session.seek(heard.from);
    const auto type = profile::type_of(message);
    const bool served_here = type == profile::MessageType::AssistRequest && is_edge();
    if (served_here || profile::key_class(type) == profile::KeyClass::Pairwise) {
        gossip_.hurry(common_);
    } else {
        gossip_.changed(common_);
    }
}

void Node::placed(NodeId peer) {
    const std::uint16_t epoch = common_.session.floor(peer);
    std::array<std::uint8_t, 6> bytes{};
    ByteWriter writer{bytes};
    writer.u32(peer.value);
    writer.u16(epoch);
    const auto* member = common_.member(peer);
    COMPOT_CHECK(member != nullptr);
    const auto place = static_cast<std::uint16_t>(member - config_.members.begin());
    common_.persist(static_cast<std::uint16_t>(records::kPeerFloor + place), bytes);
    common_.note(Note::Kind::PeerPlaced, peer, epoch);
}

void Node::hear_beacon(const Heard& heard, const profile::Beacon& beacon) {
    const auto verdict = common_.session.hear_beacon(heard.from, heard.id, beacon);
    if (!verdict.ok()) {
        drop(heard, verdict.error());
        return;
    }
    if (verdict->newly_placed) placed(heard.from);
    if (heard.hops == 0) rescuer_.heard_directly(heard.from, common_.body.at, heard.rssi_cdbm);
    gossip_.hear(common_, heard.from, beacon, *verdict);
    if (!verdict->owes_echo || !beacon.seeks_echo) return;
    // A challenge. Who has a job open with the challenger answers at once, the others with their
    // next beacon.
    const Member* challenger = common_.member(heard.from);
    const bool serves = challenger != nullptr && challenger->role == Role::Edge;
    if (serves && worker_.asker().state() == job::Asker::State::Asking) {
        worker_.challenged(common_);
    } else if (rescuer_.helper().serves(heard.from)) {
        gossip_.hurry(common_);
    }
}

void Node::dispatch(const Heard& heard, const profile::Message& message) {
    const NodeId from = heard.from;
    if (const auto* request = std::get_if<profile::AssistRequest>(&message)) {
        if (is_edge()) rescuer_.hear(common_, from, *request);
        if (from == config_.duties.holds_batches_for &&
            !has_outcome(common_.ledger, from, request->nonce)) {
            reporter_.hold(common_);
        }
    } else if (const auto* offer = std::get_if<profile::Offer>(&message)) {
        worker_.hear(common_, from, *offer);
    } else if (const auto* award = std::get_if<profile::Award>(&message)) {
        rescuer_.hear(common_, from, *award);
    } else if (const auto* progress = std::get_if<profile::Progress>(&message)) {
        worker_.hear(common_, from, *progress);
    } else if (const auto* result = std::get_if<profile::Result>(&message)) {
        worker_.hear(common_, from, *result);
    } else if (const auto* cancel = std::get_if<profile::Cancel>(&message)) {
        worker_.hear(common_, from, *cancel);
        rescuer_.hear(common_, from, *cancel);
    } else if (const auto* window = std::get_if<profile::Window>(&message)) {
        worker_.hear(common_, from, *window);
        rescuer_.hear(common_, from, *window);
    } else if (const auto* facts = std::get_if<profile::Facts>(&message)) {
        hear_facts(facts->body.view());
    } else if (const auto* query = std::get_if<profile::FactsQuery>(&message)) {
        gossip_.hear(common_, *query);
    } else if (const auto* ack = std::get_if<profile::SuccessAck>(&message)) {
        hear_entry(ack->entry.view());
    } else if (const auto* entry = std::get_if<profile::LedgerEntry>(&message)) {
        hear_entry(entry->entry.view());
    } else if (const auto* heads = std::get_if<profile::LedgerHeads>(&message)) {
        gossip_.hear(common_, *heads);
    } else if (const auto* telemetry = std::get_if<profile::Telemetry>(&message)) {
        reporter_.hear(common_, *telemetry, heard.hops == 0);
    } else if (const auto* capability = std::get_if<profile::Capability>(&message)) {
        gossip_.hear(common_, from, *capability);
    } else if (const auto* wanted = std::get_if<profile::CapabilityQuery>(&message)) {
        gossip_.hear(common_, *wanted);
    }
}

/// Does it echo the nonce that our open request drew in this boot? Then it is as live as can be.
bool Node::answers_us(const profile::Message& message) const {
    if (const auto* facts = std::get_if<profile::Facts>(&message)) {
        const auto delta = learn::parse_delta(facts->body.view());
        return delta.ok() && delta->to == config_.self && worker_.waits_afresh_for(delta->nonce);
    }
    if (const auto* offer = std::get_if<profile::Offer>(&message))
        return worker_.waits_afresh_for(offer->nonce);
    if (const auto* progress = std::get_if<profile::Progress>(&message))
        return worker_.waits_afresh_for(progress->nonce);
    if (const auto* result = std::get_if<profile::Result>(&message))
        return worker_.waits_afresh_for(result->nonce);
    return false;
}

void Node::hear_facts(BytesView body) {
    const auto delta = learn::parse_delta(body);
    if (!delta.ok()) return;
    gossip_.overheard_facts(learn::evidence_id(body));
    // The signature is what counts, not who repeated it.
    const Member* publisher = common_.member(delta->publisher);
    if (publisher == nullptr || !publisher->publishes_facts) return;
    if (delta->publisher == config_.self || !learn::verify(*delta, publisher->signing_public))
        return;
    if (worker_.take_answer(common_, *delta)) {
        gossip_.changed(common_);
    } else if (common_.admits(*delta) && common_.keep_facts(*delta)) {
        worker_.facts_changed(common_);
        gossip_.changed(common_);
    }
}

void Node::hear_entry(BytesView bytes) {
    const auto entry = ledger::parse_entry(bytes);
    if (!entry.ok()) return;
    gossip_.overheard_entry(entry->author, entry->sequence);
    const Member* author = common_.member(entry->author);
    if (author == nullptr) return;
    const auto merged = common_.ledger.merge(*entry, author->signing_public);
    if (!merged.ok()) return;
    if (*merged == ledger::Merged::ForkLost)
        gossip_.answer_entry(common_, entry->author, entry->sequence);
    if (*merged != ledger::Merged::Added && *merged != ledger::Merged::ForkWon) return;
    gossip_.changed(common_);
    // What waited for this entry has joined the chain with it.
    for (unsigned sequence = entry->sequence; sequence <= 0xFFFF; ++sequence) {
        const ledger::Entry* next =
            common_.ledger.at(entry->author, static_cast<std::uint16_t>(sequence));
        if (next == nullptr) break;
        take_entry(*next);
    }
}

void Node::take_entry(const ledger::Entry& entry) {
    common_.keep_entry(entry);
    if (entry.kind != ledger::Kind::Outcome) return;
    const auto outcome = ledger::read_outcome(entry.body.view());
    if (!outcome.ok()) return;
    rescuer_.outcome_seen(entry.author, outcome->nonce);
    if (entry.author == config_.duties.holds_batches_for) reporter_.release(common_);
}

void Node::sense(const Sensed& sensed) {
    common_.body = sensed;
    reporter_.sense(common_);
    if (is_edge()) {
        rescuer_.sense(common_);
    } else if (config_.duties.works) {
        worker_.sense(common_);
    } else {
        common_.act(learn::Action::Stay);
    }
}

void Node::wake() {
    if (config_.duties.works) worker_.wake(common_);
    if (is_edge()) rescuer_.wake(common_);
    gossip_.set_homing(common_, worker_.asker().state() == job::Asker::State::Awarded);
    gossip_.set_mood(static_cast<std::uint8_t>(mood()));
    gossip_.wake(common_);
    reporter_.wake(common_);
}

void Node::settle() {
    const auto heard_lately = std::count_if(
        peers_.begin(), peers_.end(),
        [this](const View::Peer& peer) { return common_.now - peer.heard < kNeighbourHolds; });
    common_.outbox.expect_relays(
        static_cast<std::uint8_t>(std::min<std::ptrdiff_t>(heard_lately, kRelaysMax)));
    common_.outbox.flush(common_.keys, common_.session, common_.now, *common_.out);
    wake_at_ = std::min({gossip_.wake_at(), reporter_.wake_at(), worker_.wake_at(),
                         rescuer_.wake_at(), common_.outbox.wake_at(common_.now)});
}

View::Mood Node::mood() const {
    if (is_edge()) {
        if (rescuer_.photographing()) return View::Mood::Assisting;
        if (rescuer_.helper().state() == job::Helper::State::Working) return View::Mood::EnRoute;
        return config_.duties.patrols ? View::Mood::Patrolling : View::Mood::Idle;
    }
    if (config_.duties.works) {
        switch (worker_.asker().state()) {
            case job::Asker::State::Asking: return View::Mood::Blocked;
            case job::Asker::State::Awarded: return View::Mood::Waiting;
            default: break;
        }
        if (worker_.resigned()) return View::Mood::Blocked;
        if (worker_.resumed_lately(common_.now)) return View::Mood::Resumed;
        return worker_.walker().mission().remaining != 0 && !worker_.exhausted()
                   ? View::Mood::Working
                   : View::Mood::Idle;
    }
    if (reporter_.holding()) return View::Mood::Waiting;
    return config_.duties.streams_telemetry ? View::Mood::Streaming : View::Mood::Idle;
}

View Node::look() const {
    View view;
    view.mood = mood();
    view.policy_digest = worker_.policy().digest();
    view.facts_digest = common_.facts.digest();
    view.registry_digest = common_.registry.digest();
    view.ledger_digest = common_.ledger.digest();
    view.airtime_originated = common_.outbox.purse().spent();
    view.purse_balance = common_.outbox.purse().balance();
    view.purse_capacity = common_.outbox.purse().capacity();
    view.frames_dropped = frames_dropped_;
    view.sites_left =
        static_cast<std::uint8_t>(std::popcount(worker_.walker().mission().remaining));
    view.ledger_entries = static_cast<std::uint16_t>(common_.ledger.size());
    view.peers = peers_;
    return view;
}

std::array<learn::Action, learn::kCells> Node::best_actions() const {
    std::array<learn::Action, learn::kCells> best{};
    for (std::size_t cell = 0; cell < best.size(); ++cell) {
        best[cell] = worker_.policy().best(learn::cell_at(static_cast<std::uint8_t>(cell)));
    }
    return best;
}

}  // namespace compot::node
