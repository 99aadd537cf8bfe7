#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <set>

#include "apps/classifier.hpp"
#include "apps/command.hpp"
#include "apps/node_bridge.hpp"
#include "apps/node_links.hpp"
#include "apps/run_files.hpp"
#include "apps/serve.hpp"
#include "host/machine/machine.hpp"
#include "host/stream_client/devices.hpp"
#include "observe/hex.hpp"

/// compotastic node: one node beside a radio, for as long as it is let.

namespace compot::apps {

namespace {

struct Options {
    std::string config;
    std::string scenario;
    std::string name;
    std::uint64_t seed = 1;
    std::string role;
    std::vector<std::string> radios;
    std::string body;
    std::string data_dir;
    std::string record;
    std::string report;
    bool show_keys = false;
    std::string bridge;
    std::string bridge_profile;
    std::string bridge_pictures;
    ServeOptions serve;
};

int fail(const std::string& sentence) {
    fmt::print(stderr, "compotastic node: {}\n", sentence);
    return 1;
}

/// What the command line says goes before what the file says. ERRORS: one sentence.
Result<NodeSetup, std::string> setup_of(const Options& options) {
    if (options.config.empty() == options.scenario.empty())
        return std::string("give --config FILE, or --scenario FILE and --name NODE");
    auto setup = options.config.empty()
                     ? setup_from_scenario(options.scenario, options.name, options.seed)
                     : setup_from_file(options.config);
    if (!setup) return setup;
    const bool edge = setup->terms.config.role == node::Role::Edge;
    if (!options.role.empty() && options.role != (edge ? "edge" : "cat"))
        return fmt::format("{} is enrolled as {}", setup->terms.name, edge ? "an edge" : "a cat");
    if (!options.radios.empty()) setup->radios = options.radios;
    if (!options.body.empty()) setup->body = options.body;
    if (!options.data_dir.empty()) setup->data_dir = options.data_dir;
    if (!options.serve.endpoint.empty()) setup->serve = options.serve.endpoint;
    if (!options.bridge.empty()) setup->bridge = options.bridge;
    if (!options.bridge_profile.empty()) setup->bridge_profile = options.bridge_profile;
    if (!options.bridge_pictures.empty()) setup->bridge_pictures = options.bridge_pictures;
    setup->terms.has_body = !setup->body.empty();
    return setup;
}

/// Those that were named, or the only one that is plugged in. ERRORS: one sentence.
Result<std::vector<WayAddress>, std::string> ways_of(const std::vector<std::string>& named) {
    std::vector<std::string> wanted = named;
    if (wanted.empty()) {
        const auto devices = stream_client::usb_serial_devices();
        if (devices.empty())
            return std::string(
                "no radio: none is plugged in; connect a Meshtastic radio by USB, or give --radio "
                "tcp:HOST for one on the network, --radio udp for those of the local network, or "
                "--radio mqtt://HOST/msh/REGION for a broker");
        if (devices.size() > 1)
            return fmt::format("{} serial devices are plugged in: say which by --radio serial:{}",
                               devices.size(), devices[0].path);
        wanted.push_back("serial:" + devices[0].path);
    }
    std::vector<WayAddress> ways;
    for (const std::string& text : wanted) {
        const auto way = parse_way(text);
        if (!way) return way.error();
        ways.push_back(*way);
    }
    return ways;
}

/// None where the setup names none. ERRORS: one sentence.
Result<std::unique_ptr<NodeBridge>, std::string> bridge_of(const NodeSetup& setup) {
    if (setup.bridge.empty()) return std::unique_ptr<NodeBridge>();
    const auto terms = parse_bridge(setup.bridge, setup.bridge_profile, setup.bridge_pictures);
    if (!terms) return "--bridge: " + terms.error();
    return NodeBridge::create(*terms, setup.terms.config, setup.data_dir);
}

/// Looks at pictures itself, and does not leave all of them to others.
bool has_model(const NodeSetup& setup) {
    const bool leaves_all = !setup.bridge.empty() && setup.bridge_pictures == "all";
    return setup.terms.config.duties.classifies && !leaves_all;
}

std::unique_ptr<scene::SceneClassifier> classifier_of(const NodeSetup& setup) {
    if (!has_model(setup)) return nullptr;
    return classifier_from_environment([](const std::string&) {});
}

/// What an edge node says of this machine to the swarm, and to whoever starts it.
void register_bench(NodeSetup& setup) {
    if (setup.terms.config.role != node::Role::Edge) return;
    const machine::Machine machine = machine::look();
    node::Bench& bench = setup.terms.config.bench;
    bench.capabilities = machine::capabilities(machine);
    std::string eyes;
    if (has_model(setup)) {
        const auto names = backends_from_environment();
        std::set<std::uint32_t> ids;
        for (const std::string& name : names) ids.insert(machine::model_id(name));
        for (const std::uint32_t id : ids) bench.models.push(id);
        eyes = fmt::format("; looks at pictures by {}", fmt::join(names, ", "));
    }
    fmt::print(stderr, "compotastic node: computes with {}{}\n", machine::to_text(machine), eyes);
}

int run(NodeSetup setup, const Options& options, const std::vector<WayAddress>& ways,
        const std::optional<stream_client::Address>& body) {
    const auto credentials = mqtt::credentials_from_environment();
    if (!credentials) return fail(credentials.error());
    // A folder for the node alone: keys and records lie in it.
    const auto keys = node_keys(setup.data_dir);
    if (!keys) return fail(keys.error());
    auto store = store::Store::open(setup.data_dir + "/records.db");
    if (!store) return fail(store.error());
    const auto shelf = store::Shelf::open(setup.data_dir + "/pictures");
    if (!shelf) return fail(shelf.error());
    const auto bridge = bridge_of(setup);
    if (!bridge) return fail(bridge.error());
    register_bench(setup);
    scene::Elsewhere* elsewhere = *bridge == nullptr ? nullptr : (*bridge)->elsewhere();
    setup.terms.others_look = elsewhere != nullptr;
    NodeLinks links(setup);
    const auto make = [&](std::optional<std::uint64_t>, observe::Sink& sink) {
        auto world = NodeWorld::start(setup.terms, **store, links, sink);
        if (world && *bridge != nullptr) (*bridge)->attach(dynamic_cast<NodeWorld&>(**world));
        return world;
    };
    observe::World label;
    label.scenario = setup.terms.name;
    LiveFiles files(options.record, options.report, label);
    if (const auto ready = files.ready(); !ready) return fail(ready.error());
    auto runner = Runner::start(make, std::nullopt, 1.0, files.sink());
    if (!runner) return fail(runner.error());
    // Each thread that looks has a classifier of its own.
    const auto classifier = classifier_of(setup);
    if (*bridge != nullptr) (*bridge)->open(**runner, classifier_of(setup));
    links.open(**runner, ways, *credentials, body, classifier_of(setup), elsewhere);
    std::string problem;
    if (setup.serve.empty()) {
        (*runner)->run(stop_requested());
    } else {
        ServeOptions serve_options = options.serve;
        serve_options.endpoint = setup.serve;
        const auto served =
            serve(**runner, serve_options,
                  {classifier.get(), elsewhere, false, setup.terms.config.confidence_permille},
                  shelf->get(), [&](web::Metrics& metrics) {
                      links.measure(metrics);
                      if (*bridge != nullptr) (*bridge)->measure(metrics);
                  });
        if (!served) problem = served.error();
    }
    links.close();
    if (*bridge != nullptr) (*bridge)->close();
    if (problem.empty()) problem = links.fatal();
    const auto kept = files.finish((*runner)->world().now(), "ended", "");
    if (problem.empty() && !kept) problem = kept.error();
    return problem.empty() ? 0 : fail(problem);
}

int show_keys(const std::string& dir) {
    if (dir.empty()) return fail("--show-keys needs --data-dir");
    const auto keys = node_keys(dir);
    if (!keys) return fail(keys.error());
    fmt::print("exchange_public = \"{}\"\nsigning_public = \"{}\"\n",
               observe::hex(crypto::exchange_public(keys->exchange_secret)),
               observe::hex(crypto::signing_public(keys->signing_seed)));
    return 0;
}

int start(const Options& options) {
    if (options.show_keys) return show_keys(options.data_dir);
    auto setup = setup_of(options);
    if (!setup) return fail(setup.error());
    const auto ways = ways_of(setup->radios);
    if (!ways) return fail(ways.error());
    std::optional<stream_client::Address> body;
    if (!setup->body.empty()) {
        const auto parsed = stream_client::parse_address(setup->body);
        if (!parsed) return fail("--body: " + parsed.error());
        body = *parsed;
    }
    return run(*std::move(setup), options, *ways, body);
}

}  // namespace

void add_node(Program& program) {
    auto options = std::make_shared<Options>();
    CLI::App* command =
        program.cli.add_subcommand("node", "Be a node of a swarm, beside a Meshtastic radio");
    command->add_option("--config", options->config, "The node's file (doc/node.md)");
    CLI::Option* scenario = command->add_option("--scenario", options->scenario,
                                                "Take a simulated node's place: its scenario");
    command->add_option("--name", options->name, "... and its name")->needs(scenario);
    command->add_option("--seed", options->seed, "... and the seed of the world that it is in")
        ->needs(scenario);
    scenario->needs("--name");
    command->add_option("--record", options->record,
                        "Write everything that it hears and does to this file, for replay");
    command->add_option("--report", options->report,
                        "When it ends, write FILE.html with pictures, FILE.json and FILE.csv");
    command->add_option("--role", options->role, "cat or edge; must be as enrolled")
        ->check(CLI::IsMember({"cat", "edge"}));
    command
        ->add_option("--radio", options->radios,
                     "serial:DEVICE, tcp:HOST[:PORT], udp[:INTERFACE] or mqtt://HOST/msh/REGION "
                     "(doc/links.md); may be repeated; without it the one by USB")
        ->allow_extra_args(false);
    command->add_option(
        "--body", options->body,
        "Where the node's body listens (doc/body.md): tcp:HOST:PORT, serial:DEVICE");
    command->add_option("--data-dir", options->data_dir, "Keys and records; made when not there");
    command->add_flag("--show-keys", options->show_keys,
                      "Print the public keys of --data-dir, which others enrol, and end");
    command->add_option("--bridge", options->bridge,
                        "mqtt://HOST/SITE: share registry, ledger and jobs with other sites");
    command->add_option("--bridge-profile", options->bridge_profile,
                        "What that link is like: lan (the default) or satellite");
    command->add_option(
        "--bridge-pictures", options->bridge_pictures,
        "Pictures that other sites are asked to look at: unsure (the default; those "
        "that our model is not sure of), all (we have none) or none");
    add_serve_options(*command, options->serve);
    command->callback([&program, options] { program.exit_status = start(*options); });
}

}  // namespace compot::apps
