#include "apps/node_setup.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include "observe/hex.hpp"
#include "sim/scenario/enrolment.hpp"
#include "sim/scenario/envelope.hpp"
#include "sim/scenario/overrides.hpp"
#include "sim/scenario/section.hpp"
#include "sim/simulation.hpp"

namespace compot::apps {

namespace {

using scenario::Reading;
using scenario::Section;

constexpr ::mode_t kOthers = 0077;

NodeId node_id(Section& section, std::string_view key) {
    const std::string text = section.text(key, std::nullopt);
    const bool digits = text.size() == 9 && text[0] == '!' &&
                        text.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string::npos;
    if (!digits) section.fail(key, "expected a radio's number like !1234abcd, found " + text);
    return digits ? NodeId{static_cast<std::uint32_t>(std::stoul(text.substr(1), nullptr, 16))}
                  : NodeId{};
}

crypto::Key key(Section& section, std::string_view name) {
    const auto key = key_of(section.text(name, std::nullopt));
    if (!key) section.fail(name, "expected 64 hexadecimal digits");
    return key ? *key : crypto::Key{};
}

void read_swarm(Section swarm, NodeSetup& setup) {
    node::Config& config = setup.terms.config;
    setup.channel_name = swarm.text("channel", std::nullopt);
    config.channel_key = key(swarm, "key");
    const std::string preset = swarm.text("preset", "ShortFast");
    const auto known = air::preset_named(preset);
    if (!known) swarm.fail("preset", "no such preset: " + preset + "; ShortFast is one");
    if (known) config.modem = air::modem(*known);
    config.hop_limit = static_cast<std::uint8_t>(swarm.integer("hop_limit", 3, 0, 7));
    config.purse.share_permille =
        static_cast<std::uint16_t>(swarm.integer("share_permille", 5, 1, 100));
    config.purse.burst = swarm.seconds("burst_s", 30s, 1s, 600s);
    config.confidence_permille = static_cast<std::uint16_t>(
        swarm.integer("confidence_permille", config.confidence_permille, 500, 1000));
    for (const learn::Cell site : swarm.cells("sites", node::kSitesMax)) config.sites.push(site);
    swarm.finish();
}

void read_duties(Section section, node::Config& config) {
    node::Duties& duties = config.duties;
    duties.works = section.boolean("works", false);
    duties.streams_telemetry = section.boolean("streams_telemetry", false);
    duties.patrols = section.boolean("patrols", false);
    duties.classifies = section.boolean("classifies", false);
    duties.has_backhaul = section.boolean("has_backhaul", false);
    if (section.has("holds_batches_for"))
        duties.holds_batches_for = node_id(section, "holds_batches_for");
    for (const learn::Cell waypoint : section.cells("waypoints", node::kSitesMax))
        config.waypoints.push(waypoint);
    section.finish();
}

void read_bridge(Section section, NodeSetup& setup) {
    setup.bridge = section.text("broker", "");
    setup.bridge_profile = section.text("profile", setup.bridge_profile);
    setup.bridge_pictures = section.text("pictures", setup.bridge_pictures);
    section.finish();
}

node::Member read_member(Section& section, std::string& name) {
    node::Member member;
    name = section.text("name", std::nullopt);
    member.call(name);
    member.id = node_id(section, "id");
    member.role =
        section.choice("role", 0, {"cat", "edge"}) == 0 ? node::Role::Cat : node::Role::Edge;
    member.exchange_public = key(section, "exchange_public");
    member.signing_public = key(section, "signing_public");
    member.publishes_facts = section.boolean("publishes_facts", false);
    section.finish();
    return member;
}

void read_members(Section& root, NodeSetup& setup) {
    node::Config& config = setup.terms.config;
    bool self = false;
    for (Section& section : root.sections("member")) {
        std::string name;
        const node::Member member = read_member(section, name);
        setup.terms.names[member.id] = name;
        for (const node::Member& other : config.members)
            if (other.id == member.id) section.fail("id", "another member has it, too");
        if (!config.members.try_push(member))
            return section.fail("",
                                fmt::format("a swarm has at most {} members", node::kMembersMax));
        if (name != setup.terms.name) continue;
        self = true;
        config.self = member.id;
        config.role = member.role;
    }
    if (!self) root.fail("name", setup.terms.name + " is none of the members");
}

/// The file is the enrolment, and whoever may write it its authority: the node's own key vouches to
/// the core that the bounds are for this device.
void sign_envelope(node::Config& config) {
    config.authority = crypto::signing_public(config.signing_seed);
    config.envelope.device = config.self;
    learn::sign(config.envelope, config.signing_seed, config.authority);
}

/// The enrolment must be of the keys that lie here.
std::string check_keys(const NodeSetup& setup) {
    const node::Config& config = setup.terms.config;
    const auto exchange = crypto::exchange_public(config.exchange_secret);
    const auto signing = crypto::signing_public(config.signing_seed);
    for (const node::Member& member : config.members) {
        if (member.id != config.self) continue;
        if (member.exchange_public == exchange && member.signing_public == signing) return "";
    }
    return fmt::format(
        "{} is enrolled with other keys than those in {}; its own are exchange_public = \"{}\" "
        "and signing_public = \"{}\"",
        setup.terms.name, setup.data_dir, observe::hex(exchange), observe::hex(signing));
}

}  // namespace

Result<NodeSetup, std::string> setup_from_file(const std::string& file) {
    const auto text = scenario::read_text(file);
    if (!text) return text.error().sentence;
    const auto parsed = scenario::table_of(*text, file);
    if (!parsed) return parsed.error().sentence;

    struct stat status {};

    if (::stat(file.c_str(), &status) == 0 && (status.st_mode & kOthers) != 0)
        return fmt::format("{}: it holds the swarm's key and others can read it; chmod 600 it",
                           file);
    Reading reading;
    reading.file = file;
    Section root(reading, &*parsed, "");
    NodeSetup setup;
    setup.terms.name = root.text("name", std::nullopt);
    setup.radios = root.text_or_texts("radio");
    setup.body = root.text("body", "");
    setup.serve = root.text("serve", "");
    setup.data_dir = root.text("data_dir", "compotastic-" + setup.terms.name);
    if (root.has("at")) setup.terms.at = root.cell("at", std::nullopt);
    read_swarm(root.section("swarm"), setup);
    read_duties(root.section("duties"), setup.terms.config);
    read_members(root, setup);
    read_bridge(root.section("bridge"), setup);
    const bool bounded = root.has("envelope");
    setup.terms.config.envelope = scenario::read_envelope(root.section("envelope"));
    root.finish();
    if (!reading.error.empty()) return reading.error;
    const auto keys = node_keys(setup.data_dir);
    if (!keys) return keys.error();
    setup.terms.config.exchange_secret = keys->exchange_secret;
    setup.terms.config.signing_seed = keys->signing_seed;
    if (bounded) sign_envelope(setup.terms.config);
    const std::string other = check_keys(setup);
    if (!other.empty()) return file + ": " + other;
    return setup;
}

Result<NodeSetup, std::string> setup_from_scenario(const std::string& file, const std::string& name,
                                                   std::uint64_t seed) {
    const auto scenario = scenario::load(file, {});
    if (!scenario) return scenario.error().sentence;
    const auto index = scenario->node_named(name);
    if (!index) return fmt::format("{}: no node is called {}", file, name);
    sim::Options options;
    options.seed = seed;
    options.real_time = true;
    const auto world = sim::Simulation::create(*scenario, options);
    if (!world) return file + ": " + world.error().sentence;
    NodeSetup setup;
    setup.terms.config = (*world)->units()[*index].config;
    setup.terms.name = name;
    setup.terms.at = scenario->nodes[*index].at;
    for (const sim::Unit& unit : (*world)->units())
        setup.terms.names[unit.config.self] = unit.plan.name;
    setup.channel_name = scenario::enrol(*scenario).channel.name;
    setup.data_dir = "compotastic-" + name;
    return setup;
}

}  // namespace compot::apps
