#pragma once

#include <cstddef>
#include <cstdint>
#include <variant>

#include "core/base/containers.hpp"
#include "core/base/ids.hpp"

/// What nodes say to each other: one struct for each message, as it is before it is bytes. Bodies
/// that carry a signature of their own (facts, ledger entries, capability records) are opaque here:
/// their rooms read them. Bytes and worked examples are in doc/profile.md.

namespace compot::profile {

inline constexpr std::size_t kFrameBytesMax = 200;  ///< header included
inline constexpr std::size_t kHeaderBytes = 12;
/// The longest signed body: a 2.8 radio still signs the frame (165), so it passes a STRICT radio.
inline constexpr std::size_t kSignedBodyBytesMax = 165 - kHeaderBytes;

/// The value on the air. Never renumber.
enum class MessageType : std::uint8_t {
    Beacon = 1,
    Capability = 2,
    CapabilityQuery = 3,
    AssistRequest = 4,
    Offer = 5,
    Award = 6,
    Progress = 7,
    Result = 8,
    Cancel = 9,
    Facts = 10,
    FactsQuery = 11,
    Window = 12,
    SuccessAck = 13,
    Telemetry = 14,
    LedgerEntry = 15,
    LedgerHeads = 16,
};
inline constexpr std::uint8_t kMessageTypeMax = 16;

/// Which key authenticates a frame.
enum class KeyClass : std::uint8_t {
    Group = 0,     ///< everybody of the swarm may hear and make it
    Pairwise = 1,  ///< only `to` can check it, only `from` or `to` can make it
};

[[nodiscard]] const char* to_string(MessageType type);
[[nodiscard]] KeyClass key_class(MessageType type);

/// A grid tile as one byte (y * 16 + x).
using CellIndex = std::uint8_t;

/// "I am here, this is what I have": sent when something changed, else ever more seldom.
struct Beacon {
    static constexpr MessageType kType = MessageType::Beacon;
    static constexpr std::size_t kEchoesMax = 8;

