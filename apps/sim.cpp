#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "apps/classifier.hpp"
#include "apps/command.hpp"
#include "apps/firmware_bridge.hpp"
#include "apps/live.hpp"
#include "apps/measure.hpp"
#include "apps/mesh.hpp"
#include "apps/meshtasticator.hpp"
#include "apps/progress.hpp"
#include "apps/run_files.hpp"
#include "apps/serve.hpp"
#include "sim/deployment/deployment.hpp"
#include "sim/simulation.hpp"

namespace compot::apps {

namespace {

/// For a firmware that is just starting.
constexpr auto kFirmwarePatience = std::chrono::seconds(15);

struct Options {
    std::string scenario;
    std::uint64_t seed = 1;
    double until_s = 0;     ///< 0: the scenario's own
    std::size_t nodes = 0;  ///< of a mesh; 0: the scenario's own
    std::vector<std::string> without;
    std::vector<std::string> set;
    double loss = 0;
    std::string record;
    std::string report;
    std::string pcap;
    bool json = false;
    MeshtasticatorOptions meshtasticator;
    std::string speed;  ///< a factor or "max"; empty: max, and real time in the browser
    ServeOptions serve;
    std::optional<std::uint16_t> client_api;  ///< the first radio's port; 0: any
    std::vector<std::string> external;
    std::vector<std::string> radioless;
    std::optional<std::uint16_t> body_api;  ///< the first external node's body's port; 0: any
    std::vector<std::string> firmware;
    GatewayOptions gateways;
    LanOptions lan;
};

/// Times real time, 0 as fast as it goes. ERRORS: one sentence.
Result<double, std::string> speed_of(const Options& options, bool with_firmware) {
    if (with_firmware) {
        if (options.speed.empty() || options.speed == "1") return 1.0;
        return "--speed " + options.speed + ": real firmware takes part, in real time alone";
    }
    if (options.speed.empty()) return options.serve.endpoint.empty() ? 0.0 : 1.0;
    if (options.speed == "max") return 0.0;
    double factor = 0;
    const char* end = options.speed.data() + options.speed.size();
    const auto parsed = std::from_chars(options.speed.data(), end, factor);
    if (parsed.ec == std::errc{} && parsed.ptr == end && factor > 0 && factor <= web::kSpeedMax)
        return factor;
    return "--speed " + options.speed + ": a factor above 0 and up to 10000, or max";
}

int fail(const std::string& sentence) {
    std::fprintf(stderr, "compotastic sim: %s\n", sentence.c_str());
    return 1;
}

void tell_why(const std::string& why) {
    std::fprintf(stderr, "compotastic sim: %s\n", why.c_str());
}

std::string decimal(double value) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.2f", value);
    return text.data();
}

/// What the command line changes in the scenario.
Result<std::vector<scenario::Override>, scenario::Failure> overrides_of(const Options& options) {
    std::vector<scenario::Override> overrides;
    for (const std::string& text : options.set) {
        const auto parsed = scenario::parse_override(text);
        if (!parsed) return parsed.error();
        overrides.push_back(*parsed);
    }
    // A share of 1 on the command line; the scenario counts in percent.
    if (options.loss > 0) overrides.push_back({"air.loss_percent", decimal(options.loss * 100)});
    if (options.nodes > 0) overrides.push_back({"mesh.nodes", std::to_string(options.nodes)});
    return overrides;
}

/// Until the end, or until a file that is being written can't be.
Result<void, std::string> run(sim::Simulation& world, Time until, double speed,
                              const Recording& recording, const Capture& capture,
                              FirmwareBridge* firmware) {
    // What a firmware sends is on our air within this time; its own loop takes up to 100 ms.
    const auto nap = std::chrono::milliseconds(firmware != nullptr ? 2 : 10);
    const bool wait_for_end = firmware != nullptr;
    Progress progress;
    Pace pace;
    pace.set(true, speed, world.now(), std::chrono::steady_clock::now());
    while ((wait_for_end || !world.finished()) && world.now() < until) {
        const Time allowed = pace.allowed(std::chrono::steady_clock::now());
        world.run_until(std::min({until, world.now() + 1s, allowed}));
        if (firmware != nullptr) firmware->take_in();
        progress.at(world.now(), until);
        for (const auto& ready : {recording.ready(), capture.ready()})
            if (!ready) return progress.done(), ready;
        if (firmware != nullptr && stop_requested()) break;
        if (world.now() >= allowed) std::this_thread::sleep_for(nap);
    }
    progress.done();
    return {};
}

void print_text(const sim::Report& report) {
    const auto seconds = [](const std::optional<Duration>& span) {
        return span ? std::to_string(to_ms(*span) / 1000) + " s" : std::string("never");
    };
    std::printf("%s, seed %llu: %s%s%s\n", report.scenario.c_str(),
                static_cast<unsigned long long>(report.seed), report.outcome.c_str(),
                report.reason.empty() ? "" : ": ", report.reason.c_str());
    std::printf("helped after %s; %u frames of ours, %u foreign; delta of %u bytes; ended at %s\n",
                seconds(report.time_to_help).c_str(), report.frames, report.foreign_frames,
                report.delta_bytes, seconds(report.ended.time_since_epoch()).c_str());
    std::printf("ledgers %s, mission %s, purse %s\n", report.ledgers_equal ? "equal" : "differ",
                report.mission_done ? "done" : "not done",
                report.purse_exceeded ? "exceeded" : "never exceeded");
    for (const sim::NodeReport& node : report.nodes) {
        std::printf("  %-10s %6lld ms of air, %8lld mJ, ledger %016llx\n", node.name.c_str(),
                    static_cast<long long>(to_ms(node.airtime)),
                    static_cast<long long>(node.energy_mj),
                    static_cast<unsigned long long>(node.ledger_digest));
    }
}

observe::World label_of(const scenario::Scenario& scenario, std::uint64_t seed) {
    observe::World label;
    label.scenario = scenario.name;
    label.seed = seed;
    label.cell_m = static_cast<std::uint32_t>(scenario.cell_cm / 100);
    label.preset = air::name(scenario.preset);
    label.purse_share_permille = scenario.purse.share_permille;
    return label;
}

observe::LoraTapTerms terms_of(const scenario::Scenario& scenario) {
    const air::Modem modem = air::modem(scenario.preset);
    return {scenario.air.frequency_khz * 1000, modem.bandwidth_hz, modem.spreading_factor};
}

void print_firmware(const FirmwareBridge& firmware) {
    for (const auto& each : firmware.counts())
        std::fprintf(stderr, "  %-10s !%08x: %llu sent, %llu heard, %llu could not cross\n",
                     each.name.c_str(), each.self.value, static_cast<unsigned long long>(each.sent),
                     static_cast<unsigned long long>(each.heard),
                     static_cast<unsigned long long>(each.failed));
}

int simulate(const Options& options, const scenario::Scenario& scenario,
             scene::SceneClassifier& classifier, double speed, FirmwareBridge* firmware) {
    sim::Options terms;
    terms.real_time = firmware != nullptr;
    terms.seed = options.seed;
    terms.without = options.without;
    terms.classifier = &classifier;
    auto world = sim::Simulation::create(scenario, terms);
    if (!world) return fail(world.error().sentence);
    Recording recording(options.record, label_of(scenario, options.seed));
    if (recording.sink() != nullptr) (*world)->add_sink(*recording.sink());
    Capture capture(options.pcap, terms_of(scenario));
    if (capture.tap() != nullptr) (*world)->set_tap(capture.tap());
    ReportFiles report_files(options.report, label_of(scenario, options.seed));
    if (report_files.sink() != nullptr) (*world)->add_sink(*report_files.sink());
    for (const auto& ready : {recording.ready(), capture.ready(), report_files.ready()})
        if (!ready) return fail(ready.error());
    if (firmware != nullptr) firmware->attach(**world);
    const auto wished = static_cast<std::int64_t>(options.until_s * 1e6);
    const auto ran = run(**world, wished > 0 ? Time{Duration{wished}} : Time{scenario.until}, speed,
                         recording, capture, firmware);
    if (!ran) return fail(ran.error());
    if (firmware != nullptr) print_firmware(*firmware);
    const sim::Report report = (*world)->report();
    const auto written = recording.finish((*world)->now(), report.outcome, report.reason);
    if (!written) return fail(written.error());
    const auto captured = capture.ready();
    if (!captured) return fail(captured.error());
    const auto reported = report_files.finish((*world)->now(), report.outcome, report.reason);
    if (!reported) return fail(reported.error());
    if (options.json) {
        std::printf("%s\n", sim::to_json(report).c_str());
    } else {
        print_text(report);
    }
    return 0;
}

/// A port for each simulated radio, for Meshtastic's own clients. ERRORS: one sentence.
Result<std::unique_ptr<client_api::Server>, std::string> open_radios(ClientBridge& bridge,
                                                                     Runner& runner,
                                                                     const Options& options) {
    if (!options.client_api) return std::unique_ptr<client_api::Server>();
    const auto radios = bridge.radios();
    std::vector<NodeId> ids;
    for (const auto& [id, name] : radios) ids.push_back(id);
    auto server = client_api::Server::start(bridge, ids, *options.client_api);
    if (!server) return server;
    bridge.connect(runner, **server);
    for (const auto& [id, name] : radios) {
        std::fprintf(stderr, "a Meshtastic client reaches %s's radio at 127.0.0.1:%u\n",
                     name.c_str(), unsigned{(*server)->port(id)});
    }
    return server;
}

/// A port for each external node's body. ERRORS: one sentence.
Result<void, std::string> open_bodies(BodyBridge& bridge, Runner& runner, const Options& options) {
    if (!options.body_api) return {};
    const auto opened = bridge.open(runner, *options.body_api);
    if (!opened) return opened;
    for (const auto& [name, port] : bridge.ports())
        std::fprintf(stderr, "%s's body waits for its node at 127.0.0.1:%u\n", name.c_str(),
                     unsigned{port});
    return {};
}

int show(const Options& options, const scenario::Scenario& scenario,
         scene::SceneClassifier& classifier, double speed, FirmwareBridge* firmware) {
    // Pictures that people hand in are looked at on a thread of their own, by a classifier of its
    // own.
    const auto for_tasks = classifier_from_environment(tell_why);
    LiveFiles files(options.record, options.report, label_of(scenario, options.seed));
    if (const auto ready = files.ready(); !ready) return fail(ready.error());
    ClientBridge bridge;
    BodyBridge bodies;
    GatewayBridge gateways;
    LanBridge lan;
    const Cast cast{options.without, options.external, options.radioless};
    const bool bridged = !options.gateways.names.empty();
    const Bridges bridges{options.client_api ? &bridge : nullptr, &bodies, firmware,
                          bridged ? &gateways : nullptr,
                          options.lan.names.empty() ? nullptr : &lan};
    auto runner = Runner::start(live(scenario, options.seed, cast, classifier, bridges),
                                options.seed, speed, files.sink());
    if (!runner) return fail(runner.error());
    const auto radios = open_radios(bridge, **runner, options);
    if (!radios) return fail(radios.error());
    const auto listening = open_bodies(bodies, **runner, options);
    if (!listening) return fail(listening.error());
    if (bridged) {
        const auto opened = gateways.open(**runner, options.gateways);
        if (!opened) return fail(opened.error());
    }
    if (!options.lan.names.empty()) {
        const auto opened = lan.open(**runner, options.lan);
        if (!opened) return fail(opened.error());
    }
    if (firmware != nullptr)
        firmware->on_frames([&runner = **runner, firmware] {
            (void)runner.post([firmware](World&) { firmware->take_in(); });
        });
    const auto served = serve(**runner, options.serve, {for_tasks.get()}, nullptr,
                              [&radios](web::Metrics& metrics) {
                                  if (*radios != nullptr) measure((*radios)->counters(), metrics);
                              });
    if (firmware != nullptr) firmware->on_frames([] {});
    lan.close();
    gateways.close();
    bodies.close();
    bridge.disconnect();
    if (!served) return fail(served.error());
    const Ending ending = (*runner)->world().ending();
    const auto written = files.finish((*runner)->world().now(), ending.outcome, ending.reason);
    return written ? 0 : fail(written.error());
}

/// None where the scenario has none. ERRORS: one sentence.
Result<std::unique_ptr<FirmwareBridge>, std::string> reach_firmware(
    const scenario::Scenario& scenario) {
    if (scenario.firmware.empty()) return std::unique_ptr<FirmwareBridge>();
    return FirmwareBridge::connect(scenario, kFirmwarePatience, tell_why);
}

int start_mesh(const Options& options, MeshRun run) {
    if (!options.without.empty() || options.client_api || options.body_api ||
        !options.firmware.empty()) {
        return fail(options.scenario +
                    ": a mesh of plain radios has no --without, --client-api, "
                    "--body-api and --firmware");
    }
    const auto speed = speed_of(options, false);
    if (!speed) return fail(speed.error());
    if (options.until_s > 0) run.overrides.push_back({"run.until_s", decimal(options.until_s)});
    run.seed = options.seed;
    run.speed = *speed;
    run.json = options.json;
    run.record = options.record;
    run.report = options.report;
    run.pcap = options.pcap;
    run.serve = options.serve;
    return run_mesh(run);
}

int start(const Options& options) {
    if (!options.meshtasticator.file.empty())
        return run_meshtasticator(options.meshtasticator, options.seed, options.json);
    if (options.scenario.empty()) return fail("a scenario, such as scenarios/blocked-cat.toml");
    if (!options.pcap.empty() && !options.serve.endpoint.empty())
        return fail("--pcap goes with a run that ends by itself, not with --serve");
    const auto overrides = overrides_of(options);
    if (!overrides) return fail(overrides.error().sentence);
    const auto text = scenario::read_text(options.scenario);
    if (!text) return fail(text.error().sentence);
    if (deployment::is_deployment(*text))
        return start_mesh(options, {options.scenario, *text, *overrides});
    if (options.nodes > 0)
        return fail("--nodes is for meshes of plain radios (scenarios with a [mesh])");
    const auto loaded = scenario::parse(*text, options.scenario, *overrides);
    if (!loaded) return fail(loaded.error().sentence);
    const auto scenario = with_firmware(*loaded, options.firmware);
    if (!scenario) return fail(scenario.error());
    const auto speed = speed_of(options, !scenario->firmware.empty());
    if (!speed) return fail(speed.error());
    const auto firmware = reach_firmware(*scenario);
    if (!firmware) return fail(firmware.error());
    const auto classifier = classifier_from_environment(tell_why);
    if (options.serve.endpoint.empty())
        return simulate(options, *scenario, *classifier, *speed, firmware->get());
    return show(options, *scenario, *classifier, *speed, firmware->get());
}

}  // namespace

