#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>

#include "apps/at_server.hpp"
#include "apps/command.hpp"

/// compotastic registry: the nodes of a running swarm, and what its registries hold of them.

namespace compot::apps {

namespace {

struct RegistryOptions : AtOptions {
    std::string node;
};

using Done = Result<void, std::string>;

/// Cards and records of one server, as it is asked.
struct Seen {
    Json cards;
    Json records;
    double now_s = 0;

    /// What each holder's registry has of a node.
    [[nodiscard]] std::vector<Json> held(const std::string& node) const {
        std::vector<Json> held;
        for (const Json& record : records)
            if (record.value("node", std::string()) == node) held.push_back(record);
        return held;
    }
};

std::string text_of(const Json& json, const char* key) { return json.value(key, std::string()); }

Result<Seen, std::string> look(const AtServer& server) {
    auto cards = server.get("/api/nodes");
    if (!cards) return cards.error();
    auto registry = server.get("/api/registry");
    if (!registry) return registry.error();
    return Seen{*std::move(cards), registry->at("records"), seconds_of(registry->at("t"))};
}

std::string ago(double now_s, const Json& t_us) {
    return fmt::format("{:.0f} s ago", std::max(0.0, now_s - seconds_of(t_us)));
}

/// A peer of a real node: how it was heard.
std::string heard(const Seen& seen, const Json& card) {
    if (!card.contains("heard")) return "";
    const Json& heard = card.at("heard");
    if (heard.is_null()) return "not heard yet";
    const int hops = heard.at("hops").get<int>();
    const std::string by = text_of(heard, "by");
    std::string way = by == "mqtt" ? ", by MQTT" : by == "network" ? ", by the local network" : "";
    if (hops > 0) way += fmt::format(", over {} {}", hops, hops == 1 ? "relay" : "relays");
    if (hops == 0 && by == "radio") way += ", directly";
    if (heard.contains("snr_cdb"))
        way += fmt::format(" at {:+.1f} dB", heard.at("snr_cdb").get<double>() / 100);
    return "heard " + ago(seen.now_s, heard.at("t_us")) + way +
           (heard.value("live", false) ? "" : ", not proved to be live");
}

/// What is known of a card's node in a line; what is not known is left out.
std::string state(const Seen& seen, const Json& card) {
    std::vector<std::string> parts;
    if (card.contains("mood")) parts.push_back(text_of(card, "mood"));
    if (card.contains("battery_permille"))
        parts.push_back(fmt::format("battery {} %", card.at("battery_permille").get<int>() / 10));
    if (card.contains("airtime_us"))
        parts.push_back(fmt::format("airtime {:.3f} s", seconds_of(card.at("airtime_us"))));
    if (const std::string how = heard(seen, card); !how.empty()) parts.push_back(how);
    return fmt::format("{}", fmt::join(parts, ", "));
}

std::string words(const Json& record) {
    std::vector<std::string> parts;
    for (const Json& ability : record.at("can")) {
        std::string word = ability.get<std::string>();
        std::replace(word.begin(), word.end(), '_', ' ');
        parts.push_back(word);
    }
    if (record.contains("cores"))
        parts.push_back(fmt::format("{} cores or more", record.at("cores").get<int>()));
    if (record.contains("memory_bytes"))
        parts.push_back(fmt::format(
            "{:g} GiB or more",
            record.at("memory_bytes").get<double>() / static_cast<double>(std::int64_t{1} << 30U)));
    for (const Json& model : record.at("models"))
        parts.push_back("model " + model.get<std::string>());
    return parts.empty() ? "nothing for others" : fmt::format("{}", fmt::join(parts, ", "));
}

/// The newest of the records that the registries have of a node; null when none has.
const Json* newest(const std::vector<Json>& held) {
    const auto found = std::max_element(held.begin(), held.end(), [](const auto& a, const auto& b) {
        return a.at("version") < b.at("version");
    });
    return found == held.end() ? nullptr : &*found;
}

Done list(const RegistryOptions& options) {
    const auto seen = look(AtServer(options.at));
    if (!seen) return seen.error();
    if (options.json) {
        Json cards = seen->cards;
        for (Json& card : cards) card["records"] = seen->held(text_of(card, "id"));
        fmt::print("{}\n", cards.dump());
        return {};
    }
    for (const Json& card : seen->cards) {
        fmt::print("{}  {:<10} {:<7} {}\n", text_of(card, "id"), text_of(card, "name"),
                   text_of(card, "role"), state(*seen, card));
        const auto held = seen->held(text_of(card, "id"));
        const Json* record = newest(held);
        fmt::print("{:>11} {}\n", "", record == nullptr ? "no record" : "can: " + words(*record));
    }
    return {};
}

void print_inside(const Json& card) {
    if (card.contains("queue"))
        fmt::print("{} frames queued in its radio\n", card.at("queue").get<int>());
    if (card.contains("busy_permille"))
        fmt::print("channel busy {:.1f} %\n", card.at("busy_permille").get<double>() / 10);
    if (card.contains("dropped")) fmt::print("{} frames dropped\n", card.at("dropped").get<int>());
    if (card.contains("purse"))
        fmt::print("purse {:.3f} of {:.3f} s\n", seconds_of(card.at("purse").at("balance_us")),
                   seconds_of(card.at("purse").at("capacity_us")));
    if (!card.contains("digests")) return;
    for (const auto& [what, digest] : card.at("digests").items())
        fmt::print("{:<8} digest {}\n", what, digest.get<std::string>());
}

void print_place(const Seen& seen, const Json& card) {
    if (!card.contains("at")) return fmt::print("its place is not known\n");
    fmt::print("on tile {}{}\n", card.at("at").dump(),
               card.contains("at_us") ? ", as of " + ago(seen.now_s, card.at("at_us")) : "");
}

using Names = std::map<std::string, std::string>;

/// What one registry holds of a node.
void print_held(const Seen& seen, const Json& record, const Names& names) {
    const std::string holder = named(names, text_of(record, "holder"));
    const std::string fresh =
        record.contains("heard_us")
            ? fmt::format(", heard it {} over {} hops", ago(seen.now_s, record.at("heard_us")),
                          record.at("hops").get<int>())
            : ", which is its own";
    fmt::print("registry of {}: version {}{}\n", holder, record.at("version").get<int>(), fresh);
}

void print(const Seen& seen, const Json& card, const Names& names) {
    fmt::print("{} {}, {}\n", text_of(card, "name"), text_of(card, "id"), text_of(card, "role"));
    fmt::print("{}\n", state(seen, card));
    print_place(seen, card);
    print_inside(card);
    for (const Json& near : card.value("neighbours", Json::array()))
        fmt::print("hears {:<8} at {:+.2f} dB, {}\n", named(names, text_of(near, "id")),
                   near.at("snr_cdb").get<double>() / 100, ago(seen.now_s, near.at("heard_us")));
    const auto held = seen.held(text_of(card, "id"));
    if (const Json* record = newest(held)) fmt::print("can: {}\n", words(*record));
    for (const Json& record : held) print_held(seen, record, names);
    if (held.empty()) fmt::print("no registry here has a record of it\n");
}

Done show(const RegistryOptions& options) {
    const AtServer server(options.at);
    const auto seen = look(server);
    if (!seen) return seen.error();
    const auto found = std::find_if(seen->cards.begin(), seen->cards.end(), [&](const Json& card) {
        return text_of(card, "name") == options.node || text_of(card, "id") == options.node;
    });
    if (found == seen->cards.end()) {
        std::vector<std::string> all;
        for (const Json& card : seen->cards) all.push_back(text_of(card, "name"));
        return fmt::format("no node is called {}; there are {}", options.node,
                           fmt::join(all, ", "));
    }
    if (options.json) {
        Json card = *found;
        card["records"] = seen->held(text_of(card, "id"));
        fmt::print("{}\n", card.dump());
        return {};
    }
    const auto names = server.names();
    if (!names) return names.error();
    print(*seen, *found, *names);
    return {};
}

}  // namespace

void add_registry(Program& program) {
    auto options = std::make_shared<RegistryOptions>();
    CLI::App* group = program.cli.add_subcommand(
        "registry", "The nodes of a running swarm, and what they say that they can do");
    group->require_subcommand(1);
    const auto add = [&](const std::string& name, const std::string& what,
                         Done (*work)(const RegistryOptions&)) {
        CLI::App* command = group->add_subcommand(name, what);
        options->add_to(*command);
        command->callback([&program, options, name, work] {
            program.exit_status = told("registry " + name, work(*options));
        });
        return command;
    };
    add("list", "Who there is, how they are and what they can do", list);
    add("show", "All that is known of one node, and who holds which record of it", show)
        ->add_option("node", options->node, "Its name or !1234abcd")
        ->required();
}

}  // namespace compot::apps
