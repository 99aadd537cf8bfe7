#include "observe/report/tally.hpp"

#include <algorithm>
#include <utility>

namespace compot::report {

namespace {

/// No radio repeats a packet this long after its last transmission.
constexpr Duration kPacketOver = std::chrono::minutes(10);
constexpr Duration kBetweenForgetting = std::chrono::minutes(1);
constexpr std::size_t kJobsMost = 1000;
constexpr std::size_t kStepsMost = 200;
constexpr std::size_t kStopsMost = 2000;

std::uint64_t key_of(NodeId from, PacketId packet) {
    return std::uint64_t{from.value} << 32U | packet.value;
}

/// 1 for what the origin sends itself.
std::uint8_t hop_of(std::uint8_t origin_limit, std::uint8_t limit) {
    return static_cast<std::uint8_t>(limit < origin_limit ? origin_limit - limit + 1 : 1);
}

bool got(observe::Fate fate) {
    return fate == observe::Fate::Decoded || fate == observe::Fate::Duplicate;
}

}  // namespace

Tally::Tally(observe::World world) { account_.world = std::move(world); }

/// Every happening passes here first.
void Tally::see(Time at) {
    if (!std::exchange(seen_, true)) account_.from = at;
    slots_.advance(at, account_.nodes);
    account_.until = std::max(account_.until, at);
    if (at >= forgot_ + kBetweenForgetting) forget_old(at);
}

Who Tally::who(NodeId id) {
    const auto [found, fresh] = places_.try_emplace(id, static_cast<Who>(account_.nodes.size()));
    if (fresh) {
        account_.nodes.emplace_back().id = id;
        around_.emplace_back();
    }
    return found->second;
}

void Tally::move(Time at, NodeAccount& node, const observe::Place& to) {
    const bool same = !node.path.empty() && node.place.x_m == to.x_m && node.place.y_m == to.y_m;
    if (same) return;
    ++changes_;
    node.place = to;
    if (node.path.size() == kStopsMost) {
        for (std::size_t i = 1; i < kStopsMost / 2; ++i) node.path[i] = node.path[2 * i];
        node.path.resize(kStopsMost / 2);
    }
    node.path.push_back({at, to});
}

void Tally::node(Time at, const observe::NodeCard& card) {
    see(at);
    const Who number = who(card.id);
    NodeAccount& node = account_.nodes[number];
    node.name = card.name;
    node.role = card.role;
    if (card.peer) return;  // what reaches a peer is not known: it has a name and no more
    const std::int32_t cell_m = static_cast<std::int32_t>(account_.world.cell_m);
    if (card.place || card.at)
        move(at, node,
             card.place ? *card.place : observe::Place{card.at->x * cell_m, card.at->y * cell_m});
    if (!std::exchange(node.ours, true)) {
        if (card.energy) node.energy_first_mj = card.energy->spent_mj;
        ++changes_;
    }
    const bool alive = card.alive.value_or(true);
    if (node.alive != alive) ++changes_;
    node.alive = alive;
    node.busy_now = card.busy_permille.value_or(0);
    node.busy_peak_permille = std::max(node.busy_peak_permille, node.busy_now);
    if (!node.battery_first_permille) node.battery_first_permille = card.battery_permille;
    if (card.battery_permille) node.battery_permille = card.battery_permille;
    if (card.energy) node.energy = card.energy;
    node.frames_dropped = std::max(node.frames_dropped, card.frames_dropped.value_or(0));
    if (!card.purse || card.purse->capacity == Duration{}) return;  // it has none, or is off
    node.purse_capacity = card.purse->capacity;
    node.purse_now = card.purse->balance;
    node.purse_lowest = std::min(node.purse_lowest.value_or(node.purse_now), node.purse_now);
    slots_.purse(number, node.purse_now);
}

void Tally::flight_started(Time at, const observe::FlightStarted& flight) {
    see(at);
    const Who transmitter = who(flight.transmitter);
    const Who from = who(flight.from);
    KindAccount& kind = account_.kinds[flight.kind];
    count(flight, transmitter, kind);
    const std::uint64_t key = key_of(flight.from, flight.packet);
    if (transmitter == from && account_.nodes[from].ours && open_.count(key) == 0)
        open(at, flight, from, kind);
    const auto found = open_.find(key);
    if (found != open_.end()) found->second.touched = at;
    flying_[flight.flight] = {transmitter, at, flight.airtime, flight.hop_limit, key};
}

void Tally::count(const observe::FlightStarted& flight, Who transmitter, KindAccount& kind) {
    const bool own = flight.transmitter == flight.from;
    NodeAccount& node = account_.nodes[transmitter];
    ++kind.transmissions;
    kind.airtime += flight.airtime;
    kind.price += flight.price;
    auto whose = Slots::Whose::Foreign;
    if (!node.ours) {
        ++account_.frames_foreign;
        account_.airtime_foreign += flight.airtime;
    } else {
        whose = own ? Slots::Whose::Own : Slots::Whose::Relayed;
        ++(own ? node.frames_own : node.frames_relayed);
        (own ? node.airtime_own : node.airtime_relayed) += flight.airtime;
        node.price += flight.price;
    }
    slots_.transmission(whose, transmitter, account_.until, account_.until + flight.airtime);
}

bool Tally::wanted(const observe::FlightStarted& flight, Who from, Who who) const {
    const NodeAccount& node = account_.nodes[who];
    if (!node.ours || !node.alive || who == from) return false;
    return flight.to == kBroadcast || flight.to == node.id;
}

void Tally::open(Time at, const observe::FlightStarted& flight, Who from, KindAccount& kind) {
    Open open;
    open.from = from;
    open.begun = at;
    open.hop_limit = flight.hop_limit;
    open.kind = &kind;
    open.missing.resize(account_.nodes.size());
    const bool relayable = flight.hop_limit > 0;
    kind.hop_limit = std::max(kind.hop_limit, flight.hop_limit);
    std::uint64_t pairs = 0;
    for (Who who = 0; who < account_.nodes.size(); ++who) {
        if (!wanted(flight, from, who)) continue;
        NodeAccount& node = account_.nodes[who];
        const std::size_t distance = distance_class(account_.nodes[from].place, node.place);
        open.missing[who] = static_cast<std::uint8_t>(1 + distance);
        ++pairs;
        if (!relayable) continue;
        ++node.wanted;
        ++account_.distances[distance].pairs;
    }
    ++kind.reach.packets;
    kind.reach.pairs += pairs;
    if (relayable) {
        for (Reach* reach : {&account_.reach, &account_.nodes[from].sent}) {
            ++reach->packets;
            reach->pairs += pairs;
        }
    }
    open.story = stories_.begin({from, flight.to, flight.packet, flight.kind, at, pairs, 0, {}});
    open_.emplace(key_of(flight.from, flight.packet), std::move(open));
}

void Tally::count_tries(Who transmitter) {
    Around& around = around_[transmitter];
    if (std::exchange(around.as_of, changes_) != changes_) {
        around.nodes.fill(0);
        for (Who who = 0; who < account_.nodes.size(); ++who) {
            const NodeAccount& node = account_.nodes[who];
            if (!node.ours || !node.alive || who == transmitter) continue;
            ++around.nodes[distance_class(account_.nodes[transmitter].place, node.place)];
        }
    }
    for (std::size_t i = 0; i < kDistanceClasses; ++i)
        account_.distances[i].tries += around.nodes[i];
}

void Tally::flight_ended(Time at, const observe::FlightEnded& flight) {
    see(at);
    const auto found = flying_.find(flight.flight);
    if (found == flying_.end()) return;  // it began before we were told anything
    const Flying flying = found->second;
    flying_.erase(found);
    const auto packet = open_.find(flying.packet);
    Open* const open = packet == open_.end() ? nullptr : &packet->second;
    Story* const story = open != nullptr && open->story ? stories_.find(*open->story) : nullptr;
    Story::Flight told{flight.flight, flying.transmitter, flying.begun, flying.airtime, 1, {}};
    if (open != nullptr) told.hop = hop_of(open->hop_limit, flying.hop_limit);
    const bool by_ours = account_.nodes[flying.transmitter].ours;
    if (by_ours) count_tries(flying.transmitter);
    for (const observe::Reception& heard : flight.receptions) {
        const Who number = who(heard.receiver);
        NodeAccount& node = account_.nodes[number];
        ++node.fates[static_cast<std::size_t>(heard.fate)];
        slots_.fate(heard.fate);
        if (story != nullptr)
            told.heard.push_back({number, heard.fate, heard.rssi_cdbm, heard.snr_cdb});
        if (!got(heard.fate)) continue;
        if (by_ours)
            ++account_
                  .distances[distance_class(account_.nodes[flying.transmitter].place, node.place)]
                  .heard;
        if (open != nullptr) take(at, flying, *open, heard);
    }
    if (story == nullptr) return;
    const std::size_t lines = 1 + told.heard.size();
    story->flights.push_back(std::move(told));
    stories_.grown(lines);
}

/// Somebody has decoded a packet that is being followed.
void Tally::take(Time at, const Flying& flying, Open& open, const observe::Reception& heard) {
    const Who number = who(heard.receiver);
    if (number >= open.missing.size() || open.missing[number] == 0) return;
    const std::size_t distance = std::exchange(open.missing[number], std::uint8_t{0}) - 1U;
    const Duration delay = at - open.begun;
    ++open.kind->reach.reached;
    open.kind->delays.add(delay);
    Story* const story = open.story ? stories_.find(*open.story) : nullptr;
    if (story != nullptr) ++story->reached;
    if (open.hop_limit == 0) return;
    ++account_.reach.reached;
    ++account_.nodes[open.from].sent.reached;
    ++account_.nodes[number].received;
    ++account_.distances[distance].reached;
    account_.delays.add(delay);
    HopAccount& hop = account_.hops[hop_of(open.hop_limit, flying.hop_limit)];
    ++hop.reached;
    hop.delays.add(delay);
}

void Tally::job(Time at, const observe::JobStep& step) {
    see(at);
    const auto [found, fresh] = jobs_.try_emplace(step.nonce, account_.jobs.size());
    if (fresh && account_.jobs.size() == kJobsMost) {
        jobs_.erase(found);
        return;
    }
    if (fresh) account_.jobs.push_back({step.nonce, step.asker, step.helper, {}});
    JobAccount& job = account_.jobs[found->second];
    if (step.helper != kNoNode) job.helper = step.helper;
    if (job.steps.size() < kStepsMost) job.steps.push_back({at, step.step, step.text});
}

void Tally::forget_old(Time now) {
    forgot_ = now;
    std::erase_if(open_, [now](const auto& one) { return one.second.touched + kPacketOver < now; });
    std::erase_if(flying_, [now](const auto& one) { return one.second.begun + kPacketOver < now; });
}

Account Tally::finish(Time until, const std::string& outcome, const std::string& reason,
                      bool whole) {
    see(std::max(until, account_.until));
    slots_.finish(account_.until, account_);
    stories_.finish(account_);
    account_.outcome = outcome;
    account_.reason = reason;
    account_.whole = whole;
    return std::move(account_);
}

}  // namespace compot::report
