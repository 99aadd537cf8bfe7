#include "observe/notes.hpp"

#include <string>

#include "core/base/result.hpp"
#include "core/job/asker.hpp"
#include "core/ledger/entry.hpp"
#include "core/profile/message.hpp"

namespace compot::observe {

namespace {

using Kind = node::Note::Kind;

std::string tile(std::uint32_t index) {
    const learn::Cell cell = learn::cell_at(static_cast<std::uint8_t>(index));
    return "[" + std::to_string(cell.x) + ", " + std::to_string(cell.y) + "]";
}

/// "DANGEROUS, 41 %"
std::string classified(const node::Note& note) {
    const auto what = static_cast<learn::TileClass>((note.b >> 16U) & 3U);
    return std::string(learn::to_string(what)) + ", " + std::to_string((note.b & 0xFFFFU) / 10) +
           " %";
}

/// A Cat that nobody helps knows no class at all.
std::string asked_about(const node::Note& note) {
    const bool seen = (note.b & 0xFFFFFFU) != 0;
    return tile(note.b >> 24U) + (seen ? ": " + classified(note) + "?" : "");
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
        case Kind::PersonAsked: return "person asked";
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
        case Kind::GaveUp:
        case Kind::PersonAsked: return true;
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
        case Kind::PersonAsked: return "by text, about " + asked_about(note);
        case Kind::DeltaSent:
        case Kind::DeltaApplied: return std::to_string(note.b) + " bytes";
        case Kind::JobEnded: return job::to_string(static_cast<job::Outcome>(note.b & 0xFFU));
        default: return "";
    }
}

std::string entry_text(std::uint32_t what) {
    switch (static_cast<ledger::Kind>(what & 0xFFU)) {
        case ledger::Kind::Joined: return "came up";
        case ledger::Kind::Helped: return "helped";
        case ledger::Kind::Checkpoint: return "checkpoint";
        case ledger::Kind::Outcome: break;
    }
    return std::string("outcome: ") + job::to_string(static_cast<job::Outcome>(what >> 8U & 0xFFU));
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
        case Kind::Contained: return "keeps out signed facts: beyond its safety envelope";
        case Kind::BatteryLow: return "battery at " + a + " %";
        default: return "";
    }
}

}  // namespace

Mood mood_of(node::View::Mood mood) {
    using From = node::View::Mood;
    switch (mood) {
        case From::Idle: return Mood::Idle;
        case From::Working: return Mood::Working;
        case From::Streaming: return Mood::Streaming;
        case From::Patrolling: return Mood::Patrolling;
        case From::EnRoute: return Mood::EnRoute;
        case From::Assisting: return Mood::Assisting;
        case From::Resumed: return Mood::Resumed;
        case From::Waiting: return Mood::Waiting;
        case From::Blocked: return Mood::Blocked;
    }
    return Mood::Idle;
}

Words Notes::words(NodeId self, bool helps, const node::Note& note) {
    if (names_its_job(note.kind)) jobs_[self] = {note.a, note.peer};
    if (note.kind == Kind::LedgerAppended)
        return LedgerLine{self, note.peer, static_cast<std::uint16_t>(note.a), entry_text(note.b)};
    const char* step = step_of(note.kind);
    if (step == nullptr) return LogLine{self, log_text(note)};
    const auto& [nonce, other] = jobs_[self];
    return JobStep{nonce, helps ? other : self, helps ? self : other, step, step_text(note)};
}

void tell(Sink& sink, Time at, const Words& words) {
    if (const auto* job = std::get_if<JobStep>(&words)) sink.job(at, *job);
    if (const auto* line = std::get_if<LedgerLine>(&words)) sink.ledger(at, *line);
    if (const auto* line = std::get_if<LogLine>(&words)) sink.log(at, *line);
}

std::string kind_of_port(std::uint32_t portnum) {
    return portnum == mesh::port::kText ? "text" : "port " + std::to_string(portnum);
}

std::string kind_of(const node::Send& send) {
    if (send.portnum != mesh::port::kPrivate) return kind_of_port(send.portnum);
    return profile::to_string(static_cast<profile::MessageType>(send.kind));
}

void describe(const node::View& view, Time booted, NodeCard& card) {
    card.mood = mood_of(view.mood);
    card.digests =
        Digests{view.policy_digest, view.facts_digest, view.registry_digest, view.ledger_digest};
    card.purse = Purse{view.purse_balance, view.purse_capacity};
    card.frames_dropped = view.frames_dropped;
    card.sites_left = view.sites_left;
    std::vector<Neighbour> neighbours;
    for (const auto& peer : view.peers)
        neighbours.push_back({peer.id, peer.snr_cdb, peer.heard + booted.time_since_epoch()});
    card.neighbours = std::move(neighbours);
}

}  // namespace compot::observe
