#include "core/air/modem.hpp"

#include <array>

namespace compot::air {
namespace {

struct PresetRow {
    Preset preset;
    std::string_view name;
    std::uint32_t bandwidth_hz;
    std::uint32_t wide_bandwidth_hz;
    std::uint8_t spreading_factor;
    std::uint8_t coding_rate;
};

constexpr std::array<PresetRow, 16> kPresets{{
    {Preset::LongFast, "LongFast", 250'000, 812'500, 11, 5},
    {Preset::LongSlow, "LongSlow", 125'000, 406'250, 12, 8},
    {Preset::MediumSlow, "MediumSlow", 250'000, 812'500, 10, 5},
    {Preset::MediumFast, "MediumFast", 250'000, 812'500, 9, 5},
    {Preset::ShortSlow, "ShortSlow", 250'000, 812'500, 8, 5},
    {Preset::ShortFast, "ShortFast", 250'000, 812'500, 7, 5},
    {Preset::LongModerate, "LongMod", 125'000, 406'250, 11, 8},
    {Preset::ShortTurbo, "ShortTurbo", 500'000, 1'625'000, 7, 5},
    {Preset::LongTurbo, "LongTurbo", 500'000, 1'625'000, 11, 8},
    {Preset::LiteFast, "LiteFast", 125'000, 125'000, 9, 5},
    {Preset::LiteSlow, "LiteSlow", 125'000, 125'000, 10, 5},
    {Preset::NarrowFast, "NarrowFast", 62'500, 62'500, 7, 6},
    {Preset::NarrowSlow, "NarrowSlow", 62'500, 62'500, 8, 6},
    {Preset::TinyFast, "TinyFast", 15'600, 15'600, 7, 5},
    {Preset::TinySlow, "TinySlow", 15'600, 15'600, 8, 6},
    {Preset::MediumTurbo, "MediumTurbo", 500'000, 1'625'000, 9, 5},
}};

const PresetRow& row(Preset preset) {
    for (const PresetRow& each : kPresets) {
        if (each.preset == preset) return each;
    }
    check_failed(__FILE__, __LINE__, "a preset of the enumeration");
}

constexpr char lower(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

/// Equal but for case and underscores, so that LONG_FAST is LongFast.
bool same_name(std::string_view a, std::string_view b) {
    std::size_t i = 0;
    std::size_t j = 0;
    while (true) {
        while (i < a.size() && a[i] == '_') ++i;
        while (j < b.size() && b[j] == '_') ++j;
        if (i == a.size() || j == b.size()) return i == a.size() && j == b.size();
        if (lower(a[i++]) != lower(b[j++])) return false;
    }
}

constexpr std::int64_t ceil_div(std::int64_t value, std::int64_t by) {
    return (value + by - 1) / by;
}

constexpr std::size_t varint_bytes(std::size_t value) {
    std::size_t bytes = 1;
    for (; value > 0x7F; value >>= 7U) ++bytes;
    return bytes;
}

}  // namespace

Result<Preset> preset_numbered(std::uint32_t number) {
    for (const PresetRow& each : kPresets) {
        if (static_cast<std::uint32_t>(each.preset) == number) return each.preset;
    }
    return Error::Unknown;
}

Result<Preset> preset_named(std::string_view name) {
    for (const PresetRow& each : kPresets) {
        if (same_name(each.name, name)) return each.preset;
    }
    if (same_name("LongModerate", name)) return Preset::LongModerate;
    return Error::Unknown;
}

std::string_view name(Preset preset) { return row(preset).name; }

Modem modem(Preset preset, bool wide_band) {
    const PresetRow& found = row(preset);
    Modem modem;
    modem.bandwidth_hz = wide_band ? found.wide_bandwidth_hz : found.bandwidth_hz;
    modem.spreading_factor = found.spreading_factor;
    modem.coding_rate = found.coding_rate;
    modem.preamble_symbols = wide_band ? 12 : 16;
    modem.wide_band = wide_band;
    return modem;
}

Result<Modem> preset(std::string_view name) {
    const Result<Preset> found = preset_named(name);
    if (!found.ok()) return found.error();
    return modem(*found);
}

Duration symbol(const Modem& modem) {
    COMPOT_CHECK(modem.bandwidth_hz >= 100 && modem.spreading_factor <= 12);
    // RadioLib keeps the bandwidth in tenths of a kilohertz: 406.25 kHz counts as 406.2.
    return Duration{(std::int64_t{10'000} << modem.spreading_factor) / (modem.bandwidth_hz / 100)};
}

Duration preamble(const Modem& modem) { return symbol(modem) * modem.preamble_symbols; }

Duration slot(const Modem& modem) {
    // Channel check of 2.5 symbols (4 at 2.4 GHz) + 0.2 ms propagation + 0.4 ms turnaround + 7 ms
    // processing; the firmware keeps whole milliseconds.
    const std::int64_t check_us = to_us(symbol(modem)) * (modem.wide_band ? 40 : 25) / 10;
    return Duration{(check_us + 7'600) / 1'000 * 1'000};
}

bool low_data_rate(const Modem& modem) { return symbol(modem) >= 16ms; }

Result<Duration> airtime(const Modem& modem, std::size_t frame_bytes) {
    if (frame_bytes == 0) return Error::Malformed;
    if (frame_bytes > kFrameBytesMax) return Error::TooBig;
    const std::int64_t factor = modem.spreading_factor;
    const bool short_symbols = factor <= 6;  // SF5 and SF6 have a longer sync and no header offset
    const std::int64_t sync_quarters = short_symbols ? 25 : 17;
    const std::int64_t bits =
        8 * static_cast<std::int64_t>(frame_bytes) + 16 - 4 * factor + (short_symbols ? 20 : 28);
    const std::int64_t bits_per_block = 4 * (factor - (low_data_rate(modem) ? 2 : 0));
    const std::int64_t blocks = bits > 0 ? ceil_div(bits, bits_per_block) : 0;
    const std::int64_t quarters =
        4 * (modem.preamble_symbols + 8 + blocks * modem.coding_rate) + sync_quarters;
    return Duration{to_us(symbol(modem)) * quarters / 4};
}

Result<std::size_t> broadcast_bytes(std::size_t payload_bytes, bool signs, std::uint32_t portnum) {
    constexpr std::size_t kBitfieldBytes = 2;
    const std::size_t port = 1 + varint_bytes(portnum);
    const std::size_t payload =
        payload_bytes == 0 ? 0 : 1 + varint_bytes(payload_bytes) + payload_bytes;
    const std::size_t unsigned_bytes = kHeaderBytes + port + payload + kBitfieldBytes;
    if (unsigned_bytes > kFrameBytesMax) return Error::TooBig;
    const bool fits = unsigned_bytes + kSignatureBytes <= kFrameBytesMax;
    return signs && fits ? unsigned_bytes + kSignatureBytes : unsigned_bytes;
}

Result<Duration> price(const Modem& modem, std::size_t payload_bytes, std::uint32_t transmissions) {
    const Result<std::size_t> bytes = broadcast_bytes(payload_bytes);
    if (!bytes.ok()) return bytes.error();
    return *airtime(modem, *bytes) * static_cast<std::int64_t>(transmissions);
}

Duration round_trip(const Modem& modem, std::size_t request_bytes, std::size_t answer_bytes,
                    unsigned hops, std::uint16_t busy_permille) {
    const int own_slots = 1 << (2 + 5 * busy_permille / 1000);  // half of its window
    constexpr int kRelaySlots = 144;  // sixteen, and half of a window of 256
    const auto request = price(modem, request_bytes, 1 + hops);
    const auto answer = price(modem, answer_bytes, 1 + hops);
    COMPOT_CHECK(request.ok() && answer.ok() && busy_permille < 1000);
    const Duration waits = 2 * (own_slots + kRelaySlots * static_cast<int>(hops)) * slot(modem);
    return (*request + *answer + waits) * 1000 / (1000 - busy_permille);
}

}  // namespace compot::air
