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

/// An offer: of a request, or of a picture (pictures.hpp).
struct Job {
    JobId id;
    std::uint8_t attempt = 1;
    ByteString request;  ///< body of profile::AssistRequest, or of a Description
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
    ByteString answer;  ///< the signed delta, or a Sight; empty: it could not be done
};

struct Done {
    JobId id;
};

/// What a picture is before it is sent.
struct Description {
    std::uint32_t bytes = 0;  ///< of the JPEG file
    std::uint64_t digest = 0;
    std::uint16_t piece_bytes = 0;  ///< of each piece but the last
};

struct Piece {
    JobId id;
    std::uint32_t award_word = 0;
    std::uint8_t number = 0;  ///< from 0
    ByteString bytes;
};

struct Want {
    JobId id;
    std::uint32_t award_word = 0;
    ByteString lacking;  ///< numbers of pieces
};

/// What somebody saw on a picture.
struct Sight {
    std::uint8_t what = 0;  ///< learn::TileClass
    std::uint16_t confidence_permille = 0;
    ByteString backend;  ///< its name
};

/// Each of the structs above but Item and JobId.
template <typename Message>
[[nodiscard]] ByteString encode(const Message& message);
template <typename Message>
[[nodiscard]] Result<Message> parse(BytesView body);

}  // namespace compot::bridge
