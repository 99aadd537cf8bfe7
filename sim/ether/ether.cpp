#include "sim/ether/ether.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/base/check.hpp"
#include "core/base/fixed_math.hpp"
#include "core/base/random.hpp"

namespace compot::ether {

namespace {

constexpr std::uint64_t kSurvival = 0x5067;

/// The firmware's channel check hears 3 dB below the decoder.
constexpr std::int32_t kCheckMarginCdb = 300;
/// What is further below the decoder than this is not worth a line in anybody's log.
constexpr std::int32_t kReportMarginCdb = 600;
/// The SX126x reports no more, however near the sender is (the packet SNR of its status saturates
/// about here).
constexpr std::int32_t kSnrReportedMaxCdb = 1250;
/// One more power adds at most its double, 3.01 dB, with the rounding of sum_of_powers_cdb().
constexpr std::int32_t kDoubledCdb = 303;
/// How many receivers ahead of the one at hand memory is asked for.
constexpr std::size_t kAhead = 16;

std::uint64_t pair_key(Station a, Station b) { return static_cast<std::uint64_t>(a) << 32U | b; }

}  // namespace

void Ether::set_power(Station station, bool on, Time now) {
    Receiver& state = receivers_[station];
    if (state.on == on) return;
    state.on = on;
    if (!on && state.sending_until > now) {
        FlightState& flight = flights_[state.sends];
        flight.cut = true;
        flight.heard_until = now;
        state.sending_until = now;
    }
    for (Signal& signal : state.signals) signal.off = true;
}

void Ether::look_ahead_to_links(Station from) const { links_.look_ahead(from); }

void Ether::look_ahead_to_begin(Station from) const {
    for (const Link& link : links_.of(from)) __builtin_prefetch(&receivers_[link.to], 1);
}

void Ether::look_ahead_to_end(Flight flight) const {
    for (const Link& link : links_of(flights_[flight])) __builtin_prefetch(&receivers_[link.to], 1);
}

Flight Ether::take_slot() {
    if (free_.empty()) {
        flights_.emplace_back();
        return static_cast<Flight>(flights_.size() - 1);
    }
    const Flight slot = free_.back();
    free_.pop_back();
    return slot;
}

Result<Flight> Ether::begin(Station from, std::size_t frame_bytes, Time now) {
    Receiver& sender = receivers_[from];
    if (!sender.on || sender.sending_until > now) return Error::Refused;
    const Ear& mouth = ears_[sender.ear];
    const auto airtime = air::airtime(mouth.modem, frame_bytes);
    if (!airtime) return airtime.error();
    const Flight slot = take_slot();
    FlightState& flight = flights_[slot];
    flight.from = from;
    flight.frame_bytes = static_cast<std::uint16_t>(frame_bytes);
    flight.spreading_factor = mouth.modem.spreading_factor;
    flight.cut = false;
    flight.begin = now;
    flight.end = now + *airtime;
    flight.heard_until = flight.end;
    flight.number = flights_begun_++;
    flight.flying = true;
    flight.relinked = false;
    sender.sending_until = flight.end;
    sender.sends = slot;
    for (Signal& signal : sender.signals) {
        if (flights_[signal.flight].heard_until > now) signal.deaf = true;
    }
    links_.settle();
    const std::span<const Link> links = links_.of(from);
    for (std::size_t i = 0; i < links.size(); ++i) {
        if (i + kAhead < links.size()) __builtin_prefetch(&receivers_[links[i + kAhead].to], 1);
        const Link& link = links[i];
        Receiver& receiver = receivers_[link.to];
        const Ear& ear = ears_[receiver.ear];
        Signal signal;
        signal.flight = slot;
        signal.level_cdbm = static_cast<std::int16_t>(link.level_cdbm);
        signal.same_modem = ear.modem.bandwidth_hz == mouth.modem.bandwidth_hz &&
                            ear.modem.spreading_factor == mouth.modem.spreading_factor;
        signal.matters =
            signal.same_modem && link.level_cdbm >= ear.least_cdbm - kSurvivalMarginCdb;
        signal.told = signal.same_modem && link.level_cdbm >= ear.least_cdbm - kReportMarginCdb;
        signal.off = !receiver.on;
        signal.deaf = receiver.sending_until > now + ear.needs_after;
        arrive(receiver, signal, now);
    }
    return slot;
}

/// The sum of what else is on the air, in the order in which it came. REQUIRES: there is something.
std::int32_t Ether::rivals_cdbm(const Receiver& receiver, const Signal& wanted, const Signal* extra,
                                Time from) const {
    const std::uint8_t factor = flights_[wanted.flight].spreading_factor;
    std::int32_t sum = std::numeric_limits<std::int32_t>::min();
    const auto add = [&](const Signal& other) {
        const FlightState& flight = flights_[other.flight];
        if (other.flight == wanted.flight || flight.heard_until <= from) return;
        if (flight.spreading_factor != factor) return;
        sum = sum == std::numeric_limits<std::int32_t>::min()
                  ? other.level_cdbm
                  : sum_of_powers_cdb(sum, other.level_cdbm);
    };
    if (extra != nullptr) add(*extra);
    for (const Signal& other : receiver.signals) add(other);
    return sum;
}

/// Does what else is on the air from `from` on come too close to it? The strongest rival, and how
/// many there are, most often settle it; only else are powers summed.
bool Ether::harmed(const Receiver& receiver, const Signal& wanted, const Signal* extra,
                   Time from) const {
    const std::uint8_t factor = flights_[wanted.flight].spreading_factor;
    std::int32_t strongest = std::numeric_limits<std::int32_t>::min();
    std::int32_t rivals = 0;
    const auto hurts = [&](const Signal& other) {
        const FlightState& flight = flights_[other.flight];
        if (other.flight == wanted.flight || flight.heard_until <= from) return false;
        if (flight.spreading_factor == factor) {
            strongest = std::max<std::int32_t>(strongest, other.level_cdbm);
            ++rivals;
            return false;
        }
        return wanted.level_cdbm - other.level_cdbm <
               capture_cdb(terms_.capture, factor, flight.spreading_factor);
    };
    if (extra != nullptr && hurts(*extra)) return true;
    for (const Signal& other : receiver.signals) {
        if (hurts(other)) return true;
    }
    if (rivals == 0) return false;
    const std::int32_t capture = capture_cdb(terms_.capture, factor, factor);
    const std::int32_t spare = wanted.level_cdbm - strongest - capture;
    if (spare < 0) return true;
    if (spare >= (rivals - 1) * kDoubledCdb) return false;
    return wanted.level_cdbm - rivals_cdbm(receiver, wanted, extra, from) < capture;
}

bool Ether::locked(const Receiver& receiver, const Signal& signal, Time now) const {
    const Ear& ear = ears_[receiver.ear];
    const FlightState& flight = flights_[signal.flight];
    return signal.whole() && flight.heard_until > now && flight.begin + ear.locks_after <= now &&
           signal.level_cdbm >= ear.least_cdbm;
}

void Ether::arrive(Receiver& receiver, Signal signal, Time now) {
    if (!receiver.signals.empty()) {
        const Time from = now + ears_[receiver.ear].needs_after;
        if (signal.whole()) {
            for (const Signal& other : receiver.signals) {
                // One demodulator: while it follows an earlier frame, a later one is noise to it.
                if (flights_[other.flight].heard_until > from && locked(receiver, other, now)) {
                    signal.collided = true;
                }
            }
            if (harmed(receiver, signal, nullptr, from)) signal.collided = true;
        }
        for (Signal& other : receiver.signals) {
            if (other.whole() && flights_[other.flight].heard_until > now &&
                harmed(receiver, other, &signal, now)) {
                other.collided = true;
            }
        }
    }
    receiver.signals.push(signal);
}

Time Ether::end_of(Flight flight) const { return flights_[flight].end; }

/// Adds the line that the receiver has earned.
void Ether::judge(Station to, const Signal& signal, const FlightState& flight,
                  std::vector<Arrival>& out) const {
    const Ear& ear = ears_[receivers_[to].ear];
    const std::int32_t snr = signal.level_cdbm - ear.noise_cdbm;
    Arrival arrival;
    arrival.receiver = to;
    arrival.rssi_cdbm =
        static_cast<std::int16_t>(std::clamp<std::int32_t>(signal.level_cdbm, -20000, 0));
    arrival.snr_cdb = static_cast<std::int16_t>(std::min(snr, kSnrReportedMaxCdb));
    if (signal.off) {
        arrival.fate = observe::Fate::Off;
    } else if (signal.deaf) {
        arrival.fate = observe::Fate::Deaf;
    } else {
        constexpr std::uint32_t kSure = 65536;
        const std::uint32_t survival =
            survival_q16(flight.spreading_factor, flight.frame_bytes, snr);
        if (survival > 0 && signal.collided) {
            arrival.fate = observe::Fate::Collided;
        } else if (flight.cut || survival == 0) {
            arrival.fate = observe::Fate::TooWeak;
        } else if (survival < kSure || terms_.loss_millionths > 0) {
            Random random(terms_.seed, pair_key(flight.from, to) ^ mix64(flight.number), kSurvival);
            // The noise's draw is first, also where it is sure.
            const bool drowned = (random.next32() >> 16U) >= survival;
            if (drowned || random.chance(terms_.loss_millionths)) {
                arrival.fate = observe::Fate::TooWeak;
            }
        }
    }
    out.push_back(arrival);
}

void Ether::end(Flight flight, std::vector<Arrival>& out) {
    FlightState& state = flights_[flight];
    const std::span<const Link> links = links_of(state);
    out.clear();
    for (std::size_t i = 0; i < links.size(); ++i) {
        if (i + kAhead < links.size()) __builtin_prefetch(&receivers_[links[i + kAhead].to], 1);
        const Station to = links[i].to;
        auto& signals = receivers_[to].signals;
        const auto signal = std::find_if(signals.begin(), signals.end(),
                                         [&](const Signal& s) { return s.flight == flight; });
        COMPOT_CHECK(signal != signals.end());
        if (signal->told) judge(to, *signal, state, out);
        signals.remove(signal);
    }
    state.flying = false;
    free_.push_back(flight);
}

bool Ether::carrier(Station station, Time now) const {
    const Receiver& state = receivers_[station];
    const Ear& ear = ears_[state.ear];
    return std::any_of(state.signals.begin(), state.signals.end(), [&](const Signal& signal) {
        const FlightState& flight = flights_[signal.flight];
        return signal.same_modem && flight.heard_until > now && flight.begin + ear.symbol <= now &&
               signal.level_cdbm >= ear.least_cdbm - kCheckMarginCdb;
    });
}

bool Ether::receiving(Station station, Time now) const {
    const Receiver& state = receivers_[station];
    return std::any_of(state.signals.begin(), state.signals.end(),
                       [&](const Signal& signal) { return locked(state, signal, now); });
}

bool Ether::sending(Station station, Time now) const {
    return receivers_[station].sending_until > now;
}

}  // namespace compot::ether
