#include "sim/scenario/scenario.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <set>
#include <string_view>

#include "sim/scenario/envelope.hpp"
#include "sim/scenario/overrides.hpp"
#include "sim/scenario/section.hpp"

namespace compot::scenario {

namespace {

constexpr std::int32_t kTileHundredths = 100;

const std::vector<std::string_view> kClassNames{"CLEAR", "MOVABLE", "IMMOVABLE", "DANGEROUS"};

learn::TileClass obstacle_class(Section& section, std::string_view key) {
    const std::vector<std::string_view> things(kClassNames.begin() + 1, kClassNames.end());
    return static_cast<learn::TileClass>(1 + section.choice(key, 1, things));
}

std::uint32_t milli(Section& section, std::string_view key, std::uint32_t fallback) {
    return static_cast<std::uint32_t>(section.integer(key, fallback, 0, 1'000'000'000));
}

void read_run(Section section, Scenario& out) {
    out.title = section.text("title", out.name);
    out.until = section.seconds("until_s", 900s, 1s, 30 * 24h);
    out.settle = section.seconds("settle_s", 10s, 0s, 1h);
    section.finish();
}

void read_swarm(Section section, Scenario& out) {
    out.channel_name = section.text("channel", "swarm");
    if (out.channel_name.size() > 11) section.fail("channel", "expected at most 11 characters");
    out.secret = section.text("secret", std::nullopt);
    const std::string preset = section.text("preset", "ShortFast");
    const auto known = air::preset_named(preset);
    if (known) {
        out.preset = *known;
    } else {
        section.fail("preset",
                     "expected one of Meshtastic's presets, such as LongFast; found " + preset);
    }
    out.hop_limit = static_cast<std::uint8_t>(section.integer("hop_limit", 3, 0, 7));
    out.duty_cycle_permille =
        static_cast<std::uint16_t>(section.integer("duty_cycle_permille", 1000, 1, 1000));
    out.confidence_permille = static_cast<std::uint16_t>(
        section.integer("confidence_permille", out.confidence_permille, 500, 1000));
    section.finish();
}

void read_purse(Section section, Scenario& out) {
    out.purse.share_permille = static_cast<std::uint16_t>(
        section.integer("share_permille", out.purse.share_permille, 1, 500));
    out.purse.burst = section.seconds("burst_s", out.purse.burst, 1s, 600s);
    out.purse.reserve = section.seconds("reserve_s", out.purse.burst / 2, 0s, out.purse.burst);
    section.finish();
}

void read_timing(Section section, Scenario& out) {
    node::Timing& timing = out.timing;
    timing.beacon_min = section.seconds("beacon_min_s", timing.beacon_min, 100ms, 1h);
    timing.beacon_max = section.seconds("beacon_max_s", timing.beacon_max, 100ms, 24h);
    timing.homing_every = section.seconds("homing_every_s", timing.homing_every, 1s, 1h);
    timing.telemetry_every = section.seconds("telemetry_every_s", timing.telemetry_every, 1s, 24h);
    timing.ask_again = section.seconds("ask_again_s", timing.ask_again, 1s, 1h);
    timing.stuck_decisions = static_cast<std::uint8_t>(
        section.integer("stuck_decisions", timing.stuck_decisions, 1, 100));
    if (timing.beacon_max < timing.beacon_min) {
        section.fail("beacon_max_s", "expected at least beacon_min_s");
    }
    section.finish();
}

void read_field(Section section, Scenario& out) {
    out.cell_cm = section.hundredths("cell_m", out.cell_cm, 10, 1'000'000);
    out.decision = section.seconds("decision_s", out.decision, 100ms, 60s);
    out.bodies_start = section.seconds("starts_s", out.bodies_start, 0s, 24h);
    out.fix_error_tiles =
        static_cast<std::uint8_t>(section.integer("fix_error_tiles", out.fix_error_tiles, 0, 8));
    out.fix_age_most_s =
        static_cast<std::uint16_t>(section.integer("fix_age_s", out.fix_age_most_s, 0, 3600));
    out.picture = section.seconds("picture_s", out.picture, 0s, 600s);
    out.fog_percent = static_cast<std::uint8_t>(section.integer("fog_percent", 0, 0, 100));
    out.sites = section.cells("sites", node::kSitesMax);
    section.finish();
}

ether::Position to_position(const Scenario& scenario, std::pair<std::int32_t, std::int32_t> place) {
    const auto scale = [&](std::int32_t hundredths) {
        return static_cast<std::int32_t>(static_cast<std::int64_t>(hundredths) * scenario.cell_cm /
                                         kTileHundredths);
    };
    return {scale(place.first), scale(place.second), 0};
}

void read_air(Section section, Scenario& out) {
    Air& air = out.air;
    air.propagation = static_cast<Propagation>(
        section.choice("path_loss", 1, {"free_space", "log_distance", "two_ray"}));
    air.frequency_khz = static_cast<std::uint32_t>(
        section.integer("frequency_khz", air.frequency_khz, 100'000, 3'000'000));
    air.reference_loss_cdb = section.hundredths("loss_at_1m_db", air.reference_loss_cdb, 0, 20'000);
    air.exponent_hundredths = section.hundredths("exponent", air.exponent_hundredths, 100, 800);
    air.noise_figure_cdb = section.hundredths("noise_figure_db", air.noise_figure_cdb, 0, 3000);
    air.shadowing_cdb = section.hundredths("shadowing_db", air.shadowing_cdb, 0, 2000);
    air.asymmetry_cdb = section.hundredths("asymmetry_db", air.asymmetry_cdb, 0, 2000);
    air.loss_millionths =
        static_cast<std::uint32_t>(section.hundredths("loss_percent", 0, 0, 10'000)) * 100;
    air.capture = section.choice("capture", 0, {"6dB", "croce"}) == 1 ? ether::Capture::Croce
                                                                      : ether::Capture::SixDecibels;
    for (Section& one : section.sections("ridge")) {
        ether::Ridge ridge;
        ridge.from = to_position(out, one.place("from"));
        ridge.to = to_position(out, one.place("to"));
        ridge.crest_cm = one.hundredths("crest_m", ridge.crest_cm, 0, 1'000'000);
        ridge.loss_cdb = one.hundredths("loss_db", 3000, 0, 20'000);
        one.finish();
        air.ridges.push_back(ridge);
    }
    for (Section& one : section.sections("link")) {
        const auto from = out.node_named(one.text("from", std::nullopt));
        const auto to = out.node_named(one.text("to", std::nullopt));
        if (!from) one.fail("from", "no such node");
        if (!to) one.fail("to", "no such node");
        const std::int32_t loss = one.hundredths("loss_db", 10'000, 0, 30'000);
        one.finish();
        air.links.push_back(Link{from.value_or(0), to.value_or(0), loss});
    }
    section.finish();
}

void read_foreign(Section section, Scenario& out) {
    Foreign& foreign = out.foreign;
    foreign.load_permille =
        static_cast<std::uint16_t>(section.hundredths("load_percent", 0, 0, 8000) / 10);
    foreign.stations =
        static_cast<std::uint16_t>(section.integer("stations", foreign.stations, 1, 1000));
    foreign.bytes_least =
        static_cast<std::uint16_t>(section.integer("bytes_least", foreign.bytes_least, 16, 255));
    foreign.bytes_most =
        static_cast<std::uint16_t>(section.integer("bytes_most", foreign.bytes_most, 16, 255));
    foreign.antenna_cm = section.hundredths("antenna_m", foreign.antenna_cm, 1, 1'000'000);
    if (foreign.bytes_most < foreign.bytes_least) {
        section.fail("bytes_most", "expected at least bytes_least");
    }
    section.finish();
}

/// A Cortex-M4F board with an SX1262 at 22 dBm on two 18650 cells; a Jetson on a 500 Wh pack.
/// SOURCE: SX1262 datasheet (4.6 mA receiving, 118 mA sending, 3.3 V).
Energy default_energy(node::Role role) {
    if (role == node::Role::Edge) {
        return {1'800'000'000, 1000, 10'000, 15, 390, 20'000, 0, 5'000, 60'000, 400'000};
    }
    return {80'000'000, 1000, 20, 15, 390, 2'000, 500, 200, 6'000, 40'000};
}

Energy read_energy(Section section, node::Role role) {
    Energy energy = default_energy(role);
    energy.battery_mj =
        section.integer("battery_j", energy.battery_mj / 1000, 1, 1'000'000'000) * 1000;
    energy.charge_permille = static_cast<std::uint16_t>(
        section.hundredths("charge_percent", energy.charge_permille * 10, 0, 10'000) / 10);
    energy.mcu_mw = milli(section, "mcu_mw", energy.mcu_mw);
    energy.receive_mw = milli(section, "receive_mw", energy.receive_mw);
    energy.transmit_mw = milli(section, "transmit_mw", energy.transmit_mw);
    energy.move_mj = milli(section, "move_mj", energy.move_mj);
    energy.work_mj = milli(section, "work_mj", energy.work_mj);
    energy.picture_mj = milli(section, "picture_mj", energy.picture_mj);
    energy.touch_mj = milli(section, "touch_mj", energy.touch_mj);
    energy.danger_mj = milli(section, "danger_mj", energy.danger_mj);
    section.finish();
    return energy;
}

NodePlan read_node(Section& section) {
    NodePlan plan;
    plan.name = section.text("name", std::nullopt);
    plan.role =
        section.choice("role", 0, {"cat", "edge"}) == 1 ? node::Role::Edge : node::Role::Cat;
    plan.at = section.cell("at", std::nullopt);
    plan.duties.works = section.boolean("works", false);
    plan.duties.streams_telemetry = section.boolean("streams_telemetry", false);
    plan.duties.patrols = section.boolean("patrols", false);
    plan.duties.classifies = section.boolean("classifies", false);
    plan.duties.has_backhaul = section.boolean("has_backhaul", false);
    plan.holds_batches_for = section.text("holds_batches_for", "");
    plan.publishes_facts = section.boolean("publishes_facts", plan.role == node::Role::Edge);
    plan.power_cdbm = section.hundredths("power_dbm", plan.power_cdbm, -2000, 3600);
    plan.gain_cdb = section.hundredths("gain_db", plan.gain_cdb, -3000, 3000);
    plan.antenna_cm = section.hundredths("antenna_m", plan.antenna_cm, 1, 1'000'000);
    constexpr std::array<radio::Role, 3> kRadioRoles{radio::Role::Client, radio::Role::Router,
                                                     radio::Role::RouterLate};
    plan.radio_role =
        kRadioRoles[section.choice("radio_role", 0, {"client", "router", "router_late"})];
    plan.present = section.boolean("present", true);
    plan.waypoints = section.cells("waypoints", node::kSitesMax);
    plan.envelope = read_envelope(section.section("envelope"));
    plan.energy = read_energy(section.section("energy"), plan.role);
    section.finish();
    return plan;
}

void read_nodes(Section& root, Scenario& out) {
    for (Section& section : root.sections("node")) {
        const NodePlan plan = read_node(section);
        if (out.node_named(plan.name)) section.fail("name", "a node of this name exists already");
        out.nodes.push_back(plan);
        if (out.nodes.size() > node::kMembersMax) {
            section.fail("", "expected at most " + std::to_string(node::kMembersMax) + " nodes");
        }
    }
    if (out.nodes.empty()) root.fail("node", "expected at least one [[node]]");
}

void read_firmware(Section& root, Scenario& out) {
    constexpr std::size_t kFirmwareMax = 16;
    for (Section& section : root.sections("firmware")) {
        FirmwarePlan plan;
        plan.name = section.text("name", std::nullopt);
        plan.address = section.text("address", "");
        plan.at = section.cell("at", std::nullopt);
        plan.power_cdbm = section.hundredths("power_dbm", plan.power_cdbm, -2000, 3600);
        plan.gain_cdb = section.hundredths("gain_db", plan.gain_cdb, -3000, 3000);
        plan.antenna_cm = section.hundredths("antenna_m", plan.antenna_cm, 1, 1'000'000);
        const bool taken = out.node_named(plan.name) ||
                           std::any_of(out.firmware.begin(), out.firmware.end(),
                                       [&](const auto& each) { return each.name == plan.name; });
        if (taken) section.fail("name", "a node of this name exists already");
        section.finish();
        out.firmware.push_back(plan);
        if (out.firmware.size() > kFirmwareMax)
            section.fail("", "expected at most " + std::to_string(kFirmwareMax) + " of them");
    }
}

void read_obstacles(Section& root, Scenario& out) {
    std::set<std::uint8_t> taken;
    for (const learn::Cell site : out.sites) {
        if (!taken.insert(site.index()).second) root.fail("field", "two sites on one tile");
    }
    for (Section& section : root.sections("obstacle")) {
        ObstaclePlan plan;
        plan.at = section.cell("at", std::nullopt);
        plan.what = obstacle_class(section, "what");
        plan.known = section.boolean("known", true);
        section.finish();
        if (!taken.insert(plan.at.index()).second) {
            section.fail("at", "a site or an obstacle is on this tile already");
        }
        for (const NodePlan& node : out.nodes) {
            if (node.at == plan.at) section.fail("at", node.name + " starts on this tile");
        }
        out.obstacles.push_back(plan);
    }
}

void read_blockage(Section section, Scenario& out) {
    Blockage& blockage = out.blockage;
    blockage.appears = section.has("appears_s");
    blockage.at = section.seconds("appears_s", 0s, 0s, 30 * 24h);
    const auto what = section.choice("what", 0, {"any", "MOVABLE", "IMMOVABLE", "DANGEROUS"});
    if (what > 0) blockage.what = static_cast<learn::TileClass>(what);
    blockage.steps_least =
        static_cast<std::uint8_t>(section.integer("steps_least", blockage.steps_least, 2, 100));
    blockage.known_to = section.texts("known_to");
    for (const std::string& name : blockage.known_to) {
        if (!out.node_named(name)) section.fail("known_to", "no node is called " + name);
    }
    section.finish();
}

void read_happenings(Section& root, Scenario& out) {
    using What = Happening::What;
    for (Section& section : root.sections("event")) {
        Happening event;
        event.at = section.seconds("at_s", 0s, 0s, 30 * 24h);
        event.what = static_cast<What>(
            section.choice("do", 0, {"drop", "revive", "put", "remove", "drain"}));
        if (event.what == What::Put || event.what == What::Remove) {
            event.cell = section.cell("at", std::nullopt);
            if (event.what == What::Put) event.thing = obstacle_class(section, "what");
        } else {
            event.node = section.text("node", std::nullopt);
            if (!out.node_named(event.node))
                section.fail("node", "no node is called " + event.node);
        }
        if (event.what == What::Drain) {
            event.charge_permille =
                static_cast<std::uint16_t>(section.hundredths("charge_percent", 0, 0, 10'000) / 10);
        }
        section.finish();
        out.happenings.push_back(event);
    }
}

/// What an enrolment can't hold is refused before anybody is enrolled.
void check_enrolment(Section& root, const Scenario& out) {
    const auto known = static_cast<std::size_t>(
        std::count_if(out.obstacles.begin(), out.obstacles.end(),
                      [](const ObstaclePlan& plan) { return plan.known; }));
    constexpr std::size_t kKnownMax = decltype(node::Config::facts)::capacity();
    if (known > kKnownMax) {
        root.fail("obstacle", "expected at most " + std::to_string(kKnownMax) +
                                  " with known = true, found " + std::to_string(known));
    }
    // What everybody knows from the start takes the place of one publisher.
    const std::size_t places = kFactPublishersMax - (known > 0 ? 1 : 0);
    const auto publishers = static_cast<std::size_t>(
        std::count_if(out.nodes.begin(), out.nodes.end(),
                      [](const NodePlan& plan) { return plan.publishes_facts; }));
    if (publishers > places) {
        root.fail("node", "expected at most " + std::to_string(places) +
                              " that publish facts (an edge does unless publishes_facts = false)" +
                              (known > 0 ? ", since known obstacles take a place" : "") +
                              ", found " + std::to_string(publishers));
    }
}

void check_names(Section& root, const Scenario& out) {
    for (const NodePlan& plan : out.nodes) {
        if (!plan.holds_batches_for.empty() && !out.node_named(plan.holds_batches_for)) {
            root.fail("node", plan.name + " holds batches for " + plan.holds_batches_for +
                                  ", which is no node");
        }
    }
}

Scenario read(Section& root, const std::string& name) {
    Scenario out;
    out.name = name;
    read_run(root.section("run"), out);
    read_swarm(root.section("swarm"), out);
    read_purse(root.section("purse"), out);
    read_timing(root.section("timing"), out);
    read_field(root.section("field"), out);
    read_nodes(root, out);
    read_firmware(root, out);
    read_air(root.section("air"), out);
    read_foreign(root.section("foreign"), out);
    read_obstacles(root, out);
    read_blockage(root.section("blockage"), out);
    read_happenings(root, out);
    check_names(root, out);
    check_enrolment(root, out);
    root.finish();
    return out;
}

}  // namespace

std::optional<std::size_t> Scenario::node_named(const std::string& called) const {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (nodes[i].name == called) return i;
    }
    return std::nullopt;
}

std::string stem(const std::string& file) {
    const auto slash = file.find_last_of('/');
    std::string name = slash == std::string::npos ? file : file.substr(slash + 1);
    if (name.ends_with(".toml")) name.resize(name.size() - 5);
    return name;
}

Result<Override, Failure> parse_override(const std::string& text) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
        return Failure{"--set " + text + ": expected key=value, for example air.loss_percent=10"};
    }
    return Override{text.substr(0, equals), text.substr(equals + 1)};
}

Result<Scenario, Failure> parse(const std::string& text, const std::string& file,
                                const std::vector<Override>& overrides) {
    auto parsed = table_of(text, file);
    if (!parsed) return parsed.error();
    toml::table table = *std::move(parsed);
    Reading reading{file, {}, {}};
    apply(table, overrides, reading);
    Section root(reading, &table, "");
    Scenario scenario = read(root, stem(file));
    if (!reading.error.empty()) return Failure{reading.error};
    return scenario;
}

Result<std::string, Failure> read_text(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return Failure{file + ": can't be opened; give the path of a scenario (.toml)"};
    std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (in.bad()) return Failure{file + ": can't be read"};
    return text;
}

Result<Scenario, Failure> load(const std::string& file, const std::vector<Override>& overrides) {
    const auto text = read_text(file);
    if (!text) return text.error();
    return parse(*text, file, overrides);
}

}  // namespace compot::scenario
