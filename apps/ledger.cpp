#include <fmt/format.h>

#include <cstdio>
#include <set>

#include "apps/at_server.hpp"
#include "apps/command.hpp"
#include "apps/files.hpp"

/// compotastic ledger: what a running swarm has written down together, and who holds it.

namespace compot::apps {

namespace {

struct LedgerOptions : AtOptions {
    std::string author;
    std::string file;
};

using Done = Result<void, std::string>;
using Names = std::map<std::string, std::string>;

struct Line {
    double at = 0;  ///< when the first holder had it
    std::string text;
    std::set<std::string> holders;
};

/// By author, then number.
using Lines = std::map<std::pair<std::string, int>, Line>;

struct Ledger {
    Names names;
    Lines lines;
};

Result<Ledger, std::string> ask(const AtServer& server) {
    const auto names = server.names();
    if (!names) return names.error();
    const auto told = server.get("/api/ledger");
    if (!told) return told.error();
    Ledger ledger{*names, {}};
    for (const Json& one : *told) {
        Line& line = ledger.lines[{one.at("author").get<std::string>(), one.at("n").get<int>()}];
        if (line.holders.empty()) line.at = seconds_of(one.at("t"));
        line.text = one.at("text").get<std::string>();
        line.holders.insert(one.at("holder").get<std::string>());
    }
    return ledger;
}

Json json_of(const Ledger& ledger) {
    Json out = Json::array();
    for (const auto& [key, line] : ledger.lines) {
        Json holders = Json::array();
        for (const std::string& holder : line.holders)
            holders.push_back(named(ledger.names, holder));
        out.push_back({{"author", named(ledger.names, key.first)},
                       {"author_id", key.first},
                       {"n", key.second},
                       {"first_held_s", line.at},
                       {"text", line.text},
                       {"holders", holders}});
    }
    return out;
}

Done list(const LedgerOptions& options) {
    auto ledger = ask(AtServer(options.at));
    if (!ledger) return ledger.error();
    if (!options.author.empty()) {
        std::erase_if(ledger->lines, [&](const auto& entry) {
            const std::string& id = entry.first.first;
            return id != options.author && named(ledger->names, id) != options.author;
        });
        if (ledger->lines.empty()) return fmt::format("{} has written nothing", options.author);
    }
    if (options.json) {
        fmt::print("{}\n", json_of(*ledger).dump());
        return {};
    }
    for (const auto& [key, line] : ledger->lines)
        fmt::print("{:<8} {:>3}  {:9.3f} s  held by {} of {}  {}\n",
                   named(ledger->names, key.first), key.second, line.at, line.holders.size(),
                   ledger->names.size(), line.text);
    if (ledger->lines.empty()) fmt::print(stderr, "nothing is written yet\n");
    return {};
}

/// Each node checks signatures and chains before it keeps an entry; what is left to see from
/// outside is whether all of them came to the same.
Done verify(const LedgerOptions& options) {
    const auto cards = AtServer(options.at).get("/api/nodes");
    if (!cards) return cards.error();
    std::map<std::string, std::vector<std::string>> by_digest;
    std::vector<std::string> off;
    for (const Json& card : *cards) {
        const std::string name = card.at("name").get<std::string>();
        if (!card.at("alive").get<bool>()) {
            off.push_back(name);
        } else {
            by_digest[card.at("digests").at("ledger").get<std::string>()].push_back(name);
        }
    }
    if (options.json) {
        fmt::print(
            "{}\n",
            Json{{"equal", by_digest.size() == 1}, {"digests", by_digest}, {"off", off}}.dump());
    } else {
        for (const auto& [digest, names] : by_digest)
            fmt::print("{}  {}\n", digest, fmt::join(names, ", "));
        if (!off.empty()) fmt::print("{:<16}  {}\n", "off", fmt::join(off, ", "));
    }
    if (by_digest.empty()) return std::string("no node is on");
    if (by_digest.size() > 1) return std::string("the nodes hold different ledgers");
    return {};
}

Done export_to(const LedgerOptions& options) {
    const auto ledger = ask(AtServer(options.at));
    if (!ledger) return ledger.error();
    const std::string text = json_of(*ledger).dump(2) + "\n";
    write_file(options.file, {text.begin(), text.end()});
    return {};
}

}  // namespace

void add_ledger(Program& program) {
    auto options = std::make_shared<LedgerOptions>();
    CLI::App* group = program.cli.add_subcommand("ledger", "The ledger of a running swarm");
    group->require_subcommand(1);
    const auto add = [&](const std::string& name, const std::string& what,
                         Done (*work)(const LedgerOptions&)) {
        CLI::App* command = group->add_subcommand(name, what);
        options->add_to(*command);
        command->callback([&program, options, name, work] {
            program.exit_status = told("ledger " + name, work(*options));
        });
        return command;
    };
    add("list", "Every entry and how many nodes hold it", list);
    add("show", "The entries of one author", list)
        ->add_option("author", options->author, "A node's name or !1234abcd")
        ->required();
    add("verify", "Do all nodes that are on hold the same ledger?", verify);
    add("export", "Every entry with its holders, as JSON into a file", export_to)
        ->add_option("file", options->file, "Where to")
        ->required();
}

}  // namespace compot::apps
