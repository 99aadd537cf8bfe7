#include <algorithm>

#include "core/base/check.hpp"
#include "sim/deployment/world.hpp"

/// What the radios did, counted while it happens, and the report that it makes.

namespace compot::deployment {

namespace {

/// A flight in the digest over the run: when, who, which packet, how far it may still go.
std::uint64_t mark_of(Time at, std::size_t who, const radio::Header& header) {
    return mix64(mix64(static_cast<std::uint64_t>(to_us(at))) ^ who) ^
           (std::uint64_t{header.id.value} << 8U | header.hop_limit);
}

}  // namespace

void World::flight_began(Time at, std::size_t who, ether::Flight flight,
                         const radio::Transmit& sent) {
    const auto header = radio::decode_header(sent.frame.view());
    COMPOT_CHECK(header.ok());
    trace_.add(mark_of(at, who, *header));
    if (tap_ != nullptr) tap_->frame(at, talk::Talk::id_of(who), sent.frame.view());
    const bool ours = who < nodes_.size();
    if (ours) {
        Node& node = nodes_[who];
        ++report_.transmissions;
        report_.air += sent.airtime;
        node.meter.sent(sent.airtime);
        node.air += sent.airtime;
        if (sent.relayed) {
            ++report_.relays;
            ++node.relayed;
            node.air_relayed += sent.airtime;
        } else {
            ++node.sent;
        }
        touch(who);
    } else {
        ++report_.foreign;
    }
    if (!onlookers_.any()) return;
    const std::uint32_t port = ours ? deliveries_.port_of(header->id.value) : 0;
    onlookers_.flight_began(flight, talk::Talk::id_of(who), sent,
                            ours && port == 0 ? compot::mesh::port::kRouting : port, at);
}

void World::flight_ended(Time at, std::size_t who, ether::Flight flight, const radio::Frame& frame,
                         std::span<const talk::Heard> heard) {
    Fates& fates = report_.fates;
    for (const talk::Heard& one : heard) {
        const std::size_t receiver = one.arrival.receiver;
        if (receiver >= nodes_.size()) continue;
        Node& node = nodes_[receiver];
        switch (one.arrival.fate) {
            case observe::Fate::Decoded:
            case observe::Fate::Duplicate:
                ++node.decoded;
                if (one.verdict == radio::Verdict::Fresh) {
                    ++fates.fresh;
                    if (receiver == gateway_) {
                        const auto header = radio::decode_header(frame.view());
                        deliveries_.at_gateway(header->id.value);
                    }
                } else if (one.verdict == radio::Verdict::Duplicate) {
                    ++fates.duplicate;
                } else {
                    ++fates.other;
                }
                break;
            case observe::Fate::Collided: ++fates.collided, ++node.lost; break;
            case observe::Fate::TooWeak: ++fates.too_weak, ++node.lost; break;
            case observe::Fate::Deaf: ++fates.deaf, ++node.lost; break;
            case observe::Fate::Off: ++fates.off; break;
        }
    }
    if (onlookers_.any()) onlookers_.flight_ended(flight, talk::Talk::id_of(who), heard, at);
}

void World::delivered(Time at, std::size_t who, const radio::Packet& packet) {
    const std::size_t origin = packet.from.value - talk::Talk::id_of(0).value;
    if (origin >= nodes_.size()) return;
    deliveries_.delivered(packet.id.value, static_cast<std::uint32_t>(origin),
                          static_cast<std::uint32_t>(who), at);
}

void World::settled(Time, std::size_t who, const radio::Settled& settled) {
    if (settled.error != compot::mesh::RoutingError::NoError) {
        deliveries_.given_up(settled.id.value);
    } else if (settled.by != talk::Talk::id_of(who)) {
        deliveries_.acknowledged(settled.id.value);
    }
}

void World::queued(Time, std::size_t, const radio::Queued&) {}

Report World::report() {
    Report out = report_;
    out.scenario = deployment_.name;
    out.seed = options_.seed;
    out.ended = now_;
    out.preset = std::string(air::name(deployment_.preset));
    out.frequency_khz = deployment_.air.frequency_khz;
    out.degree_hundredths = topology_->degree_hundredths();
    out.bin_cm = bin_cm_;
    out.gateway = nodes_[gateway_].plan.name;
    out.events += talk_->tally().events;
    out.all = deliveries_.all();
    out.kinds = deliveries_.kinds();
    out.rings = deliveries_.rings();
    out.ring_delays = deliveries_.ring_delays();
    out.bins = deliveries_.bins();
    out.delays = deliveries_.delays();
    out.direct = deliveries_.direct();
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        const Node& node = nodes_[i];
        radio::Counters counters;
        if (node.on && !node.asleep) counters = talk_->radio(i).counters();
        out.queue_drops += counters.queue_drops + node.before.queue_drops;
        out.duty_drops += counters.duty_drops + node.before.duty_drops;
        out.relays_cancelled += counters.relays_cancelled + node.before.relays_cancelled;
        NodeReport row;
        row.name = node.plan.name;
        row.role = role_name(node.plan.role);
        row.on = node.on;
        row.x_cm = node.at.x_cm;
        row.y_cm = node.at.y_cm;
        row.sent = node.sent;
        row.relayed = node.relayed;
        row.air = node.air;
        row.air_relayed = node.air_relayed;
        row.busy_permille = node.busy_samples == 0
                                ? std::uint16_t{0}
                                : static_cast<std::uint16_t>(node.busy_sum / node.busy_samples);
        row.busy_most_permille = node.busy_most;
        row.decoded = node.decoded;
        row.lost = node.lost;
        row.drawn_uah = node.meter.drawn_uah(now_);
        row.life = node.meter.life(now_);
        out.nodes.push_back(std::move(row));
    }
    out.trace = trace_.hex();
    return out;
}

}  // namespace compot::deployment
