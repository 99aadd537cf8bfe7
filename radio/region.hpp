#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/air/modem.hpp"
#include "core/base/result.hpp"

/// Where in the world a radio is: its band, what the law allows there, and on which of the band's
/// slots a channel is. As firmware 2.8.0 has them; laws change, and this is no legal advice.
/// SOURCE: the firmware's own answers (vectors/meshtastic.json, "regions").

namespace compot::radio {

/// How a band is divided: `slot` is as wide as the preset, two borders and the gap to the next.
struct Raster {
    std::uint32_t border_hz = 0;
    std::uint32_t gap_hz = 0;
};

struct Region {
    std::uint8_t code = 0;  ///< on the client API
    std::string_view name;  ///< as "EU_868"
    std::uint32_t start_hz = 0;
    std::uint32_t end_hz = 0;
    std::uint16_t duty_cycle_permille = 1000;  ///< of an hour
    std::int8_t power_limit_dbm = 30;
    bool wide_band = false;  ///< presets have their widths of the 2.4 GHz band
    Raster raster;
    std::uint8_t fixed_slot = 0;           ///< of every channel; 0: by the channel's name
    std::span<const air::Preset> presets;  ///< those that may be used; the default one first

    [[nodiscard]] bool allows(air::Preset preset) const;
};

[[nodiscard]] std::span<const Region> regions();

/// In any case. ERRORS: Unknown.
[[nodiscard]] Result<Region> region_named(std::string_view name);

/// Where a channel of this name is when its owner chose no slot: numbered from 1, by the hash djb2
/// of the name. `frequency_hz` is its middle.
struct Slot {
    std::uint32_t number = 0;
    std::uint32_t of = 0;
    std::uint32_t frequency_hz = 0;
};

/// `channel_name`: empty for the preset's own. ERRORS: Refused when the region does not allow the
/// preset.
[[nodiscard]] Result<Slot> slot_of(const Region& region, air::Preset preset,
                                   std::string_view channel_name = {});

}  // namespace compot::radio
