#include <fmt/core.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "apps/command.hpp"
#include "core/air/modem.hpp"
#include "radio/contention.hpp"

/// compotastic airtime: how long things last on air with a preset.

namespace compot::apps {
namespace {

struct Options {
    std::string preset = "LongFast";
    std::size_t bytes = 0;
    double snr_db = 0;
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
        fmt::print(stderr,
                   "compotastic airtime: --preset {}: no such preset; LongFast, MediumSlow and "
                   "ShortTurbo are some\n",
                   options.preset);
        return 1;
    }
    const air::Modem modem = air::modem(*preset, options.wide_band);
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
    command->add_flag("--wide", options->wide_band, "the preset as set in the 2.4 GHz band");
    command->add_flag("--json", options->json, "print one JSON object");
    command->callback(
        [&program, options, snr] { program.exit_status = run(*options, snr->count() > 0); });
}

}  // namespace compot::apps
