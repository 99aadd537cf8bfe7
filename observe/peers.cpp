#include "observe/peers.hpp"

#include <algorithm>
#include <variant>

#include "core/job/asker.hpp"
#include "core/ledger/entry.hpp"
#include "observe/notes.hpp"

namespace compot::observe {

namespace {

constexpr Duration kAgeUnit = 4s;
/// A fix that is older than the field can say has no age, and so is no place any more.
constexpr std::uint8_t kAgeUnknown = 0xFF;

constexpr auto kMoodMost = static_cast<std::uint8_t>(node::View::Mood::Blocked);

std::uint16_t permille(std::uint8_t percent) { return static_cast<std::uint16_t>(percent * 10); }

/// How a job ended is how its asker is now, as far as that follows.
std::optional<Mood> mood_after(job::Outcome outcome) {
    switch (outcome) {
        case job::Outcome::Resumed:
        case job::Outcome::NotNeeded: return Mood::Resumed;
        case job::Outcome::Contained:
        case job::Outcome::Withdrawn: return Mood::Blocked;
        case job::Outcome::NoWay:
        case job::Outcome::Battery: break;
    }
    return std::nullopt;
}

/// What a message says of its sender.
struct Says {
    NodeCard& card;

    void operator()(const profile::Beacon& beacon) const {
        place(beacon.fix, beacon.fix_age_4s);
        card.battery_permille = permille(beacon.battery_percent);
        if (beacon.state <= kMoodMost)
            card.mood = mood_of(static_cast<node::View::Mood>(beacon.state));
    }

    void operator()(const profile::AssistRequest& request) const {
        place(request.fix, request.fix_age_4s);
        card.battery_permille = permille(request.battery_percent);
        card.mood = Mood::Blocked;
    }

    /// We have offered, and it waits for us.
    void operator()(const profile::Award&) const { card.mood = Mood::Waiting; }

    void operator()(const profile::Progress& progress) const {
        const bool there = progress.stage == profile::Progress::Stage::Classifying;
        card.mood = there ? Mood::Assisting : Mood::EnRoute;
    }

    /// It helps no longer; what it does instead it has not said.
    void operator()(const profile::Result&) const { card.mood.reset(); }

    void operator()(const profile::SuccessAck& ack) const {
        const auto entry = ledger::parse_entry(ack.entry.view());
        if (!entry || entry->author != card.id || entry->kind != ledger::Kind::Outcome) return;
        const auto outcome = ledger::read_outcome(entry->body.view());
        if (outcome) card.mood = mood_after(static_cast<job::Outcome>(outcome->outcome));
    }

    /// Batches that were held back come when what they waited for is over.
    void operator()(const profile::Telemetry& telemetry) const {
        card.battery_permille = permille(telemetry.battery_percent);
        if (!card.mood || telemetry.held > 0) card.mood = Mood::Streaming;
    }

    template <typename Other>
    void operator()(const Other&) const {}

    void place(profile::CellIndex fix, std::uint8_t age_4s) const {
        card.at.reset();
        card.at_since.reset();
        if (age_4s == kAgeUnknown) return;
        card.at = learn::cell_at(fix);
        card.at_since = card.heard->at - age_4s * kAgeUnit;
    }
};

}  // namespace

Peers::Peers(const std::vector<Member>& others) {
    for (const Member& member : others) {
        Peer& peer = peers_.emplace_back();
        peer.card.id = member.id;
        peer.card.name = member.name;
        peer.card.role = member.role;
        peer.card.peer = true;
    }
}

void Peers::heard(NodeId from, const Hearing& hearing, const profile::Message& message) {
    const auto found = std::find_if(peers_.begin(), peers_.end(),
                                    [from](const Peer& peer) { return peer.card.id == from; });
    if (found == peers_.end()) return;
    found->changed = true;
    found->card.heard = hearing;
    if (hearing.direct() && hearing.snr_cdb)
        found->direct = Neighbour{from, *hearing.snr_cdb, hearing.at};
    if (hearing.live) std::visit(Says{found->card}, message);
}

std::vector<NodeCard> Peers::take_changed() {
    std::vector<NodeCard> cards;
    for (Peer& peer : peers_) {
        if (!peer.changed) continue;
        peer.changed = false;
        cards.push_back(peer.card);
    }
    return cards;
}

std::vector<Neighbour> Peers::neighbours() const {
    std::vector<Neighbour> all;
    for (const Peer& peer : peers_)
        if (peer.direct) all.push_back(*peer.direct);
    return all;
}

}  // namespace compot::observe
