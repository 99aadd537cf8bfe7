#pragma once

#include <cstdint>
#include <optional>

#include "core/base/time.hpp"
#include "observe/sink.hpp"
#include "sim/deployment/deployment.hpp"

/// What one node's radio and processor draw from its battery, by how long each was in which state.
/// The radio listens whenever it is on and does not send, as Meshtastic's does.

namespace compot::deployment {

/// What an SX1262 draws while it sends. SOURCE: its datasheet: 118 mA at +22 dBm, 45 mA at +14 dBm;
/// between and below by a straight line, at least 25 mA; above 22 dBm an amplifier of the same
/// efficiency.
[[nodiscard]] std::uint32_t transmit_ua(std::int32_t power_cdbm);

class Meter {
public:
    enum class State : std::uint8_t { Off, Asleep, On };

    struct Spans {
        Duration on{};  ///< sending included
        Duration sending{};
        Duration asleep{};
        Duration off{};
    };

    Meter(const Energy& terms, std::int32_t power_cdbm)
        : terms_(terms),
          transmit_ua_(terms.transmit_ua > 0 ? terms.transmit_ua : transmit_ua(power_cdbm)) {}

    void set(State state, Time now);

    void sent(Duration airtime) { spans_.sending += airtime; }

    [[nodiscard]] Spans spans(Time now) const;

    /// Microampere-hours drawn until `now`.
    [[nodiscard]] std::int64_t drawn_uah(Time now) const;

    /// Nothing is left. Never on mains.
    [[nodiscard]] bool empty(Time now) const;

    /// How long a full battery lasts at the rate so far; nothing on mains or before anything was
    /// drawn.
    [[nodiscard]] std::optional<Duration> life(Time now) const;

    [[nodiscard]] std::uint16_t charge_permille(Time now) const;

    /// In millijoules, at 3.3 V.
    [[nodiscard]] observe::Energy energy(Time now) const;

private:
    [[nodiscard]] std::int64_t drawn_ua_s(Time now) const;

    Energy terms_;
    std::uint32_t transmit_ua_;
    State state_ = State::On;
    Time since_{};
    Spans spans_;  ///< until since_
};

}  // namespace compot::deployment
