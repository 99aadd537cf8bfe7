#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/air/modem.hpp"
#include "core/base/time.hpp"
#include "observe/sink.hpp"
#include "sim/ether/grid.hpp"
#include "sim/ether/link_lists.hpp"
#include "sim/ether/propagation.hpp"
#include "sim/ether/reception.hpp"
#include "sim/ether/signals.hpp"

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

    /// New stations have power. COST: a link to and from each other station that may be in reach;
    /// all are asked when the path loss does not tell its reach, or losses are measured.
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

    /// A call of begin() or end() is about to come: memory is asked for what it will read, of a
    /// begin first for the links. Changes nothing.
    void look_ahead_to_links(Station from) const;
    void look_ahead_to_begin(Station from) const;
    void look_ahead_to_end(Flight flight) const;

    /// What a channel check of two symbols that ends `now` finds: a frame that has been on the air
    /// for at least one of them, up to 3 dB below what could be decoded.
    [[nodiscard]] bool carrier(Station station, Time now) const;

    /// Has the radio locked on to a preamble that could be decoded, and is that frame still coming?
    [[nodiscard]] bool receiving(Station station, Time now) const;

    [[nodiscard]] bool sending(Station station, Time now) const;

    /// Received power at `to` when `from` sends; for reports and pages.
    [[nodiscard]] std::int32_t level_cdbm(Station from, Station to) const;

    [[nodiscard]] std::int32_t snr_cdb(Station from, Station to) const;

    /// Whoever hears `from` with at least this SNR while nothing else is on the air, by number.
    /// COST: its links, not all stations.
    void hearers(Station from, std::int32_t snr_least_cdb, std::vector<Station>& out) const;

    /// How many, in all directions, and the memory that their lists hold.
    [[nodiscard]] std::size_t links() const { return links_.size(); }

    [[nodiscard]] std::size_t link_bytes() const { return links_.bytes(); }

    [[nodiscard]] std::size_t stations() const { return receivers_.size(); }

private:
    /// What follows from how a modem is set, once for all stations that are set alike.
    struct Ear {
        air::Modem modem;
        Duration symbol{};
        Duration locks_after{};  ///< that much of a preamble it follows to the end
        Duration needs_after{};  ///< from there on a frame must be undisturbed
        std::int32_t noise_cdbm = 0;
        std::int32_t least_cdbm = 0;  ///< of a signal that it can decode
    };

    /// What is looked at for each receiver of each flight: one cache line.
    struct alignas(64) Receiver {
        Signals signals;
        Time sending_until{};
        Flight sends = 0;  ///< until then
        std::uint8_t ear = 0;
        bool on = true;
    };

    /// Of an antenna what its station's ear has not.
    struct Mast {
        Position at;
        std::int32_t power_cdbm = 0;
        std::int32_t gain_cdb = 0;
    };

    struct FlightState {
        Station from = 0;
        std::uint16_t frame_bytes = 0;
        std::uint8_t spreading_factor = 11;
        bool cut = false;
        Time begin{};
        Time end{};
        Time heard_until{};  ///< `end`, or when it was cut
        std::uint64_t number = 0;
        bool flying = false;
        bool relinked = false;           ///< its sender's links may be others than when it began:
        std::vector<Link> began_with{};  ///< they were these
    };

    // links.cpp
    [[nodiscard]] std::int32_t loss_between(Station from, Station to) const;
    [[nodiscard]] std::uint8_t ear_of(const air::Modem& modem);
    void link(Station from, Station to);
    /// Links are about to change: flights keep those with which they began.
    void keep_links_of_flights();

    [[nodiscard]] std::span<const Link> links_of(const FlightState& flight) const {
        return flight.relinked ? std::span<const Link>(flight.began_with) : links_.of(flight.from);
    }

    /// Links it anew with all who may be audible from `place`, where it is or was.
    void relink_near(Station station, const Position& place);
    void enter_grid(Station station);
    [[nodiscard]] std::int64_t audible_within_cm();

    // ether.cpp
    void arrive(Receiver& receiver, Signal signal, Time now);
    [[nodiscard]] bool harmed(const Receiver& receiver, const Signal& wanted, const Signal* extra,
                              Time from) const;
    [[nodiscard]] std::int32_t rivals_cdbm(const Receiver& receiver, const Signal& wanted,
                                           const Signal* extra, Time from) const;
    [[nodiscard]] bool locked(const Receiver& receiver, const Signal& signal, Time now) const;
    void judge(Station to, const Signal& signal, const FlightState& flight,
               std::vector<Arrival>& out) const;
    Flight take_slot();

    Terms terms_;
    std::unique_ptr<PathLoss> path_loss_;
    std::vector<Ear> ears_;
    std::vector<Receiver> receivers_;
    LinkLists links_;
    std::vector<Mast> masts_;
    std::vector<FlightState> flights_;
    std::vector<Flight> free_;
    std::uint64_t flights_begun_ = 0;

    std::vector<std::vector<std::int32_t>> measured_;  ///< [from][to]; kNotMeasured elsewhere
    std::optional<Grid> grid_;                         ///< unset: everybody is asked
    std::int32_t power_most_cdbm_;                     ///< of any antenna, with its gain
    std::int32_t gain_most_cdb_;
    std::int32_t noise_least_cdbm_;
    std::int32_t reach_loss_cdb_ = 0;  ///< for which reach_cm_ was found
    std::int64_t reach_cm_ = -1;       ///< nobody hears anybody farther off; below 0: not known
};

}  // namespace compot::ether
