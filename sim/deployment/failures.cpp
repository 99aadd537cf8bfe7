#include <algorithm>

#include "core/base/check.hpp"
#include "core/base/fixed_math.hpp"
#include "sim/deployment/world.hpp"

/// What takes nodes away and brings them back, and the strangers on their frequency.

namespace compot::deployment {

namespace {

constexpr std::uint64_t kStranger = 0x57A7;
/// From a reset to a radio that listens.
constexpr Duration kBootTime = 10s;
/// Of Data's fields around a payload: port, length and bitfield.
constexpr std::size_t kEnvelopeBytes = 6;
/// Strangers' packets are told from the mesh's own by their ids.
constexpr std::uint32_t kStrangersIds = 0x80000000;

}  // namespace

bool World::sleeps(const Node& node) const {
    const bool can =
        node.plan.role == radio::Role::Tracker || node.plan.role == radio::Role::Sensor;
    return can && deployment_.energy.awake > 0s;
}

void World::turn_off(std::size_t index, Meter::State state) {
    Node& node = nodes_[index];
    if (!node.asleep) {
        const radio::Counters& counters = talk_->radio(index).counters();
        node.before.queue_drops += counters.queue_drops;
        node.before.duty_drops += counters.duty_drops;
        node.before.relays_cancelled += counters.relays_cancelled;
        --powered_;
    }
    talk_->set_power(index, false);
    node.on = state == Meter::State::Asleep;
    node.asleep = node.on;
    node.meter.set(state, now_);
    topology_->set(index, false, topology_->relays(index));
    if (!node.on) ++report_.failures;
    touch(index);
}

void World::turn_on(std::size_t index) {
    Node& node = nodes_[index];
    talk_->set_power(index, true);
    node.on = true;
    node.asleep = false;
    node.back = kNever;
    node.meter.set(Meter::State::On, now_);
    topology_->set(index, true, topology_->relays(index));
    ++powered_;
    touch(index);
}

void World::plan_failure(std::size_t node) {
    const Duration mean = deployment_.churn.between_failures;
    if (mean > 0s) {
        push(now_ + Duration{exponential(nodes_[node].failing, mean.count())}, Kind::Fails, node);
    }
}

void World::fail(std::size_t node) {
    if (!nodes_[node].on) return plan_failure(node);
    log(node, "fails");
    turn_off(node, Meter::State::Off);
    return_later(node, Duration{exponential(nodes_[node].failing, deployment_.churn.off.count())});
    plan_failure(node);
}

void World::return_later(std::size_t node, Duration off) {
    nodes_[node].back = now_ + off;
    push(now_ + off, Kind::Returns, node);
}

void World::come_back(std::size_t node) {
    if (nodes_[node].on || nodes_[node].meter.empty(now_)) return;
    log(node, "is back");
    turn_on(node);
    if (sleeps(nodes_[node])) turn_off(node, Meter::State::Asleep);
}

void World::wake(std::size_t node) {
    turn_on(node);
    ++nodes_[node].naps;
    push(now_ + deployment_.energy.awake, Kind::FallsAsleep, node);
}

void World::fall_asleep(std::size_t node) {
    Node& it = nodes_[node];
    if (it.naps > 0) --it.naps;
    if (it.naps > 0 || !it.on || it.asleep) return;
    turn_off(node, Meter::State::Asleep);
}

void World::happen(std::size_t which) {
    const Happening& event = deployment_.happenings[which];
    std::vector<std::size_t> befalls;
    if (!event.node.empty()) {
        const auto named = std::find_if(nodes_.begin(), nodes_.end(), [&](const Node& node) {
            return node.plan.name == event.node;
        });
        befalls.push_back(static_cast<std::size_t>(named - nodes_.begin()));
    } else {
        // Of those whom it can befall.
        for (std::size_t i = 0; i < nodes_.size(); ++i)
            if (nodes_[i].on != (event.what == Happening::What::Revive)) befalls.push_back(i);
        for (std::size_t i = befalls.size(); i > 1; --i)
            std::swap(befalls[i - 1], befalls[chosen_.below(static_cast<std::uint32_t>(i))]);
        const std::size_t count = (nodes_.size() * event.permille + 500) / 1000;
        befalls.resize(std::min(befalls.size(), count));
    }
    for (const std::size_t node : befalls) {
        if (event.what == Happening::What::Revive) {
            come_back(node);
        } else if (nodes_[node].on) {
            const bool reboots = event.what == Happening::What::Reboot;
            log(node, reboots ? "reboots" : "is switched off");
            turn_off(node, Meter::State::Off);
            if (reboots) return_later(node, kBootTime);
        } else if (event.what == Happening::What::Drop) {
            nodes_[node].back = kNever;  // it stays off
        }
    }
}

Result<void, Failure> World::drop(NodeId id) {
    const std::size_t node = id.value - talk::Talk::id_of(0).value;
    if (node >= nodes_.size()) return Failure{"no such node"};
    if (!nodes_[node].on) return Failure{nodes_[node].plan.name + " is off already"};
    turn_off(node, Meter::State::Off);
    return {};
}

Result<void, Failure> World::revive(NodeId id) {
    const std::size_t node = id.value - talk::Talk::id_of(0).value;
    if (node >= nodes_.size()) return Failure{"no such node"};
    if (nodes_[node].on) return Failure{nodes_[node].plan.name + " is on already"};
    if (nodes_[node].meter.empty(now_))
        return Failure{"the battery of " + nodes_[node].plan.name + " is empty"};
    come_back(node);
    return {};
}

/// Other people's mesh: their radios have a channel of their own, at its last hop, so that nobody
/// relays what they say; they contend for the air as all do.
void World::add_strangers(const radio::Settings& ours) {
    const Foreign& foreign = deployment_.foreign;
    if (foreign.load_permille == 0) return;
    radio::Settings settings = ours;
    settings.channels = {radio::default_channel("Stranger")};
    settings.duty_cycle_permille = 1000;
    const auto theirs = std::make_shared<const radio::Settings>(settings);
    for (std::uint64_t i = 0; i < foreign.stations; ++i) {
        strangers_.emplace_back(options_.seed, i, kStranger);
        ether::Antenna antenna;
        antenna.at = {strangers_.back().between(0, deployment_.place.width_cm),
                      strangers_.back().between(0, deployment_.place.height_cm),
                      foreign.antenna_cm};
        antenna.power_cdbm = deployment_.common.power_cdbm;
        antenna.modem = ours.modem;
        talk_->add(antenna, radio::Role::ClientMute, theirs);
    }
}

Duration World::stranger_pause(std::size_t which) {
    const Foreign& foreign = deployment_.foreign;
    const std::size_t middle = (std::size_t{foreign.bytes_least} + foreign.bytes_most) / 2;
    const auto airtime = air::airtime(deployment_.modem(), middle);
    COMPOT_CHECK(airtime.ok());
    const std::int64_t mean = airtime->count() * foreign.stations * 1000 / foreign.load_permille;
    return Duration{std::max<std::int64_t>(exponential(strangers_[which], mean), 1)};
}

void World::stranger_speaks(std::size_t which) {
    const Foreign& foreign = deployment_.foreign;
    push(now_ + stranger_pause(which), Kind::StrangerSpeaks, which);
    const auto bytes = static_cast<std::size_t>(
        strangers_[which].between(foreign.bytes_least, foreign.bytes_most));
    radio::Packet packet;
    packet.id = PacketId{kStrangersIds | (strangers_[which].next32() >> 1U)};
    packet.hop_limit = 0;
    packet.data.portnum = compot::mesh::port::kText;
    while (packet.data.payload.size() + kEnvelopeBytes + air::kHeaderBytes < bytes)
        packet.data.payload.push('s');
    talk_->submit(nodes_.size() + which, packet);
}

}  // namespace compot::deployment
