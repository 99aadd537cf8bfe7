#include "apps/meshtasticator.hpp"

#include <array>
#include <cstdio>
#include <ctime>
#include <stdexcept>
#include <utility>

#include "apps/files.hpp"
#include "sim/meshtasticator/firmware.hpp"
#include "sim/meshtasticator/model.hpp"
#include "sim/meshtasticator/node_config.hpp"

namespace compot::apps {

namespace {

constexpr std::size_t kFileBytesMost = 64U << 20;

struct NamedFix {
    const char* name;
    bool meshtasticator::Fixes::*flag;
};

constexpr std::array<NamedFix, 6> kFixes = {{
    {"airtime", &meshtasticator::Fixes::airtime},
    {"preamble", &meshtasticator::Fixes::preamble},
    {"interference", &meshtasticator::Fixes::interference},
    {"lost-interferes", &meshtasticator::Fixes::lost_interferes},
    {"lost-start", &meshtasticator::Fixes::lost_start},
    {"oracle-ack", &meshtasticator::Fixes::oracle_ack},
}};

std::vector<std::string> fix_names() {
    std::vector<std::string> names{"all"};
    for (const NamedFix& fix : kFixes) names.emplace_back(fix.name);
    return names;
}

meshtasticator::Fixes fixes_of(const std::vector<std::string>& names) {
    meshtasticator::Fixes fixes;
    for (const std::string& name : names)
        for (const NamedFix& fix : kFixes)
            if (name == fix.name || name == "all") fixes.*fix.flag = true;
    return fixes;
}

/// The figures by the rules that were asked for.
meshtasticator::Outcome outcome_of(const MeshtasticatorOptions& options,
                                   const meshtasticator::Scenario& scenario, std::uint64_t seed) {
    if (options.rules == "2.7")
        return meshtasticator::run_firmware(scenario, radio::Firmware::V27, seed);
    if (options.rules == "2.8")
        return meshtasticator::run_firmware(scenario, radio::Firmware::V28Fixed, seed);
    return meshtasticator::run(scenario, fixes_of(options.fixes), seed);
}

bool ends_with(const std::string& text, const std::string& end) {
    return text.size() >= end.size() &&
           text.compare(text.size() - end.size(), end.size(), end) == 0;
}

/// A kept run, or the nodes that its window kept.
Result<meshtasticator::Scenario, meshtasticator::Failure> scenario_of(const std::string& file,
                                                                      const std::string& text,
                                                                      std::uint64_t seed) {
    const bool yaml = ends_with(file, ".yaml") || ends_with(file, ".yml");
    return yaml ? meshtasticator::parse_node_config(text, seed) : meshtasticator::parse(text);
}

double cpu_seconds() {
    timespec used{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

void print_text(const meshtasticator::Outcome& outcome) {
    std::printf("%llu messages, %llu transmissions, %llu copies received, %llu of them useful\n",
                static_cast<unsigned long long>(outcome.messages),
                static_cast<unsigned long long>(outcome.transmissions),
                static_cast<unsigned long long>(outcome.received),
                static_cast<unsigned long long>(outcome.useful));
    std::printf("reach %.2f %%, usefulness %.2f %%, air %.3f %%\n", outcome.reach_pct,
                outcome.usefulness_pct, outcome.tx_air_pct);
    std::printf("delay %.1f s on average, median %.1f s\n", outcome.delay_ms_mean / 1000,
                outcome.delay_ms_p50 / 1000);
}

}  // namespace

void add_meshtasticator_options(CLI::App& command, MeshtasticatorOptions& options) {
    command.add_option(
        "--meshtasticator", options.file,
        "Instead of a scenario: a kept run of Meshtasticator (JSON), or the nodes that its "
        "window kept (nodeConfig.yaml), by its rules");
    command
        .add_option("--fix", options.fixes,
                    "Mend this defect of Meshtasticator's model; may be repeated "
                    "(doc/meshtasticator.md)")
        ->allow_extra_args(false)
        ->needs("--meshtasticator")
        ->check(CLI::IsMember(fix_names()));
    command
        .add_option("--rules", options.rules,
                    "Run it by a firmware's rules instead: 2.7, or 2.8 (with its later fixes)")
        ->needs("--meshtasticator")
        ->excludes("--fix")
        ->check(CLI::IsMember({"2.7", "2.8"}));
    command
        .add_flag("--still", options.still,
                  "Nodes that moved in the kept run stay where they began")
        ->needs("--meshtasticator");
}

int run_meshtasticator(const MeshtasticatorOptions& options, std::uint64_t seed, bool json) {
    const auto bytes = read_file(options.file, kFileBytesMost);
    auto scenario = scenario_of(options.file, {bytes.begin(), bytes.end()}, seed);
    if (!scenario) throw std::runtime_error(options.file + ": " + scenario.error().sentence);
    if (options.still) scenario->places.reset();
    const double before = cpu_seconds();
    const auto outcome = outcome_of(options, *scenario, seed);
    std::fprintf(stderr, "cpu_s=%.6f\n", cpu_seconds() - before);
    if (json) {
        std::printf("%s\n", meshtasticator::to_json(outcome).c_str());
    } else {
        print_text(outcome);
    }
    return 0;
}

}  // namespace compot::apps
