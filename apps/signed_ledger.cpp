#include "apps/signed_ledger.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "observe/event_json.hpp"
#include "observe/hex.hpp"

namespace compot::apps {

namespace {

using Json = nlohmann::json;
using ByteVector = std::vector<std::uint8_t>;

std::string name_of(const node::Member& member) {
    const auto end = std::find(member.name.begin(), member.name.end(), '\0');
    return {member.name.begin(), end};
}

struct Author {
    std::string name;
    crypto::Key key{};
};

using Authors = std::map<NodeId, Author>;
/// Of one author, by number.
using Chain = std::map<std::uint16_t, ledger::Entry>;

/// What is said of an entry, to be held against its bytes.
struct Claim {
    NodeId author;
    std::uint16_t sequence = 0;
    std::string bytes;
};

/// ERRORS: a sentence. Throws nlohmann's exceptions.
Result<Authors, std::string> read_members(const Json& told) {
    Authors authors;
    for (const Json& member : told.at("members")) {
        const auto id = observe::parse_node_name(member.at("id").get<std::string>());
        const auto key = observe::unhex(member.at("signing_public").get<std::string>());
        Author author{member.at("name").get<std::string>(), {}};
        if (!id || !key || key->size() != author.key.size())
            return fmt::format("member {} has no id or no key of 64 hexadecimal digits",
                               author.name);
        std::copy(key->begin(), key->end(), author.key.begin());
        if (!authors.emplace(*id, author).second)
            return fmt::format("member {} is there twice", author.name);
    }
    return authors;
}

/// ERRORS: a sentence. Throws nlohmann's exceptions.
Result<Claim, std::string> read_claim(const Json& entry, std::size_t place) {
    const std::string author = entry.at("author").get<std::string>();
    const auto id = observe::parse_node_name(author);
    const auto number = entry.at("n").get<std::int64_t>();
    if (!id || number < 1 || number > 0xFFFF)
        return fmt::format("entry {} of the list has no author or no number", place);
    return Claim{*id, static_cast<std::uint16_t>(number), entry.at("bytes").get<std::string>()};
}

/// What is wrong with one entry by itself, or nothing.
std::string fault(const Claim& claim, const Authors& authors, Chain& chain) {
    const auto author = authors.find(claim.author);
    if (author == authors.end()) return "its author is no member";
    const auto bytes = observe::unhex(claim.bytes);
    if (!bytes) return "its bytes are not hexadecimal digits";
    const auto entry = ledger::parse_entry(*bytes);
    if (!entry) return fmt::format("its bytes are no entry: {}", to_string(entry.error()));
    if (entry->author != claim.author || entry->sequence != claim.sequence)
        return fmt::format("its bytes are entry {} of {}", entry->sequence,
                           observe::node_name(entry->author));
    if (!ledger::verify(*entry, author->second.key)) return "the signature is not its author's";
    const auto [held, fresh] = chain.emplace(claim.sequence, *entry);
    if (!fresh && ledger::hash(held->second) != ledger::hash(*entry))
        return "there is another one for its place: the author has forked its chain";
    return "";
}

/// What is wrong with how an entry hangs on the one before, or nothing.
std::string broken_link(const ledger::Entry& before, const ledger::Entry& entry) {
    if (entry.sequence != before.sequence + 1)
        return fmt::format("entry {} before it is missing", entry.sequence - 1);
    if (entry.previous != ledger::hash(before))
        return fmt::format("it was written after another entry {}", before.sequence);
    return "";
}

Result<CheckedLedger, std::string> check(const Json& told) {
    const auto authors = read_members(told);
    if (!authors) return authors.error();
    const auto blame = [&](std::uint16_t sequence, NodeId author, const std::string& why) {
        const auto known = authors->find(author);
        return fmt::format(
            "entry {} of {}: {}", sequence,
            known == authors->end() ? observe::node_name(author) : known->second.name, why);
    };
    std::map<NodeId, Chain> chains;
    CheckedLedger checked;
    for (const Json& one : told.at("entries")) {
        const auto claim = read_claim(one, ++checked.entries);
        if (!claim) return claim.error();
        const std::string why = fault(*claim, *authors, chains[claim->author]);
        if (!why.empty()) return blame(claim->sequence, claim->author, why);
    }
    for (const auto& [author, chain] : chains) {
        for (auto entry = chain.begin(); entry != chain.end(); ++entry) {
            if (entry == chain.begin()) continue;  // what was before may be forgotten by all
            const std::string why = broken_link(std::prev(entry)->second, entry->second);
            if (!why.empty()) return blame(entry->first, author, why);
        }
    }
    checked.authors = chains.size();
    return checked;
}

}  // namespace

SignedLedger::SignedLedger(const node::Config& config)
    : members_(config.members.begin(), config.members.end()) {}

void SignedLedger::add(NodeId holder, const ledger::Ledger& ledger) {
    std::map<NodeId, std::uint16_t> heads;
    for (const ledger::Head& head : ledger.heads()) heads[head.author] = head.sequence;
    for (std::size_t i = 0; i < ledger.size(); ++i) {
        const ledger::Entry& entry = ledger[i];
        if (entry.sequence > heads[entry.author]) continue;
        const auto bytes = ledger::encode(entry);
        holders_[{entry.author, entry.sequence, ByteVector(bytes.begin(), bytes.end())}].push_back(
            holder);
    }
}

std::string SignedLedger::json() const {
    Json members = Json::array();
    for (const node::Member& member : members_)
        members.push_back({{"id", observe::node_name(member.id)},
                           {"name", name_of(member)},
                           {"signing_public", observe::hex(member.signing_public)}});
    Json entries = Json::array();
    for (const auto& [key, holders] : holders_) {
        const auto& [author, sequence, bytes] = key;
        Json names = Json::array();
        for (const NodeId holder : holders) names.push_back(observe::node_name(holder));
        entries.push_back({{"author", observe::node_name(author)},
                           {"n", sequence},
                           {"holders", names},
                           {"bytes", observe::hex(bytes)}});
    }
    return Json{{"members", members}, {"entries", entries}}.dump(-1, ' ', false,
                                                                 Json::error_handler_t::replace);
}

Result<CheckedLedger, std::string> check_ledger(const Json& told) {
    try {
        return check(told);
    } catch (const Json::exception&) {
        return std::string("this is no ledger as `compotastic ledger export` writes it");
    }
}

}  // namespace compot::apps
