#include "sim/talk/talk.hpp"

#include <algorithm>
#include <utility>

#include "core/base/check.hpp"
#include "radio/growth.hpp"

namespace compot::talk {

namespace {

constexpr std::uint32_t kTextPort = 1;
constexpr std::uint32_t kFirstNumber =
    0x10000000;  // of nodes: below lie Meshtastic's reserved ones
constexpr int kCheckSymbols = 2;
/// So many receivers before its turn memory is asked for a radio, and then for its lists.
constexpr std::size_t kFar = 6;
constexpr std::size_t kSoon = 2;

std::size_t number_of(NodeId id) { return id.value - kFirstNumber; }

}  // namespace

Talk::Talk(radio::Settings settings, std::unique_ptr<ether::Ether> ether, std::uint64_t seed)
    : settings_(std::make_shared<const radio::Settings>(std::move(settings))),
      ether_(std::move(ether)),
      seed_(seed) {}

NodeId Talk::id_of(std::size_t who) {
    return NodeId{kFirstNumber + static_cast<std::uint32_t>(who)};
}

std::size_t Talk::add(const ether::Antenna& antenna, radio::Role role,
                      std::shared_ptr<const radio::Settings> settings) {
    const std::size_t who = voices_.size();
    radio::Identity identity;
    identity.self = id_of(who);
    identity.role = role;
    const Random random(seed_, identity.self.value, 1);
    radio::make_room(wakes_, 1);
    wakes_.push_back(kNever);
    radio::make_room(voices_, 1);
    voices_.push_back({radio::Radio(std::move(settings), identity, random, names_)});
    COMPOT_CHECK(ether_->add(antenna) == who);
    return who;
}

void Talk::set_power(std::size_t who, bool on) {
    Voice& voice = voices_[who];
    if (voice.on == on) return;
    voice.on = on;
    ether_->set_power(static_cast<ether::Station>(who), on, now_);
    wakes_[who] = kNever;
    voice.checks = kNever;
    if (!on) return;
    radio::Identity identity = voice.radio.identity();
    const Random random(seed_, identity.self.value, 1 + ++voice.boots);
    voice.radio = radio::Radio(voice.radio.settings(), identity, random, names_);
}

void Talk::say(std::size_t who, Time at, std::size_t bytes) {
    COMPOT_CHECK(at >= now_ && who < voices_.size() && bytes <= 200);
    said_.push_back({static_cast<std::uint32_t>(who), static_cast<std::uint16_t>(bytes), at});
    push(at, Kind::Says, said_.size() - 1);
}

void Talk::run_until(Time until) {
    while (next_at() <= until) step();
    now_ = std::max(now_, until);
}

void Talk::step() {
    const queue::Event event = queue_.pop();
    ++tally_.events;
    now_ = event.at;
    look_ahead_to_next();
    dispatch(event);
}

void Talk::set_now(Time now) {
    COMPOT_CHECK(now >= now_ && next_at() >= now);
    now_ = now;
}

void Talk::push(Time at, Kind kind, std::size_t subject) {
    queue_.push(at, static_cast<std::uint32_t>(kind), static_cast<std::uint32_t>(subject));
}

void Talk::dispatch(const queue::Event& event) {
    using State = radio::ChannelChecked::State;
    switch (static_cast<Kind>(event.kind)) {
        case Kind::Says: return say_now(event.subject);
        case Kind::Wakes:
            if (wakes_[event.subject] != now_) return;
            wakes_[event.subject] = kNever;
            return tell(event.subject, radio::Woke{});
        case Kind::Checked:
        case Kind::Seen:
            if (voices_[event.subject].checks != now_) return;
            voices_[event.subject].checks = kNever;
            if (static_cast<Kind>(event.kind) == Kind::Seen)
                return tell(event.subject, radio::ChannelChecked{State::Receiving});
            return tell(event.subject,
                        radio::ChannelChecked{ether_->carrier(event.subject, now_) ? State::Active
                                                                                   : State::Free});
        case Kind::FlightEnds: return end_flight(event.subject);
    }
}

void Talk::tell(std::size_t who, const radio::Event& event) {
    // The same room again and again; a witness may make somebody speak meanwhile.
    radio::Effects effects = std::move(effects_);
    effects.clear();
    Voice& voice = voices_[who];
    voice.radio.handle(event, now_, effects);
    for (const radio::Effect& effect : effects) carry_out(who, effect);
    effects_ = std::move(effects);
    Time due = voice.radio.wake_at();
    if (due != kNever) due = std::max(due, now_);
    if (due == wakes_[who]) return;
    wakes_[who] = due;
    if (due != kNever) push(due, Kind::Wakes, who);
}

void Talk::carry_out(std::size_t who, const radio::Effect& effect) {
    if (std::holds_alternative<radio::CheckChannel>(effect)) {
        // Even what is known at once is answered from the queue, not from within the radio's call.
        const bool seen = ether_->receiving(static_cast<ether::Station>(who), now_);
        const Time at = seen ? now_ : now_ + air::symbol(settings_->modem) * kCheckSymbols;
        voices_[who].checks = at;
        ether_->look_ahead_to_links(static_cast<ether::Station>(who));
        push(at, seen ? Kind::Seen : Kind::Checked, who);
    } else if (const auto* sent = std::get_if<radio::Transmit>(&effect)) {
        transmit(who, *sent);
    } else if (const auto* delivered = std::get_if<radio::Deliver>(&effect)) {
        if (number_of(delivered->packet.from) != who) ++tally_.useful;
        if (witness_ != nullptr) witness_->delivered(now_, who, delivered->packet);
    } else if (witness_ != nullptr) {
        if (const auto* settled = std::get_if<radio::Settled>(&effect))
            witness_->settled(now_, who, *settled);
        if (const auto* queued = std::get_if<radio::Queued>(&effect))
            witness_->queued(now_, who, *queued);
    }
}

void Talk::transmit(std::size_t who, const radio::Transmit& sent) {
    const auto flight = ether_->begin(static_cast<ether::Station>(who), sent.frame.size(), now_);
    COMPOT_CHECK(flight.ok());
    if (*flight == flights_.size()) {
        radio::make_room(flights_, 4);
        flights_.emplace_back();
    }
    flights_[*flight] = {static_cast<std::uint32_t>(who), voices_[who].boots, sent.frame};
    ++tally_.transmissions;
    tally_.air += sent.airtime;
    push(ether_->end_of(*flight), Kind::FlightEnds, *flight);
    if (witness_ != nullptr) witness_->flight_began(now_, who, *flight, sent);
}

void Talk::submit(std::size_t who, const radio::Packet& packet) {
    if (voices_[who].on) tell(who, radio::Submit{packet});
}

void Talk::say_now(std::size_t message) {
    const Said& said = said_[message];
    ++tally_.messages;
    radio::Packet packet;
    packet.id = PacketId{static_cast<std::uint32_t>(message + 1)};
    packet.hop_limit = settings_->hop_limit;
    packet.want_ack = true;
    packet.data.portnum = kTextPort;
    const std::vector<std::uint8_t> text(said.bytes, 'a');
    COMPOT_CHECK(packet.data.payload.assign(text));
    submit(said.who, packet);
}

void Talk::end_flight(ether::Flight flight) {
    const Flying flying = flights_[flight];
    const auto airtime = air::airtime(settings_->modem, flying.frame.size());
    COMPOT_CHECK(airtime.ok());
    arrivals_.clear();
    heard_.clear();
    ether_->end(flight, arrivals_);
    for (const ether::Arrival& arrival : arrivals_) {
        __builtin_prefetch(&voices_[arrival.receiver]);
        __builtin_prefetch(&wakes_[arrival.receiver], 1);
    }
    opened_ = open(flying);
    for (std::size_t i = 0; i < kFar; ++i) look_ahead(i, true);
    // The sender's modem is free before anybody can answer.
    const Voice& sender = voices_[flying.who];
    if (sender.on && sender.boots == flying.boots) tell(flying.who, radio::TransmitDone{});
    count_copies(flying);
    for (std::size_t i = 0; i < kSoon; ++i) look_ahead(i, false);
    for (std::size_t i = 0; i < arrivals_.size(); ++i) {
        look_ahead(i + kFar, true);
        look_ahead(i + kSoon, false);
        arrive(arrivals_[i], flying, *airtime);
    }
    if (witness_ != nullptr) witness_->flight_ended(now_, flying.who, flight, flying.frame, heard_);
}

std::optional<mesh::Data> Talk::open(const Flying& flying) const {
    if (voices_[flying.who].radio.settings()->encrypts) return std::nullopt;
    const auto header = radio::decode_header(flying.frame.view());
    // What is for one alone may have a tag behind it.
    if (!header.ok() || header->to != kBroadcast) return std::nullopt;
    const auto data = mesh::decode_data(flying.frame.view().subspan(radio::kHeaderBytes));
    return data.ok() ? std::optional<mesh::Data>(*data) : std::nullopt;
}

/// While this event is dealt with, memory can fetch whom the next one wakes.
void Talk::look_ahead_to_next() const {
    if (queue_.empty()) return;
    const queue::Event& next = queue_.next();
    switch (static_cast<Kind>(next.kind)) {
        case Kind::Wakes:
            if (wakes_[next.subject] == next.at) voices_[next.subject].radio.look_ahead(true);
            return;
        case Kind::Checked: return ether_->look_ahead_to_begin(next.subject);
        case Kind::FlightEnds: return ether_->look_ahead_to_end(next.subject);
        default: return;
    }
}

/// Of ten thousand radios none is in the cache: memory is asked for those whose turn comes soon.
void Talk::look_ahead(std::size_t arrival, bool far) const {
    if (arrival < arrivals_.size()) voices_[arrivals_[arrival].receiver].radio.look_ahead(far);
}

void Talk::count_copies(const Flying& flying) {
    const auto header = radio::decode_header(flying.frame.view());
    COMPOT_CHECK(header.ok());
    const std::size_t message = header->id.value - 1;
    if (message >= said_.size() || number_of(header->from) != said_[message].who) return;
    const auto copies = std::count_if(arrivals_.begin(), arrivals_.end(), [](const auto& each) {
        return each.fate == observe::Fate::Decoded;
    });
    tally_.delays.insert(tally_.delays.end(), static_cast<std::size_t>(copies),
                         now_ - said_[message].at);
}

void Talk::arrive(const ether::Arrival& arrival, const Flying& flying, Duration airtime) {
    const std::size_t who = arrival.receiver;
    if (arrival.fate == observe::Fate::Collided) tell(who, radio::ReceptionFailed{airtime});
    const bool decoded = arrival.fate == observe::Fate::Decoded;
    if (decoded) {
        const bool open = opened_.has_value() && !voices_[who].radio.settings()->encrypts;
        tell(who, radio::Received{flying.frame.view(), arrival.rssi_cdbm, arrival.snr_cdb, airtime,
                                  open ? &*opened_ : nullptr});
    }
    if (witness_ != nullptr)
        heard_.push_back({arrival, decoded ? voices_[who].radio.verdict() : radio::Verdict::None});
}

}  // namespace compot::talk
