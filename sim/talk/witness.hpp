#pragma once

#include <cstddef>
#include <span>

#include "radio/radio.hpp"
#include "sim/ether/ether.hpp"

/// Whoever wants to know what radios on an ether do: a report, a page, a capture file. It is told
/// while things happen and changes none of them. Radios are told by their numbers in Talk.

namespace compot::talk {

/// What one station got of a flight, and what its radio made of it. Radios that could not decode
/// it, and those that are switched off, have no verdict.
struct Heard {
    ether::Arrival arrival;
    radio::Verdict verdict = radio::Verdict::None;
};

class Witness {
public:
    Witness() = default;
    Witness(const Witness&) = delete;
    Witness& operator=(const Witness&) = delete;
    virtual ~Witness() = default;

    /// The first symbol leaves. The flight's number is its own until flight_ended().
    virtual void flight_began(Time at, std::size_t who, ether::Flight flight,
                              const radio::Transmit& sent) = 0;
    /// The last symbol, after every radio has made of it what it could.
    virtual void flight_ended(Time at, std::size_t who, ether::Flight flight,
                              const radio::Frame& frame, std::span<const Heard> heard) = 0;
    /// A radio gives its client a packet, its own included when others carried it back.
    virtual void delivered(Time at, std::size_t who, const radio::Packet& packet) = 0;
    virtual void settled(Time at, std::size_t who, const radio::Settled& settled) = 0;
    virtual void queued(Time at, std::size_t who, const radio::Queued& queued) = 0;
};

}  // namespace compot::talk
