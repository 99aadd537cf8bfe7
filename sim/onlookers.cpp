#include "sim/onlookers.hpp"

#include <array>
#include <cstdio>
#include <tuple>

#include "core/base/result.hpp"

namespace compot::sim {

namespace {

using Kind = node::Note::Kind;

constexpr Duration kBetweenCards = 100ms;

observe::Mood mood_of(node::View::Mood mood) {
    using From = node::View::Mood;
    switch (mood) {
        case From::Idle: return observe::Mood::Idle;
        case From::Working: return observe::Mood::Working;
        case From::Streaming: return observe::Mood::Streaming;
        case From::Patrolling: return observe::Mood::Patrolling;
        case From::EnRoute: return observe::Mood::EnRoute;
        case From::Assisting: return observe::Mood::Assisting;
        case From::Resumed: return observe::Mood::Resumed;
        case From::Waiting: return observe::Mood::Waiting;
        case From::Blocked: return observe::Mood::Blocked;
    }
    return observe::Mood::Idle;
}

observe::NodeCard card_of(const Unit& unit, Time now) {
    observe::NodeCard card;
    card.id = unit.id();
    card.name = unit.plan.name;
    card.role = unit.plan.role == node::Role::Edge ? "compot" : "cat";
    card.alive = unit.alive();
    card.mood = observe::Mood::Off;
    card.at = unit.at;
    card.battery_permille = unit.battery.permille();
    card.airtime_used = unit.airtime_own + unit.airtime_relayed;
    if (!unit.alive()) return card;
    const node::View view = unit.node->look();
    card.mood = mood_of(view.mood);
    card.queue = static_cast<std::uint32_t>(unit.radio->queue_size());
    card.policy_digest = view.policy_digest;
    card.facts_digest = view.facts_digest;
    card.registry_digest = view.registry_digest;
    card.ledger_digest = view.ledger_digest;
    card.purse_balance = view.purse_balance;
    card.purse_capacity = view.purse_capacity;
    card.busy_permille = unit.radio->busy_permille(now);
    card.frames_dropped = view.frames_dropped;
    card.sites_left = view.sites_left;
    for (const auto& peer : view.peers) {
        // A node counts from its own boot.
        card.neighbours.push_back(
            {peer.id, peer.snr_cdb, peer.heard + unit.booted_at.time_since_epoch()});
    }
    return card;
}

bool same(const observe::NodeCard& a, const observe::NodeCard& b) {
    const auto fields = [](const observe::NodeCard& card) {
        return std::tie(card.alive, card.mood, card.at, card.battery_permille, card.queue,
                        card.policy_digest, card.facts_digest, card.registry_digest,
                        card.ledger_digest, card.airtime_used, card.busy_permille,
                        card.frames_dropped, card.sites_left);
    };
    if (fields(a) != fields(b) || a.neighbours.size() != b.neighbours.size()) return false;
    for (std::size_t i = 0; i < a.neighbours.size(); ++i) {
        const auto& x = a.neighbours[i];
        const auto& y = b.neighbours[i];
        if (x.id != y.id || x.snr_cdb != y.snr_cdb || x.heard != y.heard) return false;
    }
    return true;
}

std::string tile(std::uint32_t index) {
    const learn::Cell cell = learn::cell_at(static_cast<std::uint8_t>(index));
    return "[" + std::to_string(cell.x) + ", " + std::to_string(cell.y) + "]";
}

std::string classified(const node::Note& note) {
    const auto what = static_cast<learn::TileClass>((note.b >> 16U) & 3U);
    return std::string(learn::to_string(what)) + ", " + std::to_string((note.b & 0xFFFFU) / 10) +
           " %";
}

/// The word for a step of a job, or null for what is none.
const char* step_of(Kind kind) {
    switch (kind) {
        case Kind::Asked: return "asked";
        case Kind::OfferMade: return "offered";
        case Kind::OfferTaken: return "taken";
        case Kind::JobAccepted: return "accepted";
        case Kind::EnRoute: return "en route";
        case Kind::Photographed: return "photo";
        case Kind::Classified: return "classified";
        case Kind::FactsSigned: return "signed";
        case Kind::DeltaSent: return "delta";
        case Kind::DeltaApplied: return "applied";
        case Kind::DeltaRefused: return "refused";
        case Kind::Resumed: return "resumed";
        case Kind::JobEnded: return "ended";
        case Kind::GaveUp: return "gave up";
        default: return nullptr;
    }
}

bool names_its_job(Kind kind) {
    switch (kind) {
        case Kind::Asked:
        case Kind::OfferMade:
        case Kind::OfferTaken:
        case Kind::JobAccepted:
        case Kind::DeltaSent:
        case Kind::Resumed:
        case Kind::JobEnded:
        case Kind::GaveUp: return true;
        default: return false;
    }
}

std::string step_text(const node::Note& note) {
    switch (note.kind) {
        case Kind::Asked: return "attempt " + std::to_string(note.b);
        case Kind::OfferMade: return "in " + std::to_string(note.b) + " s";
        case Kind::EnRoute: return "towards " + tile(note.a);
        case Kind::Photographed: return "of " + tile(note.a);
        case Kind::Classified: return tile(note.a) + " is " + classified(note);
        case Kind::FactsSigned: return std::to_string(note.a) + (note.a == 1 ? " fact" : " facts");
        case Kind::DeltaSent:
        case Kind::DeltaApplied: return std::to_string(note.b) + " bytes";
        default: return "";
    }
}

/// The line of the log for what is not a step of a job.
std::string log_text(const node::Note& note) {
    const std::string a = std::to_string(note.a);
    switch (note.kind) {
        case Kind::Blocked: return "blocked before " + tile(note.a);
        case Kind::SiteDone:
            return "site " + tile(note.a) + " done, " + std::to_string(note.b) + " left";
        case Kind::MissionDone: return "mission done";
        case Kind::BufferHeld: return "holds " + a + " batches";
        case Kind::BufferReleased: return "releases " + a + " batches";
        case Kind::FrameDropped:
            return std::string("drops a frame: ") + to_string(static_cast<Error>(note.a & 0xFFU));
        case Kind::PurseShort: return "purse too short for " + std::to_string(note.b) + " ms";
        case Kind::PeerPlaced: return "knows a peer's boot " + a;
        case Kind::BatteryLow: return "battery at " + a + " %";
        default: return "";
    }
}

}  // namespace

void Onlookers::touch(std::size_t unit) {
    if (dirty_.size() <= unit) dirty_.resize(unit + 1);
    dirty_[unit] = true;
}

void Onlookers::show(std::size_t index, const Unit& unit, Time now) {
    Shown& shown = shown_[index];
    observe::NodeCard card = card_of(unit, now);
    if (!shown.ever || !same(shown.card, card)) {
        each([&](observe::Sink& sink) { sink.node(now, card); });
    }
    if (unit.alive() && (!shown.ever || shown.policy != card.policy_digest)) {
        const observe::PolicyMap map{unit.id(), unit.node->best_actions()};
        each([&](observe::Sink& sink) { sink.policy(now, map); });
        shown.policy = card.policy_digest;
    }
    shown.ever = true;
    shown.at = now;
    shown.card = std::move(card);
}

void Onlookers::flush(const std::vector<Unit>& units, Time now) {
    if (!any()) return;
    dirty_.resize(units.size());
    shown_.resize(units.size());
    for (std::size_t i = 0; i < units.size(); ++i) {
        if (!dirty_[i] || (shown_[i].ever && now - shown_[i].at < kBetweenCards)) continue;
        dirty_[i] = false;
        show(i, units[i], now);
    }
}

void Onlookers::show_all(const std::vector<Unit>& units, Time now) {
    shown_.assign(units.size(), Shown{});
    for (std::size_t i = 0; i < units.size(); ++i) show(i, units[i], now);
}

void Onlookers::noted(const Unit& unit, const node::Note& note, Time now) {
    const char* step = step_of(note.kind);
    if (names_its_job(note.kind)) jobs_[unit.id()] = {note.a, note.peer};
    if (note.kind == Kind::Classified) {
        labels_[static_cast<std::uint8_t>(note.a)] =
            static_cast<learn::TileClass>((note.b >> 16U) & 3U);
    }
    if (!any()) return;
    if (note.kind == Kind::LedgerAppended) {
        const observe::LedgerLine line{unit.id(), note.peer, static_cast<std::uint16_t>(note.a),
                                       "entry " + std::to_string(note.a)};
        each([&](observe::Sink& sink) { sink.ledger(now, line); });
        return;
    }
    if (step == nullptr) {
        log(unit.id(), log_text(note), now);
        return;
    }
    const auto& [nonce, other] = jobs_[unit.id()];
    const bool helps = unit.plan.role == node::Role::Edge;
    const observe::JobStep job{nonce, helps ? other : unit.id(), helps ? unit.id() : other, step,
                               step_text(note)};
    each([&](observe::Sink& sink) { sink.job(now, job); });
}

void Onlookers::thing(const field::Thing& thing, Time now) {
    if (!any()) return;
    const auto label = labels_.find(thing.at.index());
    const observe::Obstacle obstacle{thing.id, thing.at, thing.present,
                                     learn::to_string(thing.what),
                                     label != labels_.end() ? learn::to_string(label->second) : ""};
    each([&](observe::Sink& sink) { sink.obstacle(now, obstacle); });
}

void Onlookers::log(NodeId node, const std::string& text, Time now) {
    each([&](observe::Sink& sink) { sink.log(now, observe::LogLine{node, text}); });
}

}  // namespace compot::sim
