#pragma once

#include <cstddef>
#include <cstdint>
#include <variant>

#include "core/base/containers.hpp"
#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/learn/grid.hpp"
#include "core/mesh/data.hpp"

/// What a node wants done. Whoever owns the node carries each effect out, in order.

namespace compot::node {

inline constexpr std::size_t kPayloadBytesMax =
    200;  ///< of every Compotastic message, header included
inline constexpr std::size_t kRecordBytesMax = 200;  ///< of one stored record
inline constexpr std::size_t kRunInputBytesMax = 16;
inline constexpr std::size_t kEffectsMax = 20;

/// Meshtastic's own priorities; the value goes into MeshPacket.priority.
enum class Priority : std::uint8_t { Background = 10, Default = 64, Reliable = 70, Alert = 110 };

/// Broadcast `payload` on our channel under this packet id.
struct Send {
    PacketId id;
    std::uint16_t portnum = mesh::port::kPrivate;  ///< or kText: words for people, no frame of ours
    std::uint8_t hop_limit = 3;
    Priority priority = Priority::Default;
    std::uint8_t kind = 0;  ///< profile::MessageType, for observers; 0 for a text
    Duration price{};       ///< airtime that the purse has paid for this
    Bytes<kPayloadBytesMax> payload;
};

/// One decision of the body.
struct Act {
    learn::Action action = learn::Action::Stay;
};

/// Keep this record over power cuts; an empty value forgets it. Frames that depend on it come later
/// in the list.
struct Persist {
    std::uint16_t key = 0;
    Bytes<kRecordBytesMax> value;
};

/// Heavy work for the bench beside the node (edge nodes only); RunEnded answers with the same
/// handle.
struct Run {
    enum class Kind : std::uint8_t {
        /// Take a picture from tile input[0] towards Action input[1] and say what stands there.
        /// Output: 1 byte TileClass, 2 bytes confidence in permille (LE).
        ClassifyScene = 1,
    };
    std::uint16_t handle = 0;
    Kind kind = Kind::ClassifyScene;
    Bytes<kRunInputBytesMax> input;
};

/// Something an onlooker would like to know. Carries no authority and changes nothing.
struct Note {
    enum class Kind : std::uint8_t {
        Blocked,         ///< a = cell index of the unclassified tile
        Asked,           ///< a = request nonce, b = attempt
        OfferMade,       ///< peer = asker, a = nonce, b = ETA in s
        OfferTaken,      ///< peer = helper, a = nonce
        JobAccepted,     ///< peer = asker, a = nonce
        EnRoute,         ///< peer = asker, a = estimated cell index
        Photographed,    ///< a = cell index
        Classified,      ///< a = cell index, b = TileClass << 16 | confidence permille
        FactsSigned,     ///< a = number of facts, b = sequence
        DeltaSent,       ///< peer = asker, a = nonce, b = delta bytes
        DeltaApplied,    ///< a = low 32 bits of the policy digest, b = delta bytes
        DeltaRefused,    ///< a = low 32 bits of our digest, b = low 32 bits of the one promised
        Resumed,         ///< a = nonce
        SiteDone,        ///< a = cell index, b = sites left
        MissionDone,     ///< every reachable site is done
        JobEnded,        ///< peer = other side, a = nonce, b = job::Outcome
        BufferHeld,      ///< a = batches held
        BufferReleased,  ///< a = batches released
        LedgerAppended,  ///< peer = author, a = sequence, b = kind | outcome << 8
        FrameDropped,    ///< peer = claimed sender, a = Error, b = MessageType
        PurseShort,      ///< a = MessageType, b = price in ms: waits or is dropped
        PeerPlaced,      ///< peer, a = its boot epoch
        BatteryLow,      ///< a = percent
        GaveUp,          ///< a = nonce, b = attempts
        Contained,       ///< peer = publisher, a = version, b = facts: beyond our safety envelope
        PersonAsked,     ///< peer = asker, a = nonce, b = cell << 24 | as Classified; 0: unhelped
    };
    Kind kind = Kind::Blocked;
    NodeId peer;
    std::uint32_t a = 0;
    std::uint32_t b = 0;
};

using Effect = std::variant<Send, Act, Persist, Run, Note>;
using Effects = FixedVector<Effect, kEffectsMax>;

}  // namespace compot::node