    std::uint32_t boot_nonce = 0;  ///< drawn at each boot; who echoes it proves to be live
    std::uint16_t capability_version = 0;
    std::uint32_t registry_digest = 0;  ///< low halves of the 64-bit digests
    std::uint32_t ledger_digest = 0;
    std::uint32_t facts_digest = 0;
    CellIndex fix = 0;  ///< where it thinks it is, and how long ago (units of 4 s, saturating)
    std::uint8_t fix_age_4s = 0;
    std::uint8_t battery_percent = 0;
    std::uint8_t state = 0;   ///< node::View::Mood, for people
    bool seeks_echo = false;  ///< somebody heard has not yet echoed our nonce: say it again
    FixedVector<std::uint32_t, kEchoesMax> echoes;  ///< boot nonces heard since
};

/// A registry record as its owner wrote it (core/registry reads it).
struct Capability {
    static constexpr MessageType kType = MessageType::Capability;
    Bytes<80> record;
};

/// "Who can do all of `wanted`?" or, with a node named, "tell me of yourself".
struct CapabilityQuery {
    static constexpr MessageType kType = MessageType::CapabilityQuery;
    NodeId node;  ///< kBroadcast: anybody
    std::uint16_t wanted = 0;
};

/// A blocked Cat asks. The position is a fix with an age, not the truth.
struct AssistRequest {
    static constexpr MessageType kType = MessageType::AssistRequest;
    enum class Reason : std::uint8_t {
        Unclassified = 1,  ///< something stands there that nobody has classified
        StillBlocked = 2,  ///< the facts that came did not help
    };
    std::uint32_t nonce = 0;  ///< names the job; every answer echoes it
    std::uint8_t attempt = 0;
    Reason reason = Reason::Unclassified;
    CellIndex fix = 0;
    std::uint8_t fix_age_4s = 0;
    std::uint8_t battery_percent = 0;
    std::uint16_t sites_left = 0;     ///< bit n: site n of the mission is still to do
    std::uint64_t policy_digest = 0;  ///< of the policy in force: the delta's base
    std::uint64_t facts_digest = 0;
    std::uint8_t transition_count = 0;  ///< up to 8
    std::uint64_t transitions = 0;      ///< five bits each (learn::Transitions), 40 on the air
    FixedVector<std::uint32_t, Beacon::kEchoesMax> echoes;  ///< as a beacon's: for challengers
    FixedVector<CellIndex, 8> taken;  ///< movable objects that already paid the asker
    /// Tiles whose signed facts are beyond the asker's safety envelope: to be left out of an
    /// answer.
    FixedVector<CellIndex, 8> kept_out;
};

/// When the asker listens, for how long, and what it may cost. Nothing larger than a packet is sent
/// outside an agreed window.
struct WindowTerms {
    std::uint16_t start_s = 0;  ///< from the moment of sending
    std::uint16_t length_s = 0;
    std::uint32_t energy_mj = 0;
};

/// "I would come and look": the cost and the promised time.
struct Offer {
    static constexpr MessageType kType = MessageType::Offer;
    NodeId to;
    std::uint32_t nonce = 0;        ///< of the request
    std::uint32_t offer_nonce = 0;  ///< the award echoes it
    std::uint16_t eta_s = 0;
    std::uint16_t price_ms = 0;  ///< airtime that the answer will cost
    WindowTerms window;
};

struct Award {
    static constexpr MessageType kType = MessageType::Award;
    NodeId to;
    std::uint32_t nonce = 0;
    std::uint32_t offer_nonce = 0;
    WindowTerms window;  ///< agreed: within what was offered
};

struct Progress {
    static constexpr MessageType kType = MessageType::Progress;
    enum class Stage : std::uint8_t { EnRoute = 1, Searching = 2, Classifying = 3 };
    NodeId to;
    std::uint32_t nonce = 0;
    Stage stage = Stage::EnRoute;
    std::uint16_t eta_s = 0;
};

/// The end of a job that brought no facts; facts come as Facts.
struct Result {
    static constexpr MessageType kType = MessageType::Result;
    enum class Outcome : std::uint8_t {
        NotFound = 1,  ///< looked, nothing unclassified there
        Unsure = 2,    ///< below the confidence at which a person must be asked
        CantReach = 3,
    };
    NodeId to;
    std::uint32_t nonce = 0;
    Outcome outcome = Outcome::NotFound;
    std::uint16_t confidence_permille = 0;
};

struct Cancel {
    static constexpr MessageType kType = MessageType::Cancel;
    NodeId to;
    std::uint32_t nonce = 0;
    std::uint8_t reason = 0;  ///< 1 no longer needed, 2 taken by another, 3 battery
};

/// A signed facts delta (core/learn reads it). The same bytes, whoever repeats them.
struct Facts {
    static constexpr MessageType kType = MessageType::Facts;
    Bytes<kSignedBodyBytesMax> body;
};

/// "Send me the facts that I lack": what I have, so that only the rest is sent.
struct FactsQuery {
    static constexpr MessageType kType = MessageType::FactsQuery;
    static constexpr std::size_t kHaveMax = 24;
    std::uint64_t facts_digest = 0;
    FixedVector<std::uint32_t, kHaveMax> have;  ///< short digests of the bodies held
};

/// A change of the agreed window: proposed by the helper, accepted by the asker.
struct Window {
    static constexpr MessageType kType = MessageType::Window;
    NodeId to;
    std::uint32_t nonce = 0;
    bool accepted = false;
    WindowTerms terms;
};

/// The outcome, as the signed ledger entry that the asker wrote (core/ledger reads it).
struct SuccessAck {
    static constexpr MessageType kType = MessageType::SuccessAck;
    Bytes<kSignedBodyBytesMax> entry;
};

/// Environment over a period, of one node or of several that the sender has summed up.
struct Telemetry {
    static constexpr MessageType kType = MessageType::Telemetry;
    std::uint16_t sequence = 0;
    std::uint16_t samples = 0;
    std::int16_t low_cdeg = 0;
    std::int16_t mean_cdeg = 0;
    std::int16_t high_cdeg = 0;
    std::uint8_t battery_percent = 0;
    std::uint8_t sources = 1;  ///< nodes summed up
    std::uint8_t held = 0;     ///< batches that waited for this
};

/// Any ledger entry, sent again for one who lacks it.
struct LedgerEntry {
    static constexpr MessageType kType = MessageType::LedgerEntry;
    Bytes<kSignedBodyBytesMax> entry;
};

/// "This is how far I have each author's chain."
struct LedgerHeads {
    static constexpr MessageType kType = MessageType::LedgerHeads;
    static constexpr std::size_t kHeadsMax = 16;

    struct Head {
        NodeId author;
        std::uint16_t sequence = 0;
        bool operator==(const Head&) const = default;
    };

    std::uint64_t digest = 0;
    FixedVector<Head, kHeadsMax> heads;
};

using Message = std::variant<Beacon, Capability, CapabilityQuery, AssistRequest, Offer, Award,
                             Progress, Result, Cancel, Facts, FactsQuery, Window, SuccessAck,
                             Telemetry, LedgerEntry, LedgerHeads>;

[[nodiscard]] MessageType type_of(const Message& message);

/// The addressee of a pairwise message, kBroadcast for the others.
[[nodiscard]] NodeId addressee(const Message& message);

}  // namespace compot::profile
