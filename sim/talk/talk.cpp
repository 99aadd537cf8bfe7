#include "sim/talk/talk.hpp"

#include <algorithm>
#include <utility>

#include "core/base/check.hpp"

namespace compot::talk {

namespace {

constexpr std::uint32_t kTextPort = 1;
constexpr std::uint32_t kFirstNumber =
    0x10000000;  // of nodes: below lie Meshtastic's reserved ones
constexpr int kCheckSymbols = 2;

std::size_t number_of(NodeId id) { return id.value - kFirstNumber; }

}  // namespace

Talk::Talk(radio::Settings settings, std::unique_ptr<ether::Ether> ether, std::uint64_t seed)
    : settings_(std::make_shared<const radio::Settings>(std::move(settings))),
      ether_(std::move(ether)),
      seed_(seed) {}

std::size_t Talk::add(const ether::Antenna& antenna, radio::Role role) {
    const std::size_t who = voices_.size();
    radio::Identity identity;
    identity.self = NodeId{kFirstNumber + static_cast<std::uint32_t>(who)};
    identity.role = role;
    const Random random(seed_, identity.self.value, 1);
    voices_.push_back({radio::Radio(settings_, identity, random), kNever});
    COMPOT_CHECK(ether_->add(antenna) == who);
    return who;
}

void Talk::say(std::size_t who, Time at, std::size_t bytes) {
    COMPOT_CHECK(at >= now_ && who < voices_.size() && bytes <= 200);
    said_.push_back({static_cast<std::uint32_t>(who), static_cast<std::uint16_t>(bytes), at});
    push(at, Kind::Says, said_.size() - 1);
}

void Talk::run_until(Time until) {
    while (!queue_.empty() && queue_.next().at <= until) {
        const queue::Event event = queue_.pop();
        ++tally_.events;
        now_ = event.at;
        dispatch(event);
    }
    now_ = std::max(now_, until);
}

void Talk::push(Time at, Kind kind, std::size_t subject) {
    queue_.push(at, static_cast<std::uint32_t>(kind), static_cast<std::uint32_t>(subject));
}

void Talk::dispatch(const queue::Event& event) {
    using State = radio::ChannelChecked::State;
    switch (static_cast<Kind>(event.kind)) {
        case Kind::Says: return submit(event.subject);
        case Kind::Wakes:
            if (voices_[event.subject].wakes != now_) return;
            voices_[event.subject].wakes = kNever;
            return tell(event.subject, radio::Woke{});
        case Kind::Checked:
            return tell(event.subject,
                        radio::ChannelChecked{ether_->carrier(event.subject, now_) ? State::Active
                                                                                   : State::Free});
        case Kind::Seen: return tell(event.subject, radio::ChannelChecked{State::Receiving});
        case Kind::FlightEnds: return end_flight(event.subject);
    }
}

void Talk::tell(std::size_t who, const radio::Event& event) {
    radio::Effects effects;
    Voice& voice = voices_[who];
    voice.radio.handle(event, now_, effects);
    for (const radio::Effect& effect : effects) carry_out(who, effect);
    Time due = voice.radio.wake_at();
    if (due != kNever) due = std::max(due, now_);
    if (due == voice.wakes) return;
    voice.wakes = due;
    if (due != kNever) push(due, Kind::Wakes, who);
}

void Talk::carry_out(std::size_t who, const radio::Effect& effect) {
    if (std::holds_alternative<radio::CheckChannel>(effect)) {
        if (ether_->receiving(static_cast<ether::Station>(who), now_)) {
            // Answered from the queue, not from within the radio's own call.
            push(now_, Kind::Seen, who);
        } else {
            push(now_ + air::symbol(settings_->modem) * kCheckSymbols, Kind::Checked, who);
        }
    } else if (const auto* wanted = std::get_if<radio::Transmit>(&effect)) {
        const auto flight =
            ether_->begin(static_cast<ether::Station>(who), wanted->frame.size(), now_);
        COMPOT_CHECK(flight.ok());
        if (*flight >= flights_.size()) flights_.resize(*flight + 1);
        flights_[*flight] = {static_cast<std::uint32_t>(who), wanted->frame};
        ++tally_.transmissions;
        tally_.air += wanted->airtime;
        push(ether_->end_of(*flight), Kind::FlightEnds, *flight);
    } else if (const auto* delivered = std::get_if<radio::Deliver>(&effect)) {
        if (number_of(delivered->packet.from) != who) ++tally_.useful;
    }
}

void Talk::submit(std::size_t message) {
    const Said& said = said_[message];
    ++tally_.messages;
    radio::Packet packet;
    packet.id = PacketId{static_cast<std::uint32_t>(message + 1)};
    packet.hop_limit = settings_->hop_limit;
    packet.want_ack = true;
    packet.data.portnum = kTextPort;
    const std::vector<std::uint8_t> text(said.bytes, 'a');
    COMPOT_CHECK(packet.data.payload.assign(text));
    tell(said.who, radio::Submit{packet});
}

void Talk::end_flight(ether::Flight flight) {
    const Flying flying = flights_[flight];
    const auto airtime = air::airtime(settings_->modem, flying.frame.size());
    const auto header = radio::decode_header(flying.frame.view());
    COMPOT_CHECK(airtime.ok() && header.ok());
    arrivals_.clear();
    ether_->end(flight, arrivals_);
    // The sender's modem is free before anybody can answer.
    tell(flying.who, radio::TransmitDone{});
    for (const ether::Arrival& arrival : arrivals_) {
        if (arrival.fate == observe::Fate::Collided)
            tell(arrival.receiver, radio::ReceptionFailed{*airtime});
        if (arrival.fate != observe::Fate::Decoded) continue;
        const std::size_t message = header->id.value - 1;
        if (message < said_.size() && number_of(header->from) == said_[message].who)
            tally_.delays.push_back(now_ - said_[message].at);
        tell(arrival.receiver, radio::Received{flying.frame.view(), arrival.rssi_cdbm,
                                               arrival.snr_cdb, *airtime, nullptr});
    }
}

}  // namespace compot::talk
