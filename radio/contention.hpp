#pragma once

#include <cstdint>

#include "core/base/time.hpp"

/// How long a radio waits before it sends. Relays that heard the packet weakly, so are likely far
/// from its sender, wait least. Windows are whole slots; who draws from them is not known here.

namespace compot::radio {

inline constexpr int kWindowExponentMin = 3;
inline constexpr int kWindowExponentMax = 8;
/// Slots by which ordinary relays leave routers the first word.
inline constexpr std::uint32_t kRelayOffsetSlots = 2 * kWindowExponentMax;

/// Slots from `first` up to, and without, `first + width`.
struct Window {
    std::uint32_t first = 0;
    std::uint32_t width = 1;

    [[nodiscard]] std::uint32_t last() const { return first + width - 1; }
};

/// 3 at -20 dB to 8 at +10 dB and on in that slope; only whole decibels count.
[[nodiscard]] int window_exponent_by_snr(std::int16_t snr_cdb);

/// 3 on an idle channel to 8 on a full one.
[[nodiscard]] int window_exponent_by_busy(std::uint16_t busy_permille);

[[nodiscard]] Window own_window(std::uint16_t busy_permille);

/// `early`: of a router, which speaks before the others.
[[nodiscard]] Window relay_window(std::int16_t snr_cdb, bool early);

/// No relay of a packet heard like this comes later.
[[nodiscard]] std::uint32_t relay_slots_worst(std::int16_t snr_cdb);

/// When a packet that wants an acknowledgement is sent again.
[[nodiscard]] Duration retransmit_after(Duration airtime, Duration slot,
                                        std::uint16_t busy_permille);

}  // namespace compot::radio
