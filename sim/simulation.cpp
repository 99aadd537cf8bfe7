// The loop: what happens next, who is told, and how a run ends.
#include "sim/simulation.hpp"

#include <algorithm>

#include "core/base/check.hpp"

namespace compot::sim {

namespace {

constexpr std::uint64_t kEntropy = 0xE217;
constexpr std::uint64_t kRadioDraws = 0x4AD1;
constexpr Duration kBusyEvery = 10s;

}  // namespace

void Simulation::push(Time at, Kind kind, std::size_t subject) {
    queue_.push(std::max(at, now_), static_cast<std::uint32_t>(kind),
                static_cast<std::uint32_t>(subject));
}

bool Simulation::step() {
    if (queue_.empty()) return false;
    const queue::Event event = queue_.pop();
    now_ = event.at;
    dispatch(event);
    onlookers_.flush(units_, now_);
    return true;
}

bool Simulation::step_to_next_transmission() {
    transmitted_ = false;
    while (!transmitted_) {
        if (!step()) return false;
    }
    return true;
}

void Simulation::run_until(Time until) {
    while (!queue_.empty() && queue_.next().at <= until) step();
    now_ = std::max(now_, until);
}

void Simulation::dispatch(const queue::Event& event) {
    const std::size_t subject = event.subject;
    switch (static_cast<Kind>(event.kind)) {
        case Kind::NodeWakes:
            if (units_[subject].node_wakes != now_) return;
            units_[subject].node_wakes = kNever;
            tell_node(subject, node::Woke{});
            return;
        case Kind::RadioWakes:
            if (units_[subject].radio_wakes != now_) return;
            units_[subject].radio_wakes = kNever;
            tell_radio(subject, radio::Woke{});
            return;
        case Kind::FlightEnds: end_flight(event.subject); return;
        case Kind::ChannelChecked: channel_checked(subject, false); return;
        case Kind::ReceptionSeen: channel_checked(subject, true); return;
        case Kind::Decision: decide(subject); return;
        case Kind::BusyReport:
            push(now_ + kBusyEvery, Kind::BusyReport, subject);
            if (units_[subject].alive()) report_busy(subject);
            return;
        case Kind::Pictured: pictured(subject); return;
        case Kind::StrangerTurn: stranger_turn(subject); return;
        case Kind::GuestTurn: guest_turn(subject); return;
        case Kind::Blockage: blockage_appears(); return;
        case Kind::Happening: happen(scenario_.happenings[subject]); return;
    }
}

void Simulation::report_busy(std::size_t index) {
    Unit& unit = units_[index];
    const std::uint16_t busy = unit.radio->busy_permille(now_);
    unit.busy_permille_sum += busy;
    ++unit.busy_reports;
    tell_node(index, node::ChannelBusy{busy});
}

Time Simulation::uptime(const Unit& unit) const { return Time{now_ - unit.booted_at}; }

void Simulation::boot(std::size_t index) {
    Unit& unit = units_[index];
    unit.booted_at = now_;
    ++unit.boots;
    unit.node = std::make_unique<node::Node>(unit.config);
    radio::Identity identity;
    identity.self = unit.id();
    identity.role = unit.plan.radio_role;
    // A router passes only the firmware's own ports unless its owner says otherwise; ours does.
    identity.rebroadcast = radio::RebroadcastMode::All;
    unit.radio = std::make_unique<radio::Radio>(
        unit.settings != nullptr ? unit.settings : settings_, identity,
        Random(options_.seed, unit.id().value, kRadioDraws + (std::uint64_t{unit.boots} << 32U)));
    ether_->set_power(unit.station, !unit.radioless, now_);
    unit.battery.set_on(true, now_);
    chronicle_.booted(unit.id(), now_);
    onlookers_.touch(index);
    for (const auto& [key, value] : unit.flash) tell_node(index, node::Restored{key, value});
    Random entropy(options_.seed, unit.id().value, kEntropy + unit.boots);
    tell_node(index, node::Booted{entropy.next64()});
}

void Simulation::shut_down(std::size_t index) {
    Unit& unit = units_[index];
    unit.battery.set_on(false, now_);
    ether_->set_power(unit.station, false, now_);
    unit.node.reset();
    unit.radio.reset();
    unit.node_wakes = kNever;
    unit.radio_wakes = kNever;
    onlookers_.touch(index);
}

void Simulation::tell_node(std::size_t index, const node::Event& event) {
    Unit& unit = units_[index];
    if (!unit.alive()) return;
    if (unit.external) {
        const auto* sensed = std::get_if<node::Sensed>(&event);
        if (sensed != nullptr && remote_ != nullptr) remote_->felt(unit.id(), *sensed);
        return;
    }
    node::Effects effects;
    unit.node->handle(event, uptime(unit), effects);
    for (const node::Effect& effect : effects) carry_out(index, effect);
    onlookers_.touch(index);
    replan(index);
    if (watcher_ != nullptr) watcher_->told(unit.id(), event, effects);
}

void Simulation::teach(NodeId node, const node::Learned& learned) {
    const auto index = unit_of(node);
    if (!index || units_[*index].external) return;
    tell_node(*index, learned);
    onlookers_.flush(units_, now_);
}

void Simulation::tell_radio(std::size_t index, const radio::Event& event) {
    Unit& unit = units_[index];
    if (!unit.alive()) return;
    radio::Effects effects;
    unit.radio->handle(event, now_, effects);
    for (const radio::Effect& effect : effects) carry_out(index, effect);
    onlookers_.touch(index);
    replan(index);
}

void Simulation::replan(std::size_t index) {
    Unit& unit = units_[index];
    if (!unit.alive()) return;
    const auto plan = [&](Time wanted, Time& planned, Kind kind) {
        if (wanted != kNever) wanted = std::max(wanted, now_);
        if (wanted == planned) return;
        planned = wanted;
        if (wanted != kNever) push(wanted, kind, index);
    };
    const Time node_due = unit.node->wake_at();
    plan(node_due == kNever ? kNever : node_due + unit.booted_at.time_since_epoch(),
         unit.node_wakes, Kind::NodeWakes);
    plan(unit.radio->wake_at(), unit.radio_wakes, Kind::RadioWakes);
}

std::optional<std::size_t> Simulation::unit_of(NodeId id) const {
    for (std::size_t i = 0; i < units_.size(); ++i) {
        if (units_[i].id() == id) return i;
    }
    return std::nullopt;
}

bool Simulation::ledgers_equal() const {
    std::optional<std::uint64_t> digest;
    for (const Unit& unit : units_) {
        if (!unit.alive()) continue;
        const std::uint64_t held = unit.node->look().ledger_digest;
        if (digest && *digest != held) return false;
        digest = held;
    }
    return true;
}

bool Simulation::all_done() const {
    if (!worker_ || !units_[*worker_].alive()) return false;
    const bool met = !scenario_.blockage.appears || chronicle_.worker_resumed();
    const bool worked = field_.sites_left() == 0 || chronicle_.mission_done();
    return met && worked && !chronicle_.worker_blocked() && chronicle_.buffers_released() &&
           ledgers_equal();
}

void Simulation::look_whether_finished() {
    if (!all_done()) {
        all_done_since_.reset();
        return;
    }
    if (!all_done_since_) all_done_since_ = now_;
    if (now_ - *all_done_since_ >= scenario_.settle) finished_ = true;
}

Report Simulation::report() const {
    Report report;
    report.scenario = scenario_.name;
    report.seed = options_.seed;
    report.ended = now_;
    report.obstacle = scenario_.blockage.appears ? learn::to_string(blocked_class_) : "";
    report.mission_done = field_.sites_left() == 0;
    report.ledgers_equal = ledgers_equal();
    const Unit* worker = worker_ ? &units_[*worker_] : nullptr;
    chronicle_.fill(report, worker != nullptr && worker->alive(),
                    worker != nullptr && worker->battery.empty());
    for (const Unit& unit : units_) {
        if (!unit.plan.present) continue;
        NodeReport node;
        node.name = unit.plan.name;
        node.alive = unit.alive();
        node.airtime = unit.airtime_own + unit.airtime_relayed;
        node.airtime_originated = unit.airtime_own;
        node.frames = unit.frames;
        node.energy_mj = unit.battery.spent_mj();
        node.purse_lowest = unit.purse_lowest;
        node.busy_permille = static_cast<std::uint16_t>(
            unit.busy_permille_sum / std::max<std::uint32_t>(1, unit.busy_reports));
        if (unit.alive()) {
            const node::View view = unit.node->look();
            node.ledger_digest = view.ledger_digest;
            node.ledger_entries = view.ledger_entries;
            node.frames_dropped = view.frames_dropped;
        }
        report.nodes.push_back(node);
    }
    return report;
}

void Simulation::add_sink(observe::Sink& sink) {
    onlookers_.add(sink);
    for (const field::Site& site : field_.sites()) sink.site(now_, {site.at, site.done});
    for (const field::Thing& thing : field_.things()) onlookers_.thing(thing, now_);
    onlookers_.show_all(units_, now_);
}

Result<void, Failure> Simulation::put(learn::Cell cell, learn::TileClass what) {
    const std::string place = std::to_string(cell.x) + "," + std::to_string(cell.y);
    if (what == learn::TileClass::Clear) return Failure{"CLEAR is no obstacle; remove one instead"};
    if (field_.site_at(cell)) return Failure{"a site is on tile " + place};
    for (const Unit& unit : units_) {
        if (unit.at == cell) return Failure{unit.plan.name + " is on tile " + place};
    }
    const auto id = field_.put(cell, what);
    if (!id) return Failure{"an obstacle is on tile " + place};
    onlookers_.thing(field_.things()[*id], now_);
    return {};
}

Result<void, Failure> Simulation::remove(learn::Cell cell) {
    const auto id = field_.remove(cell);
    if (!id) {
        return Failure{"no obstacle is on tile " + std::to_string(cell.x) + "," +
                       std::to_string(cell.y)};
    }
    onlookers_.thing(field_.things()[*id], now_);
    return {};
}

Result<void, Failure> Simulation::drop(NodeId node) {
    const auto index = unit_of(node);
    if (!index) return Failure{"no such node"};
    if (!units_[*index].alive()) return Failure{units_[*index].plan.name + " is off already"};
    shut_down(*index);
    onlookers_.flush(units_, now_);
    return {};
}

Result<void, Failure> Simulation::revive(NodeId node) {
    const auto index = unit_of(node);
    if (!index) return Failure{"no such node"};
    Unit& unit = units_[*index];
    if (unit.alive()) return Failure{unit.plan.name + " is on already"};
    if (unit.battery.empty()) return Failure{unit.plan.name + "'s battery is empty"};
    boot(*index);
    onlookers_.flush(units_, now_);
    return {};
}

}  // namespace compot::sim
