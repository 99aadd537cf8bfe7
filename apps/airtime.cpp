#include <fmt/core.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "apps/command.hpp"
#include "core/air/modem.hpp"
#include "radio/contention.hpp"
#include "radio/region.hpp"

/// compotastic airtime: how long things last on air with a preset.

namespace compot::apps {
namespace {

struct Options {
    std::string preset = "LongFast";
    std::size_t bytes = 0;
    double snr_db = 0;
    std::string region;
    std::string channel;
    bool wide_band = false;
    bool json = false;
};

nlohmann::ordered_json figures(const air::Modem& modem, Duration airtime) {
    return {{"airtime_us", to_us(airtime)},
            {"symbol_us", to_us(air::symbol(modem))},
            {"slot_ms", to_ms(air::slot(modem))},
            {"preamble_ms", to_ms(air::preamble(modem))}};
}

void add_window(nlohmann::ordered_json& out, const air::Modem& modem, double snr_db) {
    const auto snr_cdb = static_cast<std::int16_t>(std::lround(snr_db * 100));
    const std::int64_t slot_ms = to_ms(air::slot(modem));
    const radio::Window client = radio::relay_window(snr_cdb, false);
    const radio::Window router = radio::relay_window(snr_cdb, true);
    out["cw"] = radio::window_exponent_by_snr(snr_cdb);
    out["client_min_ms"] = client.first * slot_ms;
    out["client_max_ms"] = client.last() * slot_ms;
    out["router_min_ms"] = router.first * slot_ms;
    out["router_max_ms"] = router.last() * slot_ms;
    out["worst_ms"] = radio::relay_slots_worst(snr_cdb) * slot_ms;
}

std::string preset_names() {
    std::string names;
    for (std::uint32_t number = 0; number <= air::kPresetNumberMax; ++number) {
        const auto preset = air::preset_numbered(number);
        if (preset.ok()) names += (names.empty() ? "" : ", ") + std::string(air::name(*preset));
    }
    return names;
}

std::string region_names() {
    std::string names;
    for (const radio::Region& each : radio::regions()) {
        names += (names.empty() ? "" : ", ") + std::string(each.name);
    }
    return names;
}

/// What the region makes of the preset. Nothing, and a line on standard error, when it can't be.
bool add_region(nlohmann::ordered_json& out, const radio::Region& region, air::Preset preset,
                const std::string& channel) {
    const auto slot = radio::slot_of(region, preset, channel);
    if (!slot.ok()) {
        fmt::print(stderr, "compotastic airtime: --preset {}: not allowed in {}\n",
                   air::name(preset), region.name);
        return false;
    }
    out["region"] = region.name;
    out["frequency_khz"] = slot->frequency_hz / 1000.0;
    out["frequency_slot"] = slot->number;
    out["frequency_slots"] = slot->of;
    out["duty_cycle_percent"] = region.duty_cycle_permille / 10.0;
    out["power_limit_dbm"] = region.power_limit_dbm;
    out["frames_an_hour"] =
        region.duty_cycle_permille * 3'600'000LL / out["airtime_us"].get<std::int64_t>();
    return true;
}

void print(const nlohmann::ordered_json& figures, bool json) {
    if (json) {
        fmt::print("{}\n", figures.dump());
        return;
    }
    for (const auto& figure : figures.items()) {
        fmt::print("{:<15} {}\n", figure.key(), figure.value().dump());
    }
}

int run(const Options& options, bool with_snr) {
    const Result<air::Preset> preset = air::preset_named(options.preset);
    if (!preset.ok()) {
        fmt::print(stderr, "compotastic airtime: --preset {}: no such preset; there are {}\n",
                   options.preset, preset_names());
        return 1;
    }
    Result<radio::Region> region = Error::Unknown;
    if (!options.region.empty()) {
        region = radio::region_named(options.region);
        if (!region.ok()) {
            fmt::print(stderr, "compotastic airtime: --region {}: no such region; there are {}\n",
                       options.region, region_names());
            return 1;
        }
    }
    const bool wide = options.wide_band || (region.ok() && region->wide_band);
    const air::Modem modem = air::modem(*preset, wide);
    const Result<Duration> airtime = air::airtime(modem, options.bytes);
    if (!airtime.ok()) {
        fmt::print(stderr,
                   "compotastic airtime: --bytes {}: a frame has 1 to {} bytes, its 16-byte header "
                   "included\n",
                   options.bytes, air::kFrameBytesMax);
        return 1;
    }
    nlohmann::ordered_json out = figures(modem, *airtime);
    if (with_snr) add_window(out, modem, options.snr_db);
    if (region.ok() && !add_region(out, *region, *preset, options.channel)) return 1;
    print(out, options.json);
    return 0;
}

}  // namespace

void add_airtime(Program& program) {
    auto options = std::make_shared<Options>();
    CLI::App* const command =
        program.cli.add_subcommand("airtime", "Time on air, slot and contention for a preset");
    command->add_option("--preset", options->preset, "modem preset, as LongFast")
        ->capture_default_str();
    command->add_option("--bytes", options->bytes, "size of the whole frame, header included")
        ->required();
    const CLI::Option* const snr =
        command
            ->add_option("--snr", options->snr_db,
                         "level in dB at which a relay heard the packet: adds its window")
            ->check(CLI::Range(-128.0, 127.0));
    CLI::Option* const region = command->add_option(
        "--region", options->region,
        "region, as EU_868: adds the frequency of the channel and what may be sent there");
    command
        ->add_option("--channel", options->channel,
                     "channel whose frequency is meant; the preset's")
        ->needs(region);
    command->add_flag("--wide", options->wide_band, "the preset as set in the 2.4 GHz band");
    command->add_flag("--json", options->json, "print one JSON object");
    command->callback(
        [&program, options, snr] { program.exit_status = run(*options, snr->count() > 0); });
}

}  // namespace compot::apps
