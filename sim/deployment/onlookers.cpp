#include "sim/deployment/onlookers.hpp"

#include <algorithm>

#include "core/base/check.hpp"
#include "sim/deployment/report.hpp"

namespace compot::deployment {

namespace {

constexpr std::size_t kNeighboursShown = 8;
constexpr std::int32_t kMetreCm = 100;

std::size_t index_of(NodeId id) { return id.value - talk::Talk::id_of(0).value; }

}  // namespace

std::string port_name(std::uint32_t port) {
    namespace ports = compot::mesh::port;
    switch (port) {
        case 0: return "foreign";
        case ports::kText: return "text";
        case ports::kPosition: return "position";
        case ports::kNodeInfo: return "nodeinfo";
        case ports::kRouting: return "routing";
        case ports::kTelemetry: return "telemetry";
        default: return "port " + std::to_string(port);
    }
}

Onlookers::Onlookers(const std::vector<NodePlan>& nodes) : neighbours_(nodes.size()) {
    for (const NodePlan& node : nodes) titles_.push_back({node.name, role_name(node.role)});
}

void Onlookers::card(std::size_t node, const Now& now, Time at) {
    observe::NodeCard card;
    card.id = talk::Talk::id_of(node);
    card.name = titles_[node].name;
    card.role = titles_[node].role;
    card.alive = now.on;
    card.mood = now.on ? observe::Mood::Idle : observe::Mood::Off;
    card.place = observe::Place{now.at.x_cm / kMetreCm, now.at.y_cm / kMetreCm};
    card.battery_permille = now.charge_permille;
    card.energy = now.energy;
    card.queue = now.queue;
    card.airtime_used = now.airtime;
    card.busy_permille = now.busy_permille;
    card.neighbours = neighbours_[node];
    for (observe::Sink* sink : sinks_) sink->node(at, card);
}

void Onlookers::flight_began(const ether::Flight& flight, NodeId transmitter,
                             const radio::Transmit& sent, std::uint32_t port, Time at) {
    numbers_[flight] = flights_;
    const auto header = radio::decode_header(sent.frame.view());
    COMPOT_CHECK(header.ok());
    observe::FlightStarted started;
    started.flight = flights_++;
    started.transmitter = transmitter;
    started.from = header->from;
    started.to = header->to;
    started.packet = header->id;
    started.kind = port_name(port);
    started.hop_limit = header->hop_limit;
    started.bytes = static_cast<std::uint16_t>(sent.frame.size());
    started.airtime = sent.airtime;
    for (observe::Sink* sink : sinks_) sink->flight_started(at, started);
}

void Onlookers::flight_ended(const ether::Flight& flight, NodeId transmitter,
                             std::span<const talk::Heard> heard, Time at) {
    const auto number = numbers_.find(flight);
    if (number == numbers_.end()) return;  // it began before anybody listened
    observe::FlightEnded ended;
    ended.flight = number->second;
    numbers_.erase(number);
    for (const talk::Heard& one : heard) {
        const ether::Arrival& arrival = one.arrival;
        const bool again = one.verdict == radio::Verdict::Duplicate;
        ended.receptions.push_back({talk::Talk::id_of(arrival.receiver),
                                    again ? observe::Fate::Duplicate : arrival.fate,
                                    arrival.rssi_cdbm, arrival.snr_cdb});
        if (arrival.fate != observe::Fate::Decoded || arrival.receiver >= neighbours_.size() ||
            index_of(transmitter) >= neighbours_.size())
            continue;
        auto& known = neighbours_[arrival.receiver];
        std::erase_if(known, [&](const observe::Neighbour& n) { return n.id == transmitter; });
        known.push_back({transmitter, arrival.snr_cdb, at});
        std::sort(known.begin(), known.end(), [](const auto& a, const auto& b) {
            return a.snr_cdb != b.snr_cdb ? a.snr_cdb > b.snr_cdb : a.id < b.id;
        });
        if (known.size() > kNeighboursShown) known.pop_back();
    }
    for (observe::Sink* sink : sinks_) sink->flight_ended(at, ended);
}

void Onlookers::log(NodeId node, const std::string& text, Time at) {
    for (observe::Sink* sink : sinks_) sink->log(at, observe::LogLine{node, text});
}

}  // namespace compot::deployment
