#pragma once

#include <cstdint>

#include "core/base/containers.hpp"
#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/profile/keyring.hpp"
#include "core/profile/message.hpp"

/// Who is live, and what was said already: replay protection without clocks. It knows ids and
/// nonces, not contents.
///
/// At each boot a node draws a nonce and puts it into its beacons; who hears a beacon of a new boot
/// echoes its nonce. Until a peer has echoed OUR nonce of THIS boot, nothing it sends is acted on
/// but beacons: whatever was recorded earlier can't hold that echo. The id of the echoing beacon
/// becomes the peer's floor, and a window of 64 ids above it lets every frame in once.
///
///            hears a beacon                beacon echoes our nonce
///   Unknown ---------------> Heard(epoch) -----------------------> Placed(epoch, window)
///      ^                        ^  a beacon of a higher epoch            |
///      |  our own boot          +----------------------------------------+
///
/// What echoes another nonce that we drew in this boot (an answer to our request) is as live as
/// that beacon, and passes from a peer that is not placed yet; its ids may only rise until it is.
/// A request may carry echoes too: who is challenged for it says it again with the echo in it.

namespace compot::profile {

class Session {
public:
    explicit Session(const Keyring& keys) : keys_(&keys) {}

    /// The lowest epoch that a peer may still have (it was placed with it in an earlier boot).
    void restore_floor(NodeId peer, std::uint16_t epoch);

    /// `epoch` is this boot's own, one above the last; `nonce` is unpredictable.
    void boot(std::uint16_t epoch, std::uint32_t nonce);

    /// The id of the next frame. ERRORS: NoRoom when this epoch's 2^20 ids are used up (boot
    /// again).
    [[nodiscard]] compot::Result<PacketId> next_id();

    [[nodiscard]] std::uint32_t boot_nonce() const { return nonce_; }

    [[nodiscard]] std::uint16_t epoch() const { return epoch_; }

    struct BeaconVerdict {
        bool newly_placed = false;  ///< persist the floor (peer, epoch)
        bool owes_echo = false;     ///< this boot of the peer was not known: echo its nonce soon
    };

    /// An authenticated beacon. ERRORS: Unknown, Stale (an epoch below the floor, or seen before).
    [[nodiscard]] compot::Result<BeaconVerdict> hear_beacon(NodeId from, PacketId id,
                                                            const Beacon& beacon);

    /// Any other authenticated frame; each id passes once. `answers_us`: it echoes a nonce that we
    /// drew in this boot. ERRORS: Unknown, NotReady (not placed: ask for its echo), Stale.
    [[nodiscard]] Status accept(NodeId from, PacketId id, bool answers_us = false);

    using Echoes = FixedVector<std::uint32_t, Beacon::kEchoesMax>;

    /// An authenticated frame that is no beacon carries echoes: a peer that is not placed is placed
    /// by ours among them, and the frame itself may pass. True if it was placed now: persist.
    [[nodiscard]] bool hear_echoes(NodeId from, PacketId id, const Echoes& echoes);

    /// A frame of this peer came and could not be placed: seek its echo again.
    void seek(NodeId peer);
    /// True while a beacon should ask for echoes; each call spends one try.
    [[nodiscard]] bool take_seek();
    [[nodiscard]] bool seeking() const;

    /// Nonces that peers wait to have echoed, at most `Beacon::kEchoesMax`, the longest owed first.
    void take_echoes(Echoes& out);
    [[nodiscard]] bool owes_echoes() const;

    [[nodiscard]] bool placed(NodeId peer) const;
    [[nodiscard]] std::uint16_t floor(NodeId peer) const;

private:
    struct Peer {
        NodeId id;
        std::uint16_t floor_epoch = 0;
        bool heard = false;
        bool placed = false;
        bool owes_echo = false;
        std::uint8_t seeks_left = 0;  ///< beacons that may still ask for this peer's echo
        std::uint16_t epoch = 0;      ///< of the boot last heard
        std::uint32_t nonce = 0;      ///< of that boot
        std::uint32_t highest = 0;    ///< group ids: the window's upper end
        std::uint64_t seen = 0;       ///< bit n: id highest - n was seen
        std::uint32_t answered = 0;   ///< highest id that passed before it was placed
    };

    [[nodiscard]] Peer* find(NodeId id);
    [[nodiscard]] const Peer* find(NodeId id) const;
    [[nodiscard]] Peer* find_or_add(NodeId id);
    [[nodiscard]] bool echoes_us(const Echoes& echoes) const;
    static void place(Peer& peer, PacketId id);
    static bool pass_window(Peer& peer, std::uint32_t id);

    const Keyring* keys_;
    FixedVector<Peer, kPeersMax> peers_;
    std::uint16_t epoch_ = 0;
    std::uint32_t nonce_ = 0;
    std::uint32_t sequence_ = 0;
};

}  // namespace compot::profile
