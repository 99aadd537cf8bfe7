#pragma once

#include <array>
#include <vector>

#include "core/base/result.hpp"
#include "core/profile/message.hpp"
#include "core/sync/marks.hpp"
#include "host/bridge/wire.hpp"

/// What envelopes hold, and its bytes. Every parser takes the whole body or nothing. ERRORS of all:
/// Truncated, Malformed (a count or kind out of its range, bytes left over).

namespace compot::bridge {

/// Digests of what a site's node holds: equal ones cost nothing more.
struct Heads {
    std::uint64_t ledger = 0;
    std::uint64_t registry = 0;
    std::uint64_t facts = 0;  ///< of the signed deltas that matter to its map

    [[nodiscard]] bool operator==(const Heads&) const = default;
};

/// How far it has everything.
struct Summary {
    static constexpr std::size_t kFactsMax = 64;
    Heads heads;
    bool last = false;  ///< an answer: items are wanted, no summary in turn
    sync::Marks ledger;
    sync::Marks registry;
    std::vector<std::uint32_t> facts;  ///< learn::evidence_id
};

/// One signed ledger entry or facts delta, or a capability record that the sender vouches for.
struct Item {
    profile::MessageType what = profile::MessageType::LedgerEntry;
    ByteString bytes;
};

struct Items {
    std::vector<Item> items;
};

/// A request that a node of the sender's site made, in the words that were on the air there.
struct JobId {
    NodeId asker;
    std::uint32_t nonce = 0;
    auto operator<=>(const JobId&) const = default;
};

struct Job {
    JobId id;
    std::uint8_t attempt = 1;
    ByteString request;  ///< body of profile::AssistRequest
};

/// `word` is drawn by who says it first and echoed by who answers.
struct Claim {
    JobId id;
    std::uint8_t attempt = 1;
    std::uint32_t word = 0;
};

struct Award {
    JobId id;
    std::uint8_t attempt = 1;
    std::uint32_t claim_word = 0;
    std::uint32_t word = 0;
    std::uint32_t lease_s = 0;  ///< after which somebody else may be asked
};

struct JobResult {
    JobId id;
    std::uint8_t attempt = 1;
    std::uint32_t award_word = 0;
    ByteString facts;  ///< the signed delta; empty: it could not be done
};

struct Done {
    JobId id;
};

[[nodiscard]] ByteString encode(const Heads& message);
[[nodiscard]] ByteString encode(const Summary& message);
[[nodiscard]] ByteString encode(const Items& message);
[[nodiscard]] ByteString encode(const Job& message);
[[nodiscard]] ByteString encode(const Claim& message);
[[nodiscard]] ByteString encode(const Award& message);
[[nodiscard]] ByteString encode(const JobResult& message);
[[nodiscard]] ByteString encode(const Done& message);

[[nodiscard]] Result<Heads> parse_heads(BytesView body);
[[nodiscard]] Result<Summary> parse_summary(BytesView body);
[[nodiscard]] Result<Items> parse_items(BytesView body);
[[nodiscard]] Result<Job> parse_job(BytesView body);
[[nodiscard]] Result<Claim> parse_claim(BytesView body);
[[nodiscard]] Result<Award> parse_award(BytesView body);
[[nodiscard]] Result<JobResult> parse_result(BytesView body);
[[nodiscard]] Result<Done> parse_done(BytesView body);

}  // namespace compot::bridge
