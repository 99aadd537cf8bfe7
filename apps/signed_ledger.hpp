#pragma once

#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <tuple>
#include <vector>

#include "core/base/result.hpp"
#include "core/ledger/ledger.hpp"
#include "core/node/config.hpp"

/// The ledger with the bytes that its authors signed and the keys to check them by, as it is served
/// and exported (doc/ledger.md, "Outside a swarm"), and the check itself. It knows no server and no
/// file.

namespace compot::apps {

/// Collects what the nodes of one world hold.
class SignedLedger {
public:
    /// Members and their keys are those of `config`.
    explicit SignedLedger(const node::Config& config);

    /// What still waits for its predecessor is no part of a chain yet and left out.
    void add(NodeId holder, const ledger::Ledger& ledger);

    [[nodiscard]] std::string json() const;

private:
    /// Author, number and bytes: a fork's two entries are two.
    using Key = std::tuple<NodeId, std::uint16_t, std::vector<std::uint8_t>>;

    std::vector<node::Member> members_;
    std::map<Key, std::vector<NodeId>> holders_;
};

struct CheckedLedger {
    std::size_t entries = 0;
    std::size_t authors = 0;
};

/// Each entry has the bytes of the one that it is said to be, its author's signature, and the hash
/// of the author's entry before; none is missing in between, and no place has two. The first
/// entries of a chain may have been forgotten. The keys are taken from `told` itself. ERRORS: one
/// sentence that names the first entry which is not as it should be by number and author, or what
/// else is wrong with `told`.
[[nodiscard]] Result<CheckedLedger, std::string> check_ledger(const nlohmann::json& told);

}  // namespace compot::apps
