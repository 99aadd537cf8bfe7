#include <fmt/core.h>

#include <array>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/air/modem.hpp"
#include "sim/ether/reception.hpp"
#include "tests/acceptance/forms/verdicts.hpp"

/// Airtime, slots, preambles and sensitivities of all presets.

namespace compot::forms {

namespace {

/// Semtech AN1200.13 in floating point, as written there; ours is in integers.
double airtime_us(const air::Modem& modem, int bytes) {
    const double symbol_us = std::exp2(modem.spreading_factor) * 1e6 / modem.bandwidth_hz;
    const int slow = symbol_us >= 16'000 ? 1 : 0;
    const double factor = modem.spreading_factor;
    const double blocks = std::ceil((8 * bytes - 4 * factor + 28 + 16) / (4 * (factor - 2 * slow)));
    const double symbols = 8 + std::max(blocks, 0.0) * modem.coding_rate;
    return (modem.preamble_symbols + 4.25 + symbols) * symbol_us;
}

struct Sensitivity {
    const char* preset;
    double dbm;
};

/// SOURCE: Meshtasticator's table, which is -174 + 10 log10(bandwidth) + 6 + the least SNR.
constexpr std::array kSensitivities{
    Sensitivity{"ShortTurbo", -118.5}, Sensitivity{"ShortFast", -121.5},
    Sensitivity{"ShortSlow", -124.0},  Sensitivity{"MediumFast", -126.5},
    Sensitivity{"MediumSlow", -129.0}, Sensitivity{"LongTurbo", -128.5},
    Sensitivity{"LongFast", -131.5},   Sensitivity{"LongMod", -134.5},
    Sensitivity{"LongSlow", -137.0}};

void check_airtime(Verdicts& verdicts) {
    double worst_us = 0;
    int checked = 0;
    for (std::uint32_t number = 0; number <= air::kPresetNumberMax; ++number) {
        const auto preset = air::preset_numbered(number);
        if (!preset.ok()) continue;
        for (const bool wide : {false, true}) {
            const air::Modem modem = air::modem(*preset, wide);
            for (int bytes = 1; bytes <= 255; ++bytes) {
                const auto ours = air::airtime(modem, static_cast<std::size_t>(bytes));
                const double theirs = airtime_us(modem, bytes);
                // RadioLib rounds a symbol down to whole microseconds.
                const double symbols =
                    theirs / (std::exp2(modem.spreading_factor) * 1e6 / modem.bandwidth_hz);
                const double over = std::abs(static_cast<double>(to_us(*ours)) - theirs);
                worst_us = std::max(worst_us, over - symbols);
                ++checked;
            }
        }
    }
    verdicts.expect(worst_us <= 1,
                    fmt::format("airtime of every preset and size ({} figures) against AN1200.13: "
                                "beyond a microsecond a symbol by {:.2f} us, threshold 1",
                                checked, std::max(worst_us, 0.0)));
}

void check_golden(Verdicts& verdicts) {
    std::ifstream file("vectors/meshtastic.json");
    const auto golden = nlohmann::json::parse(file);
    int wrong = 0;
    int checked = 0;
    for (const auto& row : golden["presets"]) {
        const auto preset = air::preset_named(row["name"].get<std::string>());
        if (!preset.ok()) continue;
        const air::Modem modem = air::modem(*preset, row["wide_lora"].get<bool>());
        wrong += to_ms(air::slot(modem)) != row["slot_ms"].get<int>() ? 1 : 0;
        wrong += to_ms(air::preamble(modem)) != row["preamble_ms"].get<int>() ? 1 : 0;
        checked += 2;
        for (const auto& each : row["airtime"]) {
            const auto ours = air::airtime(modem, each["frame_len"].get<std::size_t>());
            wrong += to_us(*ours) != each["radiolib_us"].get<std::int64_t>() ? 1 : 0;
            ++checked;
        }
    }
    verdicts.expect(wrong == 0 && checked > 200,
                    fmt::format("slots, preambles and airtimes as the firmware and RadioLib have "
                                "them: {} wrong of {}, threshold 0",
                                wrong, checked));
}

void check_sensitivity(Verdicts& verdicts) {
    double worst_db = 0;
    for (const Sensitivity& each : kSensitivities) {
        const air::Modem modem = *air::preset(each.preset);
        const double ours = (ether::noise_floor_cdbm(modem.bandwidth_hz) +
                             ether::snr_least_cdb(modem.spreading_factor)) /
                            100.0;
        worst_db = std::max(worst_db, std::abs(ours - each.dbm));
    }
    verdicts.expect(worst_db <= 0.06, fmt::format("sensitivity of {} presets: worst difference "
                                                  "{:.2f} dB, threshold 0.06",
                                                  kSensitivities.size(), worst_db));
}

}  // namespace

void check_tables(Verdicts& verdicts) {
    check_airtime(verdicts);
    check_golden(verdicts);
    check_sensitivity(verdicts);
}

}  // namespace compot::forms
