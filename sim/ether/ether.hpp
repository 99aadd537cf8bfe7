#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/air/modem.hpp"
#include "core/base/time.hpp"
#include "observe/sink.hpp"
#include "sim/ether/propagation.hpp"
#include "sim/ether/reception.hpp"

/// The air that all radios share: who hears whom how strongly, and what becomes of each frame at
/// each receiver. One begin and one end for a transmission, however many hear it. What the frames
/// mean, and when somebody wants to send, is not known here.

namespace compot::ether {

using Station = std::uint32_t;
using Flight = std::uint32_t;

struct Terms {
    std::uint64_t seed = 0;
    std::int32_t noise_figure_cdb = 600;
    std::int32_t shadowing_cdb = 0;     ///< standard deviation for each pair of stations
    std::int32_t asymmetry_cdb = 0;     ///< standard deviation for each direction
    std::uint32_t loss_millionths = 0;  ///< extra chance that a reception fails
    Capture capture = Capture::SixDecibels;
    std::vector<Ridge> ridges;
};

struct Antenna {
    Position at;
    std::int32_t power_cdbm = 2200;
    std::int32_t gain_cdb = 0;
    air::Modem modem;
};

/// What one receiver got of a flight.
struct Arrival {
    Station receiver = 0;
    observe::Fate fate = observe::Fate::Decoded;
    std::int16_t rssi_cdbm = 0;
    std::int16_t snr_cdb = 0;
};

/// A frame at a receiver, from its first symbol:
///
///   off      the receiver has no power during any part of it
///   deaf     the receiver sends, later than the fifth last symbol of the frame's preamble
///   collided the sum of what else is on the air is within the capture threshold below it, later
///            than the fifth last preamble symbol; or it is strong enough, but begins after the
///            receiver has locked on to an earlier frame's preamble (one demodulator)
///   too weak the noise, or the scenario's extra loss, ate it
///   decoded  otherwise
class Ether {
public:
    Ether(Terms terms, std::unique_ptr<PathLoss> path_loss);

    /// New stations have power. COST: a link to and from each other station.
    Station add(const Antenna& antenna);
    /// COST: as add().
    void move(Station station, const Position& to);
    /// Switching off cuts what it sends: nobody can decode it.
    void set_power(Station station, bool on, Time now);
    /// A measured loss instead of the model's, from one station to another.
    void set_loss(Station from, Station to, std::int32_t loss_cdb);

    /// The first symbol leaves the antenna. ERRORS: Refused while the station sends or is off;
    /// TooBig, Malformed by the frame's size.
    [[nodiscard]] Result<Flight> begin(Station from, std::size_t frame_bytes, Time now);

    [[nodiscard]] Time end_of(Flight flight) const;

    /// The last symbol. Everybody above the noise by a margin gets a line, by station number. The
    /// flight's number is free again. REQUIRES: now is end_of(flight).
    void end(Flight flight, std::vector<Arrival>& out);

    /// What a channel check of two symbols that ends `now` finds: a frame that has been on the air
    /// for at least one of them, up to 3 dB below what could be decoded.
    [[nodiscard]] bool carrier(Station station, Time now) const;

    /// Has the radio locked on to a preamble that could be decoded, and is that frame still coming?
    [[nodiscard]] bool receiving(Station station, Time now) const;

    [[nodiscard]] bool sending(Station station, Time now) const;

    /// Received power at `to` when `from` sends; for reports and pages.
    [[nodiscard]] std::int32_t level_cdbm(Station from, Station to) const;

    [[nodiscard]] std::int32_t snr_cdb(Station from, Station to) const;

    [[nodiscard]] std::size_t stations() const { return stations_.size(); }

private:
    struct Link {
        Station to = 0;
        std::int32_t level_cdbm = 0;
    };

    struct Signal {
        Flight flight = 0;
        Time begin{};
        Time end{};
        std::int32_t level_cdbm = 0;
        std::uint8_t spreading_factor = 11;
        bool same_modem = true;
        bool collided = false;
        bool deaf = false;
        bool off = false;
    };

    struct StationState {
        Antenna antenna;
        bool on = true;
        Time sending_until{};
        Flight sends = 0;  ///< until then
        std::vector<Link> links;
        std::vector<Signal> signals;
    };

    struct FlightState {
        Station from = 0;
        std::size_t frame_bytes = 0;
        Time begin{};
        Time end{};
        std::uint64_t number = 0;
        bool cut = false;
        std::vector<Station> receivers;
    };

    [[nodiscard]] std::int32_t loss_between(Station from, Station to) const;
    void relink(Station from);
    void arrive(StationState& receiver, Signal signal, Time now);
    [[nodiscard]] bool harmed(const StationState& receiver, const Signal& wanted,
                              const Signal* extra, Time from) const;
    [[nodiscard]] bool locked(const StationState& receiver, const Signal& signal, Time now) const;
    [[nodiscard]] Arrival judge(Station to, const Signal& signal, const FlightState& flight) const;
    Flight take_slot();

    Terms terms_;
    std::unique_ptr<PathLoss> path_loss_;
    std::vector<StationState> stations_;
    std::vector<FlightState> flights_;
    std::vector<Flight> free_;
    std::vector<std::vector<std::int32_t>> measured_;  ///< [from][to]; kNotMeasured elsewhere
    std::uint64_t flights_begun_ = 0;
};

}  // namespace compot::ether
