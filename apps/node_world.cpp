#include "apps/node_world.hpp"

#include <algorithm>
#include <random>
#include <utility>

#include "apps/signed_ledger.hpp"
#include "core/air/modem.hpp"
#include "core/ledger/entry.hpp"
#include "core/node/common.hpp"
#include "core/profile/frame.hpp"
#include "core/profile/message.hpp"
#include "observe/event_json.hpp"
#include "observe/registry.hpp"

namespace compot::apps {

namespace {

using Clock = std::chrono::steady_clock;

constexpr Duration kBusyEvery = 10s;
constexpr Duration kDecisionEvery = 1s;
constexpr Duration kBetweenCards = 100ms;
constexpr Duration kMinute = 60s;
/// An age of a fix that no frame can say: others take it for no place.
constexpr std::uint16_t kPlaceUnknown = 0xFFFF;
constexpr const char* kReal = "a real node can't be paused, stepped or changed from here";
/// Of a frame besides the payload: Meshtastic's header, port number, payload's tag and length, and
/// the bitfield that firmware adds.
constexpr std::size_t kFrameOverhead = 16 + 3 + 2 + 2;

/// In a Compotastic header: magic 2, version and flags 1, type.
constexpr std::size_t kTypeAt = 3;

std::size_t frame_bytes(const radio::Packet& packet) {
    return std::min(packet.data.payload.size() + kFrameOverhead, air::kFrameBytesMax);
}

std::string role_word(node::Role role) { return role == node::Role::Edge ? "compot" : "cat"; }

std::vector<observe::Peers::Member> others(const NodeTerms& terms) {
    std::vector<observe::Peers::Member> others;
    for (const node::Member& member : terms.config.members) {
        if (member.id == terms.config.self) continue;
        const auto name = terms.names.find(member.id);
        others.push_back({member.id,
                          name != terms.names.end() ? name->second : observe::node_name(member.id),
                          role_word(member.role)});
    }
    return others;
}

std::uint8_t relays(const radio::Packet& packet) {
    return static_cast<std::uint8_t>(
        packet.hop_start > packet.hop_limit ? packet.hop_start - packet.hop_limit : 0);
}

/// What has come through a broker or a network was not heard here: its level says nothing of how
/// far its sender is.
observe::Hearing hearing_of(const radio::Packet& packet, Time at) {
    using Way = observe::Hearing::Way;
    observe::Hearing hearing;
    hearing.at = at;
    const bool by_radio = packet.rssi_cdbm != 0 || packet.snr_cdb != 0;
    hearing.way = packet.via_mqtt ? Way::Mqtt : by_radio ? Way::Radio : Way::Network;
    hearing.hops = relays(packet);
    if (hearing.way != Way::Radio) return hearing;
    hearing.rssi_cdbm = packet.rssi_cdbm;
    hearing.snr_cdb = packet.snr_cdb;
    return hearing;
}

std::uint64_t entropy() {
    std::random_device device;
    return std::uint64_t{device()} << 32U | device();
}

}  // namespace

void AirMeter::add(Time at, Duration airtime) {
    minute_.emplace_back(at, airtime);
    sum_ += airtime;
}

std::uint16_t AirMeter::permille(Time now) {
    while (!minute_.empty() && minute_.front().first + kMinute < now) {
        sum_ -= minute_.front().second;
        minute_.pop_front();
    }
    return static_cast<std::uint16_t>(std::min<std::int64_t>(sum_ * 1000 / kMinute, 1000));
}

NodeWorld::NodeWorld(const NodeTerms& terms, store::Store& store, Outside& outside,
                     observe::Sink& sink)
    : terms_(terms),
      store_(store),
      outside_(outside),
      sink_(sink),
      began_(Clock::now()),
      node_(terms.config),
      peers_(others(terms)),
      busy_at_(kBusyEvery),
      decision_at_(kDecisionEvery) {
    body_.at = body_.fix = terms.at.value_or(learn::Cell{});
    if (!terms.at) body_.fix_age_s = kPlaceUnknown;
}

Result<std::unique_ptr<World>, std::string> NodeWorld::start(const NodeTerms& terms,
                                                             store::Store& store, Outside& outside,
                                                             observe::Sink& sink) {
    std::unique_ptr<NodeWorld> world(new NodeWorld(terms, store, outside, sink));
    const std::string problem = world->boot();
    if (!problem.empty()) return problem;
    return std::unique_ptr<World>(std::move(world));
}

std::string NodeWorld::boot() {
    const auto records = store_.records();
    if (!records) return records.error();
    for (const auto& [key, value] : *records) {
        if (key >= kScenes) {
            restore_scene(key, value);
            continue;
        }
        tell(node::Restored{key, value});
        const auto entry = key >= node::records::kLedger ? ledger::parse_entry(value)
                                                         : Result<ledger::Entry>(Error::Unknown);
        if (!entry) continue;
        node::Note note{node::Note::Kind::LedgerAppended, entry->author, entry->sequence, 0};
        observe::tell(sink_, now(), notes_.words(terms_.config.self, false, note));
    }
    tell(node::Booted{entropy()});
    booting_ = false;
    show_cards();
    return store_problem_;
}

observe::World NodeWorld::label() const {
    observe::World label;
    label.scenario = terms_.name;
    label.source = observe::Source::Node;
    return label;
}

Time NodeWorld::now() const {
    return Time{std::chrono::duration_cast<Duration>(Clock::now() - began_)};
}

Time NodeWorld::next_at() const {
    const Time decision = terms_.has_body ? kNever : decision_at_;
    const Time ended = ended_.empty() ? kNever : Time{};
    const Time beside = beside_ == nullptr ? kNever : beside_->wake_at();
    Time looks = kNever;
    for (const Look& look : looking_) looks = std::min(looks, look.until);
    return std::min({node_.wake_at(), busy_at_, decision, card_at_, ended, looks, beside});
}

void NodeWorld::step() {
    const Time at = now();
    if (!ended_.empty()) {
        node::RunEnded ended = ended_.front();
        const Bytes<3> output = outputs_.front();
        ended_.pop_front();
        outputs_.pop_front();
        ended.output = output.view();
        tell(ended);
    }
    end_looks(at);
    if (node_.wake_at() <= at) tell(node::Woke{});
    if (busy_at_ <= at) {
        busy_at_ = at + kBusyEvery;
        tell(node::ChannelBusy{air_.permille(at)});
    }
    if (!terms_.has_body && decision_at_ <= at) {
        decision_at_ = at + kDecisionEvery;
        tell(body_);
    }
    if (card_at_ <= at) show_cards();
    if (beside_ != nullptr && beside_->wake_at() <= at) beside_->wake(at);
}

bool NodeWorld::tell(const node::Event& event) {
    node::Effects effects;
    node_.handle(event, now(), effects);
    const bool kept = keep(effects);
    bool believed = true;
    for (const node::Effect& effect : effects) {
        const auto* note = std::get_if<node::Note>(&effect);
        if (note != nullptr && note->kind == node::Note::Kind::FrameDropped) believed = false;
        // A frame says what the records must hold after any crash.
        if (kept || !std::holds_alternative<node::Send>(effect)) carry_out(effect);
    }
    if (beside_ != nullptr) beside_->told(event, effects, now());
    card_at_ = std::min(card_at_, std::max(now(), card_told_ + kBetweenCards));
    return believed;
}

/// One transaction for all that one event leaves.
bool NodeWorld::keep(const node::Effects& effects) {
    std::vector<store::Record> records;
    for (const node::Effect& effect : effects) {
        const auto* persist = std::get_if<node::Persist>(&effect);
        if (persist == nullptr) continue;
        const BytesView value = persist->value.view();
        records.emplace_back(persist->key, std::vector<std::uint8_t>(value.begin(), value.end()));
    }
    if (records.empty()) return true;
    const auto kept = store_.keep(records);
    const bool failed_before = !store_problem_.empty();
    if (!kept && !failed_before && !booting_)
        outside_.complain(kept.error() + "; until it can be written, nothing is sent");
    if (kept && failed_before) outside_.complain("the node's records can be written again");
    store_problem_ = kept ? "" : kept.error();
    return kept.ok();
}

void NodeWorld::carry_out(const node::Effect& effect) {
    if (const auto* wanted = std::get_if<node::Send>(&effect)) send(*wanted);
    if (const auto* wanted = std::get_if<node::Act>(&effect)) outside_.act(wanted->action);
    if (const auto* wanted = std::get_if<node::Run>(&effect)) run(*wanted);
    if (const auto* note = std::get_if<node::Note>(&effect)) {
        const bool helps = terms_.config.role == node::Role::Edge;
        observe::tell(sink_, now(), notes_.words(terms_.config.self, helps, *note));
    }
}

void NodeWorld::send(const node::Send& send) {
    radio::Packet packet;
    packet.from = terms_.config.self;
    packet.id = send.id;
    packet.channel = terms_.channel;
    packet.hop_limit = send.hop_limit;
    packet.priority = static_cast<radio::Priority>(send.priority);
    packet.data.portnum = send.portnum;
    COMPOT_CHECK(packet.data.payload.assign(send.payload.view()));
    show_flight(packet, observe::kind_of(send), send.price);
    outside_.send(packet);
}

void NodeWorld::heard(const radio::Packet& packet) {
    const bool ours = packet.data.portnum == mesh::port::kPrivate &&
                      packet.channel == terms_.channel && !packet.pkc;
    if (packet.from == terms_.config.self) return;
    const BytesView payload = packet.data.payload.view();
    // What a frame says it is, whether or not it will be believed.
    const bool named = ours && payload.size() > kTypeAt;
    show_flight(packet,
                named ? profile::to_string(static_cast<profile::MessageType>(payload[kTypeAt]))
                      : observe::kind_of_port(packet.data.portnum),
                {});
    if (!ours) return;
    node::Heard heard;
    heard.from = packet.from;
    heard.id = packet.id;
    heard.payload = payload;
    const observe::Hearing hearing = hearing_of(packet, now());
    heard.hops = hearing.hops;
    heard.rssi_cdbm = hearing.rssi_cdbm.value_or(heard.rssi_cdbm);
    heard.snr_cdb = hearing.snr_cdb.value_or(heard.snr_cdb);
    // What did not come by radio was handed on at least once.
    if (hearing.way != observe::Hearing::Way::Radio)
        heard.hops = std::max<std::uint8_t>(heard.hops, 1);
    if (tell(heard)) meet(heard, hearing);
}

/// A frame that the node has taken, as its sender's card shows it. A beacon is taken from a peer
/// that has not proved yet to be more than a recording; all else only from one that has.
void NodeWorld::meet(const node::Heard& heard, observe::Hearing hearing) {
    const auto opened = profile::open(node_.keys(), heard.from, heard.id, heard.payload);
    if (!opened) return;  // between two others
    const bool beacon = std::holds_alternative<profile::Beacon>(opened->message);
    hearing.live = !beacon || node_.session().placed(heard.from);
    peers_.heard(heard.from, hearing, opened->message);
}

void NodeWorld::learn(const node::Learned& learned) { tell(learned); }

std::string NodeWorld::registries() const {
    return observe::records_json({{terms_.config.self, &node_.registry(), Time{}}});
}

void NodeWorld::felt(const node::Sensed& sensed) {
    body_ = sensed;
    felt_ = true;
    tell(sensed);
}

/// What the radio sends is a flight to nobody known; what it hears has flown already. Who relayed a
/// frame is not told to a radio's clients.
void NodeWorld::show_flight(const radio::Packet& packet, const std::string& kind, Duration price) {
    const auto airtime = air::airtime(terms_.config.modem, frame_bytes(packet));
    COMPOT_CHECK(airtime.ok());
    const Time at = now();
    air_.add(at, *airtime);
    const bool own = packet.from == terms_.config.self;
    if (own) airtime_sent_ += *airtime;
    observe::FlightStarted started;
    started.flight = ++flights_;
    started.transmitter = relays(packet) > 0 ? kNoNode : packet.from;
    started.from = packet.from;
    started.packet = packet.id;
    started.kind = kind;
    started.hop_limit = packet.hop_limit;
    started.bytes = static_cast<std::uint16_t>(frame_bytes(packet));
    started.airtime = *airtime;
    started.price = price;
    sink_.flight_started(at, started);
    observe::FlightEnded ended;
    ended.flight = started.flight;
    if (!own)
        ended.receptions.push_back(
            {terms_.config.self, observe::Fate::Decoded, packet.rssi_cdbm, packet.snr_cdb});
    sink_.flight_ended(at, ended);
}

void NodeWorld::show_cards() {
    const Time at = now();
    card_at_ = kNever;
    card_told_ = at;
    show_own(at);
    for (const observe::NodeCard& card : peers_.take_changed()) sink_.node(at, card);
}

/// What only a body or a radio could tell, and none has told, is not on it.
void NodeWorld::show_own(Time at) {
    observe::NodeCard card;
    card.id = terms_.config.self;
    card.name = terms_.name;
    card.role = role_word(terms_.config.role);
    card.alive = true;
    if (felt_) {
        card.at = body_.at;
        card.battery_permille = static_cast<std::uint16_t>(body_.battery_percent * 10);
    } else if (!terms_.has_body) {
        card.at = terms_.at;
    }
    card.airtime_used = airtime_sent_;
    card.busy_permille = air_.permille(at);
    observe::describe(node_.look(), Time{}, card);
    card.neighbours = peers_.neighbours();
    sink_.node(at, card);
    show_facts(at, card.digests->facts);
    if (card.digests->policy == policy_told_) return;
    policy_told_ = card.digests->policy;
    sink_.policy(at, observe::PolicyMap{card.id, node_.best_actions()});
}

/// What stands where, as far as the node's facts say. Where no fact speaks it does not know.
void NodeWorld::show_facts(Time at, std::uint64_t digest) {
    if (digest == facts_told_) return;
    facts_told_ = digest;
    for (std::size_t i = 0; i < learn::kCells; ++i) {
        const learn::Cell cell = learn::cell_at(static_cast<std::uint8_t>(i));
        const auto what = node_.facts().class_at(cell).value_or(learn::TileClass::Clear);
        if (what == std::exchange(standing_[i], what)) continue;
        const bool stands = what != learn::TileClass::Clear;
        sink_.obstacle(at, {static_cast<std::uint32_t>(i), cell, stands, "",
                            stands ? learn::to_string(what) : ""});
    }
}

std::string NodeWorld::refuses(web::Control::Do what) const {
    if (what != web::Control::Do::Cancel) return kReal;
    return terms_.config.duties.works ? "" : "only the node that asked can end a job";
}

std::string NodeWorld::control(const web::Control& control) {
    if (!node_.waits_for(control.nonce))
        return "this node does not wait for help with it: only who asked can end a job";
    tell(node::Withdrawn{control.nonce});
    return "";
}

std::string NodeWorld::signed_ledger() const {
    SignedLedger told(terms_.config);
    told.add(terms_.config.self, node_.ledger());
    return told.json();
}

Result<PacketId, std::string> NodeWorld::submit(NodeId, const radio::Packet&) {
    return std::string("a real node's radio has clients of its own");
}

std::string NodeWorld::act(NodeId, learn::Action) { return "a real node's body is not here"; }

}  // namespace compot::apps
