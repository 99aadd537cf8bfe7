#pragma once

#include <cstdint>

namespace compot::apps {

/// Meshtastic's number of the region that a frequency lies in; 0 for one that is not listed here.
/// SOURCE: Meshtastic's RegionCode.
[[nodiscard]] constexpr std::uint8_t region_at(std::uint32_t frequency_khz) {
    const auto within = [frequency_khz](std::uint32_t low, std::uint32_t high) {
        return frequency_khz >= low && frequency_khz <= high;
    };
    if (within(902'000, 928'000)) return 1;       // US
    if (within(433'000, 434'800)) return 2;       // EU_433
    if (within(869'400, 869'650)) return 3;       // EU_868
    if (within(2'400'000, 2'483'500)) return 13;  // LORA_24
    return 0;
}

}  // namespace compot::apps
