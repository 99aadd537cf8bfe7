#include <fmt/format.h>

#include <cstdio>
#include <set>

#include "apps/at_server.hpp"
#include "apps/command.hpp"
#include "apps/files.hpp"
#include "apps/signed_ledger.hpp"

/// compotastic ledger: what a running swarm has written down together, and who holds it.

namespace compot::apps {

namespace {

/// Forty entries on each of sixteen nodes are less than a megabyte.
constexpr std::size_t kExportBytesMax = 16'000'000;

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

struct Holders {
    std::map<std::string, std::vector<std::string>> by_digest;
    std::vector<std::string> off;
};

Result<Holders, std::string> ask_holders(const AtServer& server) {
    const auto cards = server.get("/api/nodes");
    if (!cards) return cards.error();
    Holders holders;
    for (const Json& card : *cards) {
        const std::string name = card.at("name").get<std::string>();
        if (!card.value("alive", true)) holders.off.push_back(name);
        if (!card.contains("digests")) continue;  // off, or known by its frames alone
        holders.by_digest[card.at("digests").at("ledger").get<std::string>()].push_back(name);
    }
    if (holders.by_digest.empty()) return std::string("no node is on");
    return holders;
}

void print(const CheckedLedger& checked) {
    fmt::print("{} entries of {} authors: signatures and chains hold\n", checked.entries,
               checked.authors);
}

/// An exported ledger: there is nobody to compare it with.
Done verify_file(const LedgerOptions& options) {
    const auto bytes = read_file(options.file, kExportBytesMax);
    const auto checked = check_ledger(Json::parse(bytes, nullptr, false));
    if (!checked) return options.file + ": " + checked.error();
    if (!options.json) print(*checked);
    if (options.json)
        fmt::print("{}\n",
                   Json{{"entries", checked->entries}, {"authors", checked->authors}}.dump());
    return {};
}

/// Of a served swarm: what its nodes hold, entry by entry, and whether all hold the same.
Done verify(const LedgerOptions& options) {
    if (!options.file.empty()) return verify_file(options);
    const AtServer server(options.at);
    const auto held = server.get("/api/ledger/signed");
    if (!held) return held.error();
    const auto checked = check_ledger(*held);
    if (!checked) return checked.error();
    const auto holders = ask_holders(server);
    if (!holders) return holders.error();
    if (options.json) {
        fmt::print("{}\n", Json{{"entries", checked->entries},
                                {"authors", checked->authors},
                                {"equal", holders->by_digest.size() == 1},
                                {"digests", holders->by_digest},
                                {"off", holders->off}}
                               .dump());
    } else {
        print(*checked);
        for (const auto& [digest, names] : holders->by_digest)
            fmt::print("{}  {}\n", digest, fmt::join(names, ", "));
        if (!holders->off.empty()) fmt::print("{:<16}  {}\n", "off", fmt::join(holders->off, ", "));
    }
    if (holders->by_digest.size() > 1) return std::string("the nodes hold different ledgers");
    return {};
}

Done export_to(const LedgerOptions& options) {
    const auto held = AtServer(options.at).get("/api/ledger/signed");
    if (!held) return held.error();
    const std::string text = held->dump(2) + "\n";
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
    add("verify", "Is each entry signed by its author and chained, and do all hold the same?",
        verify)
        ->add_option("file", options->file, "An exported ledger, instead of a running swarm's");
    add("export", "Every entry as it was signed, with its holders and all keys, into a file",
        export_to)
        ->add_option("file", options->file, "Where to")
        ->required();
}

}  // namespace compot::apps
