#include "sim/deployment/region.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "core/base/check.hpp"

namespace compot::deployment {

namespace {

constexpr std::array<Region, 25> kRegions{{
    {"US", 902'000, 928'000, 1000, 30},          {"EU_433", 433'000, 434'000, 100, 10},
    {"EU_868", 869'400, 869'650, 100, 27},       {"CN", 470'000, 510'000, 1000, 19},
    {"JP", 920'500, 923'500, 1000, 13},          {"ANZ", 915'000, 928'000, 1000, 30},
    {"KR", 920'000, 923'000, 1000, 23},          {"TW", 920'000, 925'000, 1000, 27},
    {"RU", 868'700, 869'200, 1000, 20},          {"IN", 865'000, 867'000, 1000, 30},
    {"NZ_865", 864'000, 868'000, 1000, 36},      {"TH", 920'000, 925'000, 100, 27},
    {"LORA_24", 2'400'000, 2'483'500, 1000, 10}, {"UA_433", 433'000, 434'700, 100, 10},
    {"MY_433", 433'000, 435'000, 1000, 20},      {"MY_919", 919'000, 924'000, 1000, 27},
    {"SG_923", 917'000, 925'000, 1000, 20},      {"PH_433", 433'000, 434'700, 1000, 10},
    {"PH_868", 868'000, 869'400, 1000, 14},      {"PH_915", 915'000, 918'000, 1000, 24},
    {"ANZ_433", 433'050, 434'790, 1000, 14},     {"KZ_433", 433'075, 434'775, 1000, 10},
    {"KZ_863", 863'000, 868'000, 1000, 30},      {"NP_865", 865'000, 868'000, 1000, 30},
    {"BR_902", 902'000, 907'500, 1000, 30},
}};

bool same(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) ==
               std::tolower(static_cast<unsigned char>(y));
    });
}

}  // namespace

std::optional<Region> region_named(std::string_view name) {
    const auto found = std::find_if(kRegions.begin(), kRegions.end(),
                                    [&](const Region& region) { return same(region.name, name); });
    if (found == kRegions.end()) return std::nullopt;
    return *found;
}

std::string region_names() {
    std::string all;
    for (const Region& region : kRegions)
        all += (all.empty() ? "" : ", ") + std::string(region.name);
    return all;
}

std::uint32_t slots(const Region& region, std::uint32_t bandwidth_hz) {
    const std::uint32_t band_hz = (region.high_khz - region.low_khz) * 1000;
    if (bandwidth_hz > band_hz) return 0;
    return (band_hz + bandwidth_hz / 2) / bandwidth_hz;
}

std::uint32_t frequency_khz(const Region& region, std::uint32_t bandwidth_hz,
                            std::string_view channel) {
    COMPOT_CHECK(slots(region, bandwidth_hz) > 0);
    std::uint32_t hash = 5381;
    for (const char letter : channel) hash = hash * 33 + static_cast<std::uint8_t>(letter);
    const std::uint32_t slot = hash % slots(region, bandwidth_hz);
    return region.low_khz + (bandwidth_hz / 2 + slot * bandwidth_hz) / 1000;
}

}  // namespace compot::deployment
