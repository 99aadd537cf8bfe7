#include "sim/deployment/read.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <string_view>
#include <utility>

#include "sim/scenario/overrides.hpp"

namespace compot::deployment {

namespace {

constexpr std::int32_t kFarthestCm = 10'000'000;
constexpr std::uint32_t kFilesBytesMost = 64'000'000;

constexpr std::array<std::pair<std::string_view, radio::Role>, 11> kRoles{{
    {"client", radio::Role::Client},
    {"client_mute", radio::Role::ClientMute},
    {"router", radio::Role::Router},
    {"router_late", radio::Role::RouterLate},
    {"client_base", radio::Role::ClientBase},
    {"tracker", radio::Role::Tracker},
    {"sensor", radio::Role::Sensor},
    {"tak", radio::Role::Tak},
    {"client_hidden", radio::Role::ClientHidden},
    {"lost_and_found", radio::Role::LostAndFound},
    {"tak_tracker", radio::Role::TakTracker},
}};

radio::Role read_role(Section& section, radio::Role otherwise) {
    std::vector<std::string_view> names;
    std::size_t fallback = 0;
    for (std::size_t i = 0; i < kRoles.size(); ++i) {
        names.push_back(kRoles[i].first);
        if (kRoles[i].second == otherwise) fallback = i;
    }
    return kRoles[section.choice("role", fallback, names)].second;
}

/// 0 of "n1", which is how nodes without a name of their own are called.
std::optional<std::size_t> number_of(const std::string& name) {
    std::size_t number = 0;
    const char* const end = name.data() + name.size();
    if (name.size() < 2 || name[0] != 'n' || name[1] == '0') return std::nullopt;
    const auto parsed = std::from_chars(name.data() + 1, end, number);
    if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
    return number - 1;
}

/// What a listed node and all the others are described by alike.
void read_radio(Section& section, const Deployment& mesh, NodePlan& plan) {
    const std::int32_t most_cdbm = mesh.region.power_limit_dbm * 100;
    plan.power_cdbm =
        section.hundredths("power_dbm", std::min(plan.power_cdbm, most_cdbm), -1000, most_cdbm);
    plan.gain_cdb = section.hundredths("gain_db", plan.gain_cdb, -3000, 3000);
    plan.antenna_cm = section.hundredths("antenna_m", plan.antenna_cm, 1, 1'000'000);
}

std::string region_names() {
    std::string all;
    for (const radio::Region& region : radio::regions())
        all += (all.empty() ? "" : ", ") + std::string(region.name);
    return all;
}

void read_preset(Section& section, Deployment& out) {
    const std::string preset = section.text("preset", "LongFast");
    const auto known = air::preset_named(preset);
    if (!known) {
        return section.fail(
            "preset", "expected one of Meshtastic's presets, such as LongFast; found " + preset);
    }
    if (!out.region.allows(*known)) {
        return section.fail("preset",
                            preset + " is not allowed in " + std::string(out.region.name));
    }
    out.preset = *known;
}

void read_place(Section section, Deployment& out) {
    Place& place = out.place;
    place.how = static_cast<Place::How>(section.choice("how", 0, {"random", "grid", "clusters"}));
    place.width_cm = section.hundredths("width_m", place.width_cm, 100, kFarthestCm);
    place.height_cm = section.hundredths("height_m", place.height_cm, 100, kFarthestCm);
    place.least_cm = section.hundredths("least_m", place.least_cm, 0, kFarthestCm);
    place.clusters =
        static_cast<std::uint32_t>(section.integer("clusters", place.clusters, 1, 1000));
    place.spread_cm = section.hundredths("spread_m", place.spread_cm, 1, kFarthestCm);
    section.finish();
}

void read_roles(Section section, Deployment& out) {
    std::uint64_t named = 0;
    for (const auto& [name, role] : kRoles) {
        if (role == radio::Role::Client) continue;
        const auto nodes = static_cast<std::uint32_t>(section.integer(name, 0, 0, kNodesMost));
        if (nodes > 0) out.roles.push_back({role, nodes});
        named += nodes;
    }
    section.finish();
    const std::size_t unlisted = out.nodes - out.listed.size();
    if (named > unlisted) {
        section.fail("", "names the roles of " + std::to_string(named) + " nodes, but only " +
                             std::to_string(unlisted) + " are not listed one by one");
    }
}

void read_listed(Section& mesh, Deployment& out) {
    std::set<std::string> names;
    std::set<std::pair<std::int32_t, std::int32_t>> places;
    for (Section& section : mesh.sections("node")) {
        NodePlan plan = out.common;
        const std::string usual = default_name(out.listed.size());
        plan.name = section.text("name", usual);
        if (!names.insert(plan.name).second)
            section.fail("name", "a node of this name exists already");
        if (plan.name != usual && number_of(plan.name))
            section.fail("name", "nodes without a name of their own are called like this");
        plan.role = read_role(section, radio::Role::Client);
        read_radio(section, out, plan);
        if (section.has("hop_limit"))
            plan.hop_limit = static_cast<std::uint8_t>(section.integer("hop_limit", 3, 0, 7));
        if (section.has("at_m")) {
            const auto [x, y] = section.point_cm("at_m");
            plan.at = ether::Position{x, y, plan.antenna_cm};
            if (!places.insert({x, y}).second)
                section.fail("at_m", "another node stands at this place");
        }
        section.finish();
        out.listed.push_back(std::move(plan));
    }
}

Deployment read_all(Section& root, const std::string& file, const ReadFile& read_file) {
    Deployment out;
    out.file = file;
    out.name = scenario::stem(file);
    Section run = root.section("run");
    out.title = run.text("title", out.name);
    out.until = run.seconds("until_s", out.until, 1s, 366 * 24h);
    out.settle =
        run.seconds("settle_s", std::min<Duration>(out.settle, out.until / 10), 0s, out.until);
    run.finish();
    Section mesh = root.section("mesh");
    read_mesh(mesh, out);
    Section air = root.section("air");
    read_measured(air, out, read_file);
    read_nodes(mesh, out);
    read_air(air, out);
    read_traffic(root.section("traffic"), out);
    read_mobility(root.section("mobility"), out);
    read_churn(root.section("churn"), out);
    read_happenings(root, out);
    read_energy(root.section("energy"), out);
    read_foreign(root.section("foreign"), out);
    root.finish();
    return out;
}

}  // namespace

std::string default_name(std::size_t number) { return "n" + std::to_string(number + 1); }

std::optional<std::size_t> node_named(const Deployment& deployment, const std::string& name) {
    for (std::size_t i = 0; i < deployment.listed.size(); ++i)
        if (deployment.listed[i].name == name) return i;
    const auto number = number_of(name);
    if (!number || *number < deployment.listed.size() || *number >= deployment.nodes)
        return std::nullopt;
    return number;
}

void read_mesh(Section& section, Deployment& out) {
    const std::string region = section.text("region", "EU_868");
    const auto known = radio::region_named(region);
    if (!known) section.fail("region", "expected one of " + region_names() + "; found " + region);
    out.region = known.ok() ? *known : *radio::region_named("EU_868");
    read_preset(section, out);
    out.channel = section.text("channel", std::string(air::name(out.preset)));
    if (out.channel.size() > radio::kChannelNameMax)
        section.fail("channel", "expected at most 11 characters");
    out.hop_limit = static_cast<std::uint8_t>(section.integer("hop_limit", out.hop_limit, 0, 7));
    out.firmware =
        static_cast<radio::Firmware>(section.choice("firmware", 0, {"2.7", "2.8", "2.8-fixed"}));
    read_radio(section, out, out.common);
}

void read_nodes(Section& mesh, Deployment& out) {
    const std::size_t measured = out.nodes;
    read_listed(mesh, out);
    const auto fallback = static_cast<std::int64_t>(
        measured > 0 ? measured : std::max<std::size_t>(out.listed.size(), 1));
    out.nodes = static_cast<std::size_t>(mesh.integer("nodes", fallback, 1, kNodesMost));
    if (out.nodes < out.listed.size()) {
        mesh.fail("nodes", "expected at least the " + std::to_string(out.listed.size()) +
                               " that are listed, found " + std::to_string(out.nodes));
        out.nodes = out.listed.size();
    }
    if (measured > 0 && out.nodes != measured) {
        mesh.fail("nodes", "air.measured has links for " + std::to_string(measured) +
                               " nodes, found " + std::to_string(out.nodes));
    }
    read_place(mesh.section("place"), out);
    read_roles(mesh.section("roles"), out);
    mesh.finish();
}

ReadFile beside(const std::string& file) {
    const auto slash = file.find_last_of('/');
    const std::string folder = slash == std::string::npos ? "" : file.substr(0, slash + 1);
    return [folder](const std::string& name) -> Result<std::string, Failure> {
        const std::string path = name.starts_with('/') ? name : folder + name;
        auto text = scenario::read_text(path);
        if (!text.ok()) return Failure{path + ": can't be read"};
        if (text->size() > kFilesBytesMost) return Failure{path + ": larger than 64 MB"};
        return text;
    };
}

bool is_deployment(const std::string& text) {
    const auto table = scenario::table_of(text, "");
    return table.ok() && table->contains("mesh");
}

Result<Deployment, Failure> parse(const std::string& text, const std::string& file,
                                  const std::vector<scenario::Override>& overrides,
                                  const ReadFile& read_file) {
    auto parsed = scenario::table_of(text, file);
    if (!parsed) return parsed.error();
    toml::table table = *std::move(parsed);
    scenario::Reading reading{file, {}, {}};
    scenario::apply(table, overrides, reading);
    Section root(reading, &table, "");
    Deployment out = read_all(root, file, read_file);
    if (!reading.error.empty()) return Failure{reading.error};
    return out;
}

}  // namespace compot::deployment
