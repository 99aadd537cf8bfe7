#pragma once

#include <cstdint>
#include <variant>

#include "core/base/containers.hpp"
#include "core/base/ids.hpp"
#include "core/learn/grid.hpp"

/// What a node is told. Everything that it knows of the world comes in as one of these.

namespace compot::node {

/// One record that an earlier Persist left; all of them come before Booted, the last value of each
/// key.
struct Restored {
    std::uint16_t key = 0;
    BytesView value;  ///< valid during the call
};

/// The node starts. `entropy` is fresh and unpredictable for outsiders (nonces come from it).
struct Booted {
    std::uint64_t entropy = 0;
};

/// The radio decoded the payload of a Data packet on our channel and port.
struct Heard {
    NodeId from;
    PacketId id;
    std::int16_t rssi_cdbm = 0;  ///< hundredths of dBm, of the copy that arrived
    std::int16_t snr_cdb = 0;    ///< hundredths of dB
    std::uint8_t hops = 0;       ///< hop_start - hop_limit: 0 when heard from the originator itself
    BytesView payload;           ///< valid during the call
};

/// The time that wake_at() asked for has come.
struct Woke {};

/// The radio's measure of how busy the channel is, everybody's airtime included, in permille.
struct ChannelBusy {
    std::uint16_t permille = 0;
};

/// What the body feels, once a decision (about once a second). Bodies that don't move send it too.
struct Sensed {
    learn::Cell at;               ///< the tile by the floor markers: where the policy says it is
    learn::Cell fix;              ///< where a satellite fix says it is; may be off by tiles
    std::uint16_t fix_age_s = 0;  ///< how old the fix is
    std::uint8_t occupied_moves =
        0;  ///< move_bit() of each neighbouring tile where something stands
    std::uint8_t battery_percent = 100;
    bool worked = false;                ///< the last Act was Work and a sample was taken
    std::int16_t temperature_cdeg = 0;  ///< environmental reading, hundredths of a degree
};

/// A Run has ended. `output` is the job kind's result (see effect.hpp), empty unless `ok`.
struct RunEnded {
    std::uint16_t handle = 0;
    bool ok = false;
    BytesView output;  ///< valid during the call
};

/// What another carrier than the radio brought: a ledger entry or facts, believed for their own
/// signature; a capability record or an assist request, which whoever hands it over vouches for.
/// Anything else is ignored.
struct Learned {
    NodeId from;            ///< who asks; of facts: who waits for them here, if anybody
    std::uint8_t what = 0;  ///< profile::MessageType
    BytesView body;         ///< of that message; valid during the call
};

/// A person has handed in a picture of this tile, and our bench has looked at it.
struct Shown {
    learn::Cell of;
    learn::TileClass what = learn::TileClass::Clear;
    std::uint16_t confidence_permille = 0;
};

/// A person at this node ends the job that it has asked for help with.
struct Withdrawn {
    std::uint32_t nonce = 0;
};

using Event = std::variant<Restored, Booted, Heard, Woke, ChannelBusy, Sensed, RunEnded, Learned,
                           Shown, Withdrawn>;

}  // namespace compot::node
