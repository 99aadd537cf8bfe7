#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>

#include "core/base/containers.hpp"
#include "core/base/ids.hpp"
#include "core/base/limits.hpp"
#include "core/base/result.hpp"
#include "core/crypto/crypto.hpp"

/// One line of the shared ledger: signed by its author and chained to the author's line before.
/// This file knows entries, not who is believed and not how ledgers converge (ledger.hpp).

namespace compot::ledger {

/// The value on the air. Never renumber.
enum class Kind : std::uint8_t {
    Joined = 1,      ///< JoinedBody: the author came up
    Helped = 2,      ///< HelpedBody: the author answered a request
    Outcome = 3,     ///< OutcomeBody: how it went, by the one who asked
    Checkpoint = 4,  ///< CheckpointBody: what the author's ledger was
};

using Hash = std::array<std::uint8_t, 8>;  ///< the first bytes of BLAKE2b over the signed bytes

struct Entry {
    NodeId author;
    std::uint16_t sequence = 0;  ///< from 1, without holes
    Kind kind = Kind::Joined;
    Hash previous{};          ///< of the author's entry before; zeros for the first
    std::uint32_t order = 0;  ///< for order only: 24 bits of minutes above 8 bits of sequence
    Bytes<kLedgerBodyBytesMax> body;
    crypto::Signature signature{};

    [[nodiscard]] bool operator==(const Entry&) const = default;
};

inline constexpr std::size_t kEntryBytesMax = 20 + kLedgerBodyBytesMax + crypto::kSignatureBytes;
using EntryBytes = Bytes<kEntryBytesMax>;

/// Who writes: its id and its signing keys.
struct Signer {
    NodeId id;
    crypto::Key seed{};
    crypto::Key signing_public{};
};

[[nodiscard]] EntryBytes encode(const Entry& entry);

/// The one entry that has these bytes. ERRORS: Truncated, TooBig (body), Malformed (author,
/// sequence 0, a first entry with a predecessor, bytes left over), Unsupported (kind). The
/// signature is not looked at.
[[nodiscard]] Result<Entry> parse_entry(BytesView bytes);

/// Names the entry in its successor. The signature is left out, so that signing again changes
/// nothing.
[[nodiscard]] Hash hash(const Entry& entry);

void sign(Entry& entry, const Signer& signer);

[[nodiscard]] bool verify(const Entry& entry, const crypto::Key& signing_public);

// Bodies. Each read_* is strict: Truncated or Malformed, or the whole value.

using Body = Bytes<kLedgerBodyBytesMax>;

struct JoinedBody {
    std::uint8_t role = 0;
    std::uint16_t epoch = 0;
    std::uint64_t firmware = 0;  ///< digest of what it runs
    auto operator<=>(const JoinedBody&) const = default;
};

struct HelpedBody {
    std::uint32_t nonce = 0;  ///< of the request
    NodeId asker;
    std::uint64_t result_digest = 0;  ///< policy promised
    std::uint8_t facts = 0;           ///< how many were signed for it
    auto operator<=>(const HelpedBody&) const = default;
};

struct OutcomeBody {
    std::uint32_t nonce = 0;
    NodeId helper;
    std::uint8_t outcome = 0;  ///< job::Outcome
    std::uint64_t policy_digest = 0;
    auto operator<=>(const OutcomeBody&) const = default;
};

struct CheckpointBody {
    std::uint64_t ledger_digest = 0;
    std::uint32_t order = 0;  ///< the newest that it covers
    auto operator<=>(const CheckpointBody&) const = default;
};

[[nodiscard]] Body write_body(const JoinedBody& body);
[[nodiscard]] Body write_body(const HelpedBody& body);
[[nodiscard]] Body write_body(const OutcomeBody& body);
[[nodiscard]] Body write_body(const CheckpointBody& body);
[[nodiscard]] Result<JoinedBody> read_joined(BytesView bytes);
[[nodiscard]] Result<HelpedBody> read_helped(BytesView bytes);
[[nodiscard]] Result<OutcomeBody> read_outcome(BytesView bytes);
[[nodiscard]] Result<CheckpointBody> read_checkpoint(BytesView bytes);

}  // namespace compot::ledger