void add_sim(Program& program) {
    auto options = std::make_shared<Options>();
    CLI::App* command = program.cli.add_subcommand(
        "sim", "Simulate a swarm, or a mesh of plain radios, from a scenario file");
    command->add_option("scenario", options->scenario,
                        "A scenario, such as scenarios/blocked-cat.toml");
    command->add_option("--seed", options->seed, "Chooses everything that is left to chance")
        ->capture_default_str();
    command->add_option("--until", options->until_s, "Seconds to simulate at most")
        ->check(CLI::Range(0.001, 1e8));
    command->add_option("--nodes", options->nodes, "So many radios, of a mesh of plain radios")
        ->check(CLI::Range(std::size_t{1}, deployment::kNodesMost));
    command->add_option("--without", options->without, "Leave this node out; may be repeated")
        ->allow_extra_args(false);
    command->add_option("--set", options->set, "Change a key of the scenario: air.loss_percent=10")
        ->allow_extra_args(false);
    command->add_option("--loss", options->loss, "Extra chance that a reception fails")
        ->check(CLI::Range(0.0, 1.0));
    command->add_option("--record", options->record,
                        "Write everything that happens to this file, for replay; packed, or as "
                        "text when it is called .ndjson");
    command->add_option("--report", options->report,
                        "Write FILE.html with pictures of how it went, FILE.json and FILE.csv");
    command->add_option("--pcap", options->pcap,
                        "Write every transmission to this file, for Wireshark (LoRaTap)");
    command->add_option("--speed", options->speed,
                        "Times real time, or max (the default without --serve)");
    command->add_flag("--json", options->json, "Print the outcome as one JSON object");
    add_meshtasticator_options(*command, options->meshtasticator);
    add_serve_options(*command, options->serve);
    command
        ->add_option(
            "--client-api", options->client_api,
            "First TCP port on which Meshtastic clients reach the radios, one port each; 0: any "
            "that are free")
        ->check(CLI::Range(0, 65535))
        ->needs("--serve");
    command
        ->add_option(
            "--body-api", options->body_api,
            "First TCP port on which external nodes reach their bodies, one port each; 0: any "
            "that are free")
        ->check(CLI::Range(0, 65535));
    command
        ->add_option("--external", options->external,
                     "This node runs elsewhere (compotastic node); may be repeated")
        ->needs("--client-api")
        ->needs("--body-api");
    command
        ->add_option("--firmware", options->firmware,
                     "NAME=tcp:HOST:PORT: a real firmware in simulated-radio mode (meshtasticd -s) "
                     "has this antenna, in real time; may be repeated")
        ->allow_extra_args(false);
    command
        ->add_option("--no-radio", options->radioless,
                     "This external node's radio is elsewhere, too; may be repeated")
        ->allow_extra_args(false)
        ->needs("--external");
    CLI::Option* mqtt = command->add_option(
        "--mqtt", options->gateways.broker,
        "A broker for simulated gateways: mqtt://HOST/msh/REGION (doc/links.md)");
    CLI::Option* gateway = command
                               ->add_option("--gateway", options->gateways.names,
                                            "This node's radio is connected to the broker; may be "
                                            "repeated")
                               ->allow_extra_args(false)
                               ->needs(mqtt)
                               ->needs("--serve");
    mqtt->needs(gateway);
    CLI::Option* lan = command->add_option(
        "--lan", options->lan.address,
        "A network for simulated radios with UDP broadcast: udp, udp:INTERFACE[:PORT]");
    CLI::Option* on_lan = command
                              ->add_option("--on-lan", options->lan.names,
                                           "This node's radio is there; may be repeated")
                              ->allow_extra_args(false)
                              ->needs(lan)
                              ->needs("--serve");
    lan->needs(on_lan);
    command
        ->add_flag("--zero-hop", options->gateways.zero_hop,
                   "What comes from the broker reaches the gateways alone")
        ->needs(mqtt);
    command->callback([&program, options] { program.exit_status = start(*options); });
}

}  // namespace compot::apps
