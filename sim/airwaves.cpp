// Between nodes, their radios and the ether: what is sent, who receives it, what onlookers see.
#include <algorithm>

#include "core/base/check.hpp"
#include "observe/notes.hpp"
#include "sim/simulation.hpp"

namespace compot::sim {

namespace {

/// Channel check of the firmware: two symbols and half a symbol of turnaround.
constexpr int kCheckSymbols = 2;
/// A channel check is planned for a unit and its boot: one number holds both.
constexpr std::size_t kIndexMask = 0xFFFF;

std::size_t check_subject(std::size_t index, std::uint32_t boots) {
    return index | std::size_t{boots & 0xFFFFU} << 16U;
}

std::uint64_t packet_key(NodeId from, PacketId id) {
    return std::uint64_t{from.value} << 32U | id.value;
}

}  // namespace

void Simulation::carry_out(std::size_t index, const node::Effect& effect) {
    if (const auto* wanted = std::get_if<node::Send>(&effect)) send(index, *wanted);
    if (const auto* wanted = std::get_if<node::Act>(&effect)) act(index, wanted->action);
    if (const auto* wanted = std::get_if<node::Run>(&effect)) run(index, *wanted);
    if (const auto* wanted = std::get_if<node::Note>(&effect)) note(index, *wanted);
    if (const auto* wanted = std::get_if<node::Persist>(&effect)) {
        auto& flash = units_[index].flash;
        if (wanted->value.empty()) {
            flash.erase(wanted->key);
        } else {
            flash[wanted->key].assign(wanted->value.begin(), wanted->value.end());
        }
    }
}

void Simulation::note(std::size_t index, const node::Note& note) {
    chronicle_.noted(units_[index].id(), note, now_);
    onlookers_.noted(units_[index], note, now_);
    if (note.kind != node::Note::Kind::Classified) return;
    const field::Thing* thing = field_.thing_at(learn::cell_at(static_cast<std::uint8_t>(note.a)));
    if (thing != nullptr) onlookers_.thing(*thing, now_);
}

void Simulation::send(std::size_t index, const node::Send& send) {
    Unit& unit = units_[index];
    const std::string kind = observe::kind_of(send);
    const auto price = air::price(settings_->modem, send.payload.size(), 1);
    COMPOT_CHECK(price.ok());
    chronicle_.sent(unit.id(), kind, *price, send, now_);
    packets_[packet_key(unit.id(), send.id)] = PacketFacts{kind, send.price, false};
    radio::Packet packet;
    packet.id = send.id;
    packet.hop_limit = send.hop_limit;
    packet.priority = static_cast<radio::Priority>(send.priority);
    packet.data.portnum = send.portnum;
    COMPOT_CHECK(packet.data.payload.assign(send.payload.view()));
    tell_radio(index, radio::Submit{packet});
}

Result<PacketId, Failure> Simulation::submit(NodeId node, radio::Packet packet) {
    const auto index = unit_of(node);
    if (!index) return Failure{"no such node"};
    if (!units_[*index].alive()) return Failure{units_[*index].plan.name + " is off"};
    if (units_[*index].radioless)
        return Failure{units_[*index].plan.name + " has its radio elsewhere"};
    if (packet.id.value == 0) packet.id = PacketId{ids_.next32() | 1U};
    packets_[packet_key(node, packet.id)] =
        PacketFacts{observe::kind_of_port(packet.data.portnum), Duration{}, false};
    tell_radio(*index, radio::Submit{packet});
    onlookers_.flush(units_, now_);
    return packet.id;
}

Result<void, Failure> Simulation::bring(NodeId node, BytesView frame) {
    const auto index = unit_of(node);
    if (!index) return Failure{"no such node"};
    tell_radio(*index, radio::Bridged{frame});
    onlookers_.flush(units_, now_);
    return {};
}

Result<void, Failure> Simulation::set_channels(NodeId node, std::vector<radio::Channel> channels) {
    const auto index = unit_of(node);
    if (!index) return Failure{"no such node"};
    if (channels.empty() || channels.size() > radio::kChannelsMax)
        return Failure{"a radio has one to eight channels"};
    Unit& unit = units_[*index];
    auto settings = std::make_shared<radio::Settings>(*settings_);
    settings->channels = std::move(channels);
    unit.settings = std::move(settings);
    if (unit.radio != nullptr) unit.radio->change_settings(unit.settings);
    return {};
}

void Simulation::carry_out(std::size_t index, const radio::Effect& effect) {
    if (std::holds_alternative<radio::CheckChannel>(effect)) check_channel(index);
    if (const auto* wanted = std::get_if<radio::Transmit>(&effect)) transmit(index, *wanted);
    if (const auto* wanted = std::get_if<radio::Deliver>(&effect)) deliver(index, wanted->packet);
    if (const auto* wanted = std::get_if<radio::Settled>(&effect); wanted != nullptr) {
        if (client_ != nullptr) client_->settled(units_[index].id(), *wanted);
    }
    if (const auto* queued = std::get_if<radio::Queued>(&effect);
        queued != nullptr && queued->error != mesh::RoutingError::NoError && client_ != nullptr) {
        const NodeId self = units_[index].id();
        client_->settled(self, {queued->id, self, queued->error});
    }
}

void Simulation::deliver(std::size_t index, const radio::Packet& packet) {
    const Unit& unit = units_[index];
    if (client_ != nullptr) client_->delivered(unit.id(), packet);
    if (packet.data.portnum != air::kPrivatePort || packet.channel != 0) return;
    node::Heard heard;
    heard.from = packet.from;
    heard.id = packet.id;
    heard.rssi_cdbm = packet.rssi_cdbm;
    heard.snr_cdb = packet.snr_cdb;
    heard.hops = static_cast<std::uint8_t>(
        packet.hop_start > packet.hop_limit ? packet.hop_start - packet.hop_limit : 0);
    // Nobody who is near has said what a broker brought, whatever its hops.
    if (packet.via_mqtt) heard.hops = std::max<std::uint8_t>(heard.hops, 1);
    heard.payload = packet.data.payload.view();
    tell_node(index, heard);
}

void Simulation::check_channel(std::size_t index) {
    const Unit& unit = units_[index];
    if (ether_->receiving(unit.station, now_)) {
        // Answered from the queue, not from within the radio's own call.
        push(now_, Kind::ReceptionSeen, check_subject(index, unit.boots));
        return;
    }
    push(now_ + air::symbol(settings_->modem) * kCheckSymbols, Kind::ChannelChecked,
         check_subject(index, unit.boots));
}

void Simulation::channel_checked(std::size_t subject, bool receiving) {
    const std::size_t index = subject & kIndexMask;
    const Unit& unit = units_[index];
    // The radio that asked may have been switched off since.
    if (!unit.alive() || subject != check_subject(index, unit.boots)) return;
    using State = radio::ChannelChecked::State;
    State state = ether_->carrier(unit.station, now_) ? State::Active : State::Free;
    if (receiving) state = State::Receiving;
    tell_radio(index, radio::ChannelChecked{state});
}

void Simulation::transmit(std::size_t index, const radio::Transmit& transmit) {
    Unit& unit = units_[index];
    (transmit.relayed ? unit.airtime_relayed : unit.airtime_own) += transmit.airtime;
    ++unit.frames;
    unit.battery.transmit(transmit.airtime);
    chronicle_.flew(false, transmit.airtime);
    for (Backhaul* backhaul : backhauls_)
        backhaul->sent(unit.id(), transmit.frame.view(), transmit.relayed);
    Flying flying;
    flying.unit = index;
    flying.boot = unit.boots;
    flying.transmitter = unit.id();
    flying.frame = transmit.frame;
    begin_flight(unit.station, flying);
}

void Simulation::begin_flight(ether::Station station, Flying flying) {
    const auto flight = ether_->begin(station, flying.frame.size(), now_);
    COMPOT_CHECK(flight.ok());
    flying.number = ++flights_begun_;
    transmitted_ = true;
    const Time end = ether_->end_of(*flight);
    const auto header = radio::decode_header(flying.frame.view());
    Duration price{};
    std::string kind = flying.unit ? "other" : "foreign";
    if (header) {
        const auto facts = packets_.find(packet_key(header->from, header->id));
        if (facts != packets_.end()) {
            kind = facts->second.kind;
            if (!facts->second.flown) price = facts->second.price;
            facts->second.flown = true;
        }
    }
    chronicle_.trace().add(static_cast<std::uint64_t>(to_us(now_)));
    chronicle_.trace().add(crypto::digest64(flying.frame.view()));
    if (tap_ != nullptr) tap_->frame(now_, flying.transmitter, flying.frame.view());
    announce(flying, end - now_, price, kind);
    flights_[*flight] = std::move(flying);
    push(end, Kind::FlightEnds, *flight);
}

void Simulation::announce(const Flying& flying, Duration airtime, Duration price,
                          const std::string& kind) {
    if (!onlookers_.any()) return;
    const auto header = radio::decode_header(flying.frame.view());
    observe::FlightStarted started;
    started.flight = flying.number;
    started.transmitter = flying.transmitter;
    started.from = header ? header->from : flying.transmitter;
    if (header) started.to = header->to;
    started.packet = header ? header->id : PacketId{};
    started.kind = kind;
    started.hop_limit = header ? header->hop_limit : std::uint8_t{0};
    started.bytes = static_cast<std::uint16_t>(flying.frame.size());
    started.airtime = airtime;
    started.price = price;
    onlookers_.each([&](observe::Sink& sink) { sink.flight_started(now_, started); });
}

observe::Fate Simulation::receive(std::size_t index, const ether::Arrival& arrival,
                                  const radio::Frame& frame, Duration airtime) {
    if (arrival.fate == observe::Fate::Collided) {
        tell_radio(index, radio::ReceptionFailed{airtime});
    }
    if (arrival.fate != observe::Fate::Decoded) return arrival.fate;
    radio::Received received;
    received.frame = frame.view();
    received.rssi_cdbm = arrival.rssi_cdbm;
    received.snr_cdb = arrival.snr_cdb;
    received.airtime = airtime;
    tell_radio(index, received);
    const radio::Verdict verdict =
        units_[index].alive() ? units_[index].radio->verdict() : radio::Verdict::None;
    const bool fresh = verdict == radio::Verdict::Fresh || verdict == radio::Verdict::Opaque;
    for (Backhaul* backhaul : backhauls_)
        if (fresh)
            backhaul->heard(units_[index].id(), frame.view(), arrival.rssi_cdbm, arrival.snr_cdb);
    const bool again = verdict == radio::Verdict::Duplicate;
    return again ? observe::Fate::Duplicate : observe::Fate::Decoded;
}

void Simulation::end_flight(ether::Flight flight) {
    const auto found = flights_.find(flight);
    COMPOT_CHECK(found != flights_.end());
    const Flying flying = std::move(found->second);
    flights_.erase(found);
    const auto airtime = air::airtime(settings_->modem, flying.frame.size());
    std::vector<ether::Arrival> arrivals;
    ether_->end(flight, arrivals);
    observe::FlightEnded ended;
    ended.flight = flying.number;
    // The sender's modem is free before anybody can answer.
    if (flying.unit && units_[*flying.unit].boots == flying.boot) {
        tell_radio(*flying.unit, radio::TransmitDone{});
    }
    for (const ether::Arrival& arrival : arrivals) {
        const auto receiver = unit_at_[arrival.receiver];
        if (!receiver) {
            const auto guest = guests_->at(arrival.receiver);
            if (guest && guest_listener_ != nullptr && arrival.fate == observe::Fate::Decoded)
                guest_listener_->heard(*guest, flying.frame.view(), arrival.rssi_cdbm,
                                       arrival.snr_cdb);
            continue;
        }
        const observe::Fate fate = receive(*receiver, arrival, flying.frame, *airtime);
        chronicle_.trace().add(std::uint64_t{arrival.receiver} << 32U |
                               static_cast<std::uint64_t>(fate));
        if (onlookers_.any()) {
            ended.receptions.push_back(
                {units_[*receiver].id(), fate, arrival.rssi_cdbm, arrival.snr_cdb});
        }
    }
    onlookers_.each([&](observe::Sink& sink) { sink.flight_ended(now_, ended); });
}

void Simulation::stranger_turn(std::size_t which) {
    const Strangers::Turn turn = strangers_->turn(which, *ether_, now_);
    push(turn.next, Kind::StrangerTurn, which);
    if (!turn.sends) return;
    Flying flying;
    flying.transmitter = Strangers::number(which);
    flying.frame = turn.frame;
    const auto airtime = air::airtime(settings_->modem, flying.frame.size());
    chronicle_.flew(true, *airtime);
    begin_flight(strangers_->station(which), flying);
}

Result<void, Failure> Simulation::guest_sends(std::size_t guest, NodeId transmitter,
                                              BytesView frame) {
    const Guests::Taken taken = guests_->submit(guest, frame);
    if (!taken.accepted) return Failure{"the antenna's queue is full, or it is no frame"};
    guest_numbers_[guest] = transmitter;
    if (taken.plan_turn) push(now_, Kind::GuestTurn, guest);
    return {};
}

void Simulation::guest_turn(std::size_t which) {
    const Guests::Turn turn = guests_->turn(which, *ether_, now_);
    if (turn.next) push(*turn.next, Kind::GuestTurn, which);
    if (!turn.frame) return;
    Flying flying;
    flying.transmitter = guest_numbers_[which];
    flying.frame = *turn.frame;
    const auto airtime = air::airtime(settings_->modem, flying.frame.size());
    chronicle_.flew(true, *airtime);
    begin_flight(guests_->station(which), flying);
}

ether::Station Simulation::add_outsider(const ether::Position& at) {
    ether::Antenna antenna;
    antenna.at = at;
    antenna.modem = settings_->modem;
    unit_at_.emplace_back(std::nullopt);
    return ether_->add(antenna);
}

Result<void, Failure> Simulation::transmit_raw(ether::Station outsider, BytesView frame) {
    Flying flying;
    if (!flying.frame.assign(frame) || frame.empty()) return Failure{"a frame has 1 to 255 bytes"};
    if (ether_->sending(outsider, now_)) return Failure{"this station is sending"};
    begin_flight(outsider, flying);
    return {};
}

}  // namespace compot::sim
