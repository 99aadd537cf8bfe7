#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "apps/at_server.hpp"
#include "apps/command.hpp"

/// compotastic registry: the nodes of a running swarm.

namespace compot::apps {

namespace {

struct RegistryOptions : AtOptions {
    std::string node;
};

using Done = Result<void, std::string>;

std::string text_of(const Json& json, const char* key) { return json.value(key, std::string()); }

Done list(const RegistryOptions& options) {
    const auto cards = AtServer(options.at).get("/api/nodes");
    if (!cards) return cards.error();
    if (options.json) {
        fmt::print("{}\n", cards->dump());
        return {};
    }
    for (const Json& card : *cards)
        fmt::print("{}  {:<10} {:<7} {:<10} battery {:>3} %  airtime {:.3f} s\n",
                   text_of(card, "id"), text_of(card, "name"), text_of(card, "role"),
                   text_of(card, "mood"), card.at("battery_permille").get<int>() / 10,
                   seconds_of(card.at("airtime_us")));
    return {};
}

void print(const Json& card, const std::map<std::string, std::string>& names) {
    fmt::print("{} {}, {}, {} on tile {}\n", text_of(card, "name"), text_of(card, "id"),
               text_of(card, "role"), text_of(card, "mood"), card.at("at").dump());
    fmt::print("battery {:.1f} %, {} frames queued, channel busy {:.1f} %, {} frames dropped\n",
               card.at("battery_permille").get<double>() / 10, card.at("queue").get<int>(),
               card.at("busy_permille").get<double>() / 10, card.at("dropped").get<int>());
    fmt::print("airtime {:.3f} s, purse {:.3f} of {:.3f} s\n", seconds_of(card.at("airtime_us")),
               seconds_of(card.at("purse").at("balance_us")),
               seconds_of(card.at("purse").at("capacity_us")));
    for (const auto& [what, digest] : card.at("digests").items())
        fmt::print("{:<8} digest {}\n", what, digest.get<std::string>());
    for (const Json& near : card.at("neighbours"))
        fmt::print("hears {:<8} at {:+.2f} dB, {:.3f} s\n", named(names, text_of(near, "id")),
                   near.at("snr_cdb").get<double>() / 100, seconds_of(near.at("heard_us")));
}

Done show(const RegistryOptions& options) {
    const AtServer server(options.at);
    const auto cards = server.get("/api/nodes");
    if (!cards) return cards.error();
    const auto found = std::find_if(cards->begin(), cards->end(), [&](const Json& card) {
        return text_of(card, "name") == options.node || text_of(card, "id") == options.node;
    });
    if (found == cards->end()) {
        std::vector<std::string> all;
        for (const Json& card : *cards) all.push_back(text_of(card, "name"));
        return fmt::format("no node is called {}; there are {}", options.node,
                           fmt::join(all, ", "));
    }
    const auto names = server.names();
    if (!names) return names.error();
    options.json ? fmt::print("{}\n", found->dump()) : print(*found, *names);
    return {};
}

}  // namespace

void add_registry(Program& program) {
    auto options = std::make_shared<RegistryOptions>();
    CLI::App* group = program.cli.add_subcommand("registry", "The nodes of a running swarm");
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
    add("list", "Who there is, and how they are", list);
    add("show", "All that is known of one node", show)
        ->add_option("node", options->node, "Its name or !1234abcd")
        ->required();
}

}  // namespace compot::apps
