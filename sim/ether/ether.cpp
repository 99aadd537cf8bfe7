#include "sim/ether/ether.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/base/check.hpp"
#include "core/base/fixed_math.hpp"
#include "core/base/random.hpp"

namespace compot::ether {

namespace {

constexpr std::uint64_t kShadowing = 0x5AD0;
constexpr std::uint64_t kAsymmetry = 0xA579;
constexpr std::uint64_t kSurvival = 0x5067;
constexpr std::int32_t kNotMeasured = std::numeric_limits<std::int32_t>::min();

/// What is this far below the noise neither disturbs nor is heard: 10 dB below SF12's least.
constexpr std::int32_t kAudibleCdb = -3000;
/// The firmware's channel check hears 3 dB below the decoder.
constexpr std::int32_t kCheckMarginCdb = 300;
/// What is further below the decoder than this is not worth a line in anybody's log.
constexpr std::int32_t kReportMarginCdb = 600;
/// A frame survives what ends before its last five preamble symbols. SOURCE: Bor et al. 2016.
constexpr int kLockSymbols = 5;
/// The SX126x reports no more, however near the sender is (the packet SNR of its status saturates
/// about here).
constexpr std::int32_t kSnrReportedMaxCdb = 1250;

std::uint64_t pair_key(Station a, Station b) { return static_cast<std::uint64_t>(a) << 32U | b; }

/// From here on a frame must be undisturbed.
Time needed_from(const air::Modem& modem, Time begin) {
    return begin + air::symbol(modem) * std::max(0, modem.preamble_symbols - kLockSymbols);
}

}  // namespace

Ether::Ether(Terms terms, std::unique_ptr<PathLoss> path_loss)
    : terms_(std::move(terms)), path_loss_(std::move(path_loss)) {}

Station Ether::add(const Antenna& antenna) {
    const auto station = static_cast<Station>(stations_.size());
    stations_.push_back(StationState{});
    stations_.back().antenna = antenna;
    relink(station);
    return station;
}

void Ether::move(Station station, const Position& to) {
    stations_[station].antenna.at = to;
    relink(station);
}

void Ether::set_loss(Station from, Station to, std::int32_t loss_cdb) {
    COMPOT_CHECK(from < stations_.size() && to < stations_.size());
    if (measured_.size() < stations_.size()) measured_.resize(stations_.size());
    auto& row = measured_[from];
    if (row.size() < stations_.size()) row.resize(stations_.size(), kNotMeasured);
    row[to] = loss_cdb;
    relink(from);
}

void Ether::set_power(Station station, bool on, Time now) {
    StationState& state = stations_[station];
    if (state.on == on) return;
    state.on = on;
    if (!on && state.sending_until > now) {
        FlightState& flight = flights_[state.sends];
        flight.cut = true;
        state.sending_until = now;
        for (const Station to : flight.receivers) {
            for (Signal& signal : stations_[to].signals) {
                if (signal.flight == state.sends) signal.end = now;
            }
        }
    }
    for (Signal& signal : state.signals) signal.off = true;
}

std::int32_t Ether::loss_between(Station from, Station to) const {
    if (from < measured_.size() && to < measured_[from].size() &&
        measured_[from][to] != kNotMeasured) {
        return measured_[from][to];
    }
    const Position& a = stations_[from].antenna.at;
    const Position& b = stations_[to].antenna.at;
    std::int32_t loss = path_loss_->loss_cdb(a, b);
    for (const Ridge& ridge : terms_.ridges) {
        if (crosses(ridge, a, b)) loss += ridge.loss_cdb;
    }
    if (terms_.shadowing_cdb > 0) {
        Random both(terms_.seed, pair_key(std::min(from, to), std::max(from, to)), kShadowing);
        loss += normal(both, terms_.shadowing_cdb);
    }
    if (terms_.asymmetry_cdb > 0) {
        Random one(terms_.seed, pair_key(from, to), kAsymmetry);
        loss += normal(one, terms_.asymmetry_cdb);
    }
    return loss;
}

std::int32_t Ether::level_cdbm(Station from, Station to) const {
    const Antenna& sender = stations_[from].antenna;
    return sender.power_cdbm + sender.gain_cdb + stations_[to].antenna.gain_cdb -
           loss_between(from, to);
}

std::int32_t Ether::snr_cdb(Station from, Station to) const {
    return level_cdbm(from, to) -
           noise_floor_cdbm(stations_[to].antenna.modem.bandwidth_hz, terms_.noise_figure_cdb);
}

void Ether::relink(Station station) {
    const auto link = [&](Station from, Station to) {
        auto& links = stations_[from].links;
        const auto place = std::lower_bound(links.begin(), links.end(), to,
                                            [](const Link& a, Station b) { return a.to < b; });
        const bool known = place != links.end() && place->to == to;
        const std::int32_t level = level_cdbm(from, to);
        const bool audible = snr_cdb(from, to) >= kAudibleCdb;
        if (known && audible) place->level_cdbm = level;
        if (known && !audible) links.erase(place);
        if (!known && audible) links.insert(place, Link{to, level});
    };
    for (Station other = 0; other < stations_.size(); ++other) {
        if (other == station) continue;
        link(station, other);
        link(other, station);
    }
}

Flight Ether::take_slot() {
    if (free_.empty()) {
        flights_.push_back(FlightState{});
        return static_cast<Flight>(flights_.size() - 1);
    }
    const Flight slot = free_.back();
    free_.pop_back();
    return slot;
}

Result<Flight> Ether::begin(Station from, std::size_t frame_bytes, Time now) {
    StationState& sender = stations_[from];
    if (!sender.on || sender.sending_until > now) return Error::Refused;
    const auto airtime = air::airtime(sender.antenna.modem, frame_bytes);
    if (!airtime) return airtime.error();
    const Flight slot = take_slot();
    FlightState& flight = flights_[slot];
    flight.from = from;
    flight.frame_bytes = frame_bytes;
    flight.begin = now;
    flight.end = now + *airtime;
    flight.number = flights_begun_++;
    flight.cut = false;
    flight.receivers.clear();
    sender.sending_until = flight.end;
    sender.sends = slot;
    for (Signal& signal : sender.signals) {
        if (signal.end > now) signal.deaf = true;
    }
    for (const Link& link : sender.links) {
        StationState& receiver = stations_[link.to];
        Signal signal;
        signal.flight = slot;
        signal.begin = now;
        signal.end = flight.end;
        signal.level_cdbm = link.level_cdbm;
        signal.spreading_factor = sender.antenna.modem.spreading_factor;
        signal.same_modem =
            receiver.antenna.modem.bandwidth_hz == sender.antenna.modem.bandwidth_hz &&
            receiver.antenna.modem.spreading_factor == signal.spreading_factor;
        signal.off = !receiver.on;
        signal.deaf = receiver.sending_until > needed_from(receiver.antenna.modem, now);
        arrive(receiver, signal, now);
        flight.receivers.push_back(link.to);
    }
    return slot;
}

bool Ether::harmed(const StationState& receiver, const Signal& wanted, const Signal* extra,
                   Time from) const {
    std::int32_t rivals_cdbm = std::numeric_limits<std::int32_t>::min();
    const auto hurts = [&](const Signal& other) {
        if (&other == &wanted || other.end <= from) return false;
        if (other.spreading_factor == wanted.spreading_factor) {
            rivals_cdbm = rivals_cdbm == std::numeric_limits<std::int32_t>::min()
                              ? other.level_cdbm
                              : sum_of_powers_cdb(rivals_cdbm, other.level_cdbm);
            return false;
        }
        return wanted.level_cdbm - other.level_cdbm <
               capture_cdb(terms_.capture, wanted.spreading_factor, other.spreading_factor);
    };
    bool hurt = extra != nullptr && hurts(*extra);
    for (const Signal& other : receiver.signals) hurt = hurts(other) || hurt;
    if (rivals_cdbm == std::numeric_limits<std::int32_t>::min()) return hurt;
    return hurt ||
           wanted.level_cdbm - rivals_cdbm <
               capture_cdb(terms_.capture, wanted.spreading_factor, wanted.spreading_factor);
}

bool Ether::locked(const StationState& receiver, const Signal& signal, Time now) const {
    const air::Modem& modem = receiver.antenna.modem;
    const std::int32_t noise = noise_floor_cdbm(modem.bandwidth_hz, terms_.noise_figure_cdb);
    return signal.same_modem && !signal.collided && !signal.deaf && !signal.off &&
           signal.end > now && signal.begin + air::symbol(modem) * kLockSymbols <= now &&
           signal.level_cdbm - noise >= snr_least_cdb(signal.spreading_factor);
}

void Ether::arrive(StationState& receiver, Signal signal, Time now) {
    const Time from = needed_from(receiver.antenna.modem, now);
    for (const Signal& other : receiver.signals) {
        // One demodulator: while it follows an earlier frame, a later one is noise to it.
        if (other.end > from && locked(receiver, other, now)) signal.collided = true;
    }
    if (harmed(receiver, signal, nullptr, from)) signal.collided = true;
    for (Signal& other : receiver.signals) {
        if (other.end > now && harmed(receiver, other, &signal, now)) other.collided = true;
    }
    receiver.signals.push_back(signal);
}

Time Ether::end_of(Flight flight) const { return flights_[flight].end; }

Arrival Ether::judge(Station to, const Signal& signal, const FlightState& flight) const {
    const StationState& receiver = stations_[to];
    const std::int32_t noise =
        noise_floor_cdbm(receiver.antenna.modem.bandwidth_hz, terms_.noise_figure_cdb);
    const std::int32_t snr = signal.level_cdbm - noise;
    Arrival arrival;
    arrival.receiver = to;
    arrival.rssi_cdbm =
        static_cast<std::int16_t>(std::clamp<std::int32_t>(signal.level_cdbm, -20000, 0));
    arrival.snr_cdb = static_cast<std::int16_t>(std::min(snr, kSnrReportedMaxCdb));
    Random random(terms_.seed, pair_key(flight.from, to) ^ mix64(flight.number), kSurvival);
    const std::uint32_t survival = survival_q16(signal.spreading_factor, flight.frame_bytes, snr);
    const bool noise_spares = (random.next32() >> 16U) < survival;
    const bool loss_spares = !random.chance(terms_.loss_millionths);
    if (signal.off) {
        arrival.fate = observe::Fate::Off;
    } else if (signal.deaf) {
        arrival.fate = observe::Fate::Deaf;
    } else if (survival > 0 && signal.collided) {
        arrival.fate = observe::Fate::Collided;
    } else if (flight.cut || !noise_spares || !loss_spares) {
        arrival.fate = observe::Fate::TooWeak;
    }
    return arrival;
}

void Ether::end(Flight flight, std::vector<Arrival>& out) {
    FlightState& state = flights_[flight];
    out.clear();
    for (const Station to : state.receivers) {
        auto& signals = stations_[to].signals;
        const auto signal = std::find_if(signals.begin(), signals.end(),
                                         [&](const Signal& s) { return s.flight == flight; });
        COMPOT_CHECK(signal != signals.end());
        const Arrival arrival = judge(to, *signal, state);
        const std::int32_t least = snr_least_cdb(signal->spreading_factor) - kReportMarginCdb;
        if (signal->same_modem && arrival.snr_cdb >= least) out.push_back(arrival);
        *signal = signals.back();
        signals.pop_back();
    }
    free_.push_back(flight);
}

bool Ether::carrier(Station station, Time now) const {
    const StationState& state = stations_[station];
    const air::Modem& modem = state.antenna.modem;
    const std::int32_t noise = noise_floor_cdbm(modem.bandwidth_hz, terms_.noise_figure_cdb);
    return std::any_of(state.signals.begin(), state.signals.end(), [&](const Signal& signal) {
        return signal.same_modem && signal.end > now && signal.begin + air::symbol(modem) <= now &&
               signal.level_cdbm - noise >=
                   snr_least_cdb(signal.spreading_factor) - kCheckMarginCdb;
    });
}

bool Ether::receiving(Station station, Time now) const {
    const StationState& state = stations_[station];
    return std::any_of(state.signals.begin(), state.signals.end(),
                       [&](const Signal& signal) { return locked(state, signal, now); });
}

bool Ether::sending(Station station, Time now) const {
    return stations_[station].sending_until > now;
}

}  // namespace compot::ether
