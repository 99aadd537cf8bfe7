#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/air/modem.hpp"

/// Where a mesh is allowed to send: the band, how loud and how much of an hour.

namespace compot::deployment {

struct Region {
    std::string_view name;  ///< as Meshtastic writes it
    std::uint32_t low_khz = 0;
    std::uint32_t high_khz = 0;
    std::uint16_t duty_permille = 1000;
    std::int16_t power_most_dbm = 30;

    [[nodiscard]] bool wide_band() const { return low_khz >= 2'000'000; }
};

/// By name, in any case. Those whose slots lie side by side from the band's low end; the amateurs'
/// and the narrow ones have layouts of their own. SOURCE: Meshtastic firmware 2.8
/// (vectors/meshtastic.json).
[[nodiscard]] std::optional<Region> region_named(std::string_view name);

/// All names, for messages.
[[nodiscard]] std::string region_names();

/// How many channels of this width the firmware counts, to the nearest whole one; 0 when none fits.
[[nodiscard]] std::uint32_t slots(const Region& region, std::uint32_t bandwidth_hz);

/// The middle of the slot that the channel's name chooses (djb2 of it, modulo the slots):
/// 906.875 MHz for LongFast in the US, 869.525 MHz in EU_868. REQUIRES: slots() > 0.
[[nodiscard]] std::uint32_t frequency_khz(const Region& region, std::uint32_t bandwidth_hz,
                                          std::string_view channel);

}  // namespace compot::deployment
