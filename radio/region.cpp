#include "radio/region.hpp"

#include <algorithm>
#include <array>

namespace compot::radio {
namespace {

using air::Preset;

constexpr std::array kEvery{Preset::LongFast,     Preset::LongSlow,   Preset::MediumSlow,
                            Preset::MediumFast,   Preset::ShortSlow,  Preset::ShortFast,
                            Preset::LongModerate, Preset::ShortTurbo, Preset::LongTurbo,
                            Preset::MediumTurbo};
constexpr std::array kNoTurbo{Preset::LongFast,    Preset::LongSlow,  Preset::MediumSlow,
                              Preset::MediumFast,  Preset::ShortSlow, Preset::ShortFast,
                              Preset::LongModerate};
constexpr std::array kTiny{Preset::TinyFast, Preset::TinySlow};
constexpr std::array kLite{Preset::LiteFast, Preset::LiteSlow};
constexpr std::array kNarrow{Preset::NarrowSlow, Preset::NarrowFast};

constexpr Raster kPlain{};
constexpr Raster kLiteRaster{37'500, 400'000};
constexpr Raster kNarrowRaster{10'400, 0};
constexpr Raster kTwentyRaster{2'200, 0};    ///< 20 kHz for 15.6
constexpr Raster kHundredRaster{18'750, 0};  ///< 100 kHz for 62.5

constexpr std::array<Region, 34> kRegions{{
    {1, "US", 902'000'000, 928'000'000, 1000, 30, false, kPlain, 0, kEvery},
    {2, "EU_433", 433'000'000, 434'000'000, 100, 10, false, kPlain, 0, kEvery},
    {3, "EU_868", 869'400'000, 869'650'000, 100, 27, false, kPlain, 0, kNoTurbo},
    {4, "CN", 470'000'000, 510'000'000, 1000, 19, false, kPlain, 0, kEvery},
    {5, "JP", 920'500'000, 923'500'000, 1000, 13, false, kPlain, 0, kEvery},
    {6, "ANZ", 915'000'000, 928'000'000, 1000, 30, false, kPlain, 0, kEvery},
    {7, "KR", 920'000'000, 923'000'000, 1000, 23, false, kPlain, 0, kEvery},
    {8, "TW", 920'000'000, 925'000'000, 1000, 27, false, kPlain, 0, kEvery},
    {9, "RU", 868'700'000, 869'200'000, 1000, 20, false, kPlain, 0, kEvery},
    {10, "IN", 865'000'000, 867'000'000, 1000, 30, false, kPlain, 0, kEvery},
    {11, "NZ_865", 864'000'000, 868'000'000, 1000, 36, false, kPlain, 0, kEvery},
    {12, "TH", 920'000'000, 925'000'000, 100, 27, false, kPlain, 0, kEvery},
    {13, "LORA_24", 2'400'000'000, 2'483'500'000, 1000, 10, true, kPlain, 0, kEvery},
    {14, "UA_433", 433'000'000, 434'700'000, 100, 10, false, kPlain, 0, kEvery},
    {16, "MY_433", 433'000'000, 435'000'000, 1000, 20, false, kPlain, 0, kEvery},
    {17, "MY_919", 919'000'000, 924'000'000, 1000, 27, false, kPlain, 0, kEvery},
    {18, "SG_923", 917'000'000, 925'000'000, 1000, 20, false, kPlain, 0, kEvery},
    {19, "PH_433", 433'000'000, 434'700'000, 1000, 10, false, kPlain, 0, kEvery},
    {20, "PH_868", 868'000'000, 869'400'000, 1000, 14, false, kPlain, 0, kEvery},
    {21, "PH_915", 915'000'000, 918'000'000, 1000, 24, false, kPlain, 0, kEvery},
    {22, "ANZ_433", 433'050'000, 434'790'000, 1000, 14, false, kPlain, 0, kEvery},
    {23, "KZ_433", 433'075'000, 434'775'000, 1000, 10, false, kPlain, 0, kEvery},
    {24, "KZ_863", 863'000'000, 868'000'000, 1000, 30, false, kPlain, 0, kEvery},
    {25, "NP_865", 865'000'000, 868'000'000, 1000, 30, false, kPlain, 0, kEvery},
    {26, "BR_902", 902'000'000, 907'500'000, 1000, 30, false, kPlain, 0, kEvery},
    {27, "ITU1_2M", 144'000'000, 146'000'000, 1000, 30, false, kTwentyRaster, 26, kTiny},
    {28, "ITU2_2M", 144'000'000, 148'000'000, 1000, 30, false, kTwentyRaster, 51, kTiny},
    {29, "EU_866", 865'600'000, 867'600'000, 25, 27, false, kLiteRaster, 0, kLite},
    {32, "EU_N_868", 869'400'000, 869'650'000, 100, 27, false, kNarrowRaster, 1, kNarrow},
    {33, "ITU3_2M", 144'000'000, 148'000'000, 1000, 30, false, kTwentyRaster, 33, kTiny},
    {34, "ITU1_70CM", 430'000'000, 440'000'000, 1000, 30, false, kHundredRaster, 37, kNarrow},
    {35, "ITU2_70CM", 420'000'000, 450'000'000, 1000, 30, false, kHundredRaster, 137, kNarrow},
    {36, "ITU3_70CM", 430'000'000, 450'000'000, 1000, 30, false, kHundredRaster, 37, kNarrow},
    {37, "ITU2_125CM", 220'000'000, 225'000'000, 1000, 30, false, kHundredRaster, 37, kNarrow},
}};

std::uint32_t djb2(std::string_view text) {
    std::uint32_t hash = 5381;
    for (const char letter : text) hash = hash * 33 + static_cast<unsigned char>(letter);
    return hash;
}

char upper(char letter) {
    return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
}

}  // namespace

bool Region::allows(Preset preset) const {
    return std::find(presets.begin(), presets.end(), preset) != presets.end();
}

std::span<const Region> regions() { return kRegions; }

Result<Region> region_named(std::string_view name) {
    const auto at = std::find_if(kRegions.begin(), kRegions.end(), [&](const Region& each) {
        return std::equal(name.begin(), name.end(), each.name.begin(), each.name.end(),
                          [](char a, char b) { return upper(a) == b; });
    });
    if (at == kRegions.end()) return Error::Unknown;
    return *at;
}

Result<Slot> slot_of(const Region& region, Preset preset, std::string_view channel_name) {
    if (!region.allows(preset)) return Error::Refused;
    const std::uint32_t width = air::modem(preset, region.wide_band).bandwidth_hz;
    const std::uint32_t step = width + 2 * region.raster.border_hz + region.raster.gap_hz;
    Slot slot;
    // To the nearest: the last slot may stand out of the band by half its width.
    slot.of = (region.end_hz - region.start_hz + region.raster.gap_hz + step / 2) / step;
    const std::string_view name = channel_name.empty() ? air::name(preset) : channel_name;
    slot.number = region.fixed_slot != 0 ? region.fixed_slot : djb2(name) % slot.of + 1;
    slot.frequency_hz =
        region.start_hz + region.raster.border_hz + width / 2 + (slot.number - 1) * step;
    return slot;
}

}  // namespace compot::radio
