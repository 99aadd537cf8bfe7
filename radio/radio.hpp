#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/air/modem.hpp"
#include "core/base/ids.hpp"
#include "core/base/random.hpp"
#include "core/base/time.hpp"
#include "core/crypto/crypto.hpp"
#include "radio/channel.hpp"
#include "radio/frame.hpp"
#include "radio/names.hpp"
#include "radio/packet.hpp"
#include "radio/rarely.hpp"

/// A Meshtastic radio without hardware: what the firmware decides between its client and its modem,
/// as a pure state machine. It is told events and answers with effects; it reads no clock, does no
/// I/O, and draws all chance from the stream it was given. Who hears a transmission, and whether
/// the channel is busy, is for the ether that drives it.

namespace compot::radio {

/// Whose behaviour is shown where versions differ.
enum class Firmware : std::uint8_t {
    V27,       ///< 2.7: no signatures, opaque packets relayed
    V28July,   ///< 2.8 of July 2026: signs; loses or repeats opaque packets
    V28Fixed,  ///< 2.8 with those faults mended
};

/// Meshtastic's device roles with their numbers; those not named behave as Client.
enum class Role : std::uint8_t {
    Client = 0,
    ClientMute = 1,
    Router = 2,
    Tracker = 5,
    Sensor = 6,
    Tak = 7,
    ClientHidden = 8,
    LostAndFound = 9,
    TakTracker = 10,
    RouterLate = 11,
    ClientBase = 12,
};

enum class RebroadcastMode : std::uint8_t {
    All = 0,
    AllSkipDecoding = 1,
    LocalOnly = 2,
    KnownOnly = 3,
    None = 4,
    CorePortnumsOnly = 5,
};

/// What 2.8 does with a broadcast that is not signed; a wrong signature is refused by all.
enum class SignaturePolicy : std::uint8_t {
    Compatible,  ///< takes it
    Balanced,    ///< refuses it from who is known to sign, if a signature would have fitted
    Strict,      ///< refuses whatever is neither signed nor PKC
};

/// How a mesh is set; one object is shared by all radios that are set alike.
struct Settings {
    air::Modem modem;
    std::vector<Channel> channels;  ///< the first is the primary one
    Firmware firmware = Firmware::V27;
    std::uint8_t hop_limit = kHopsDefault;
    /// Off for big simulations: frames carry plaintext of the same length, all else is equal.
    bool encrypts = true;
    std::uint16_t history_capacity = 200;      ///< packets remembered; grows on demand up to this
    std::uint16_t duty_cycle_permille = 1000;  ///< of the region, over an hour
    SignaturePolicy signatures = SignaturePolicy::Compatible;
    std::uint16_t peers_capacity = 120;  ///< of an nRF52840 or ESP32
    /// GPS or a client has told the time. 2.8 can't know how fresh a neighbour is without, so it
    /// names no next hop: the logs of 2.8.0 without a clock have none (vectors/firmware_traces).
    bool knows_time = true;
    /// Firmware as built for large events: packets are relayed two hops on at most, and only those
    /// of the firmware's own ports.
    bool event_build = false;
};

/// A node that its owner marked; relays are kinder to it.
struct Favourite {
    NodeId id;
    bool routes = false;  ///< it is a Router or RouterLate
};

/// What a radio says of itself, unasked at intervals and whenever somebody asks.
struct Introduction {
    std::string long_name;
    std::string short_name;       ///< at most four bytes
    std::uint8_t hardware = 255;  ///< Meshtastic's number of the board; 255: private
    Duration every = 3h;
};

/// Who one radio is.
struct Identity {
    NodeId self;
    Role role = Role::Client;
    /// Unset: as the firmware sets it for the role (core ports only for a Router, else all).
    std::optional<RebroadcastMode> rebroadcast{};
    Rarely<std::vector<Favourite>> favourites{};
    /// X25519. Unset: neither PKC nor signatures. 2.8 numbers a node by it: node_number().
    Rarely<crypto::Key> exchange_secret{};
    Rarely<Introduction> introduction{};  ///< unset: sends and asks for no NodeInfo
};

// --- Events -------------------------------------------------------------------------------------

/// The client sends. `packet.data` says what; from, next_hop, relay_node and hop_start are ours.
struct Submit {
    Packet packet;
};

/// The client wants us to tell everybody who we are (a Heartbeat with nonce 1), and to be told. Not
/// done twice in a minute, nor by who has no introduction.
struct Introduce {};

/// The modem has a frame with a good checksum.
struct Received {
    BytesView frame;  ///< valid during the call
    std::int16_t rssi_cdbm = 0;
    std::int16_t snr_cdb = 0;
    Duration airtime{};
    /// The plaintext, where whoever carries the frame has it at hand (Settings::encrypts off):
    /// saves decoding it at every receiver.
    const mesh::Data* opened = nullptr;
};

/// A frame that a broker or a network has brought instead of the air, still encrypted. It is taken
/// as one that was heard for the first time, but nobody who is near has sent it, and no copy on the
/// air is saved by it.
struct Bridged {
    BytesView frame;  ///< valid during the call
};

/// A reception ended with a bad checksum: it only counts as busy time.
struct ReceptionFailed {
    Duration airtime{};
};

/// The answer to CheckChannel.
struct ChannelChecked {
    enum class State : std::uint8_t {
        Free,       ///< two symbols (2.4 GHz: four) of listening found nothing
        Active,     ///< they found a preamble or symbols
        Receiving,  ///< the modem was already in a reception; answered at once
    };
    State state = State::Free;
};

/// The frame of the last Transmit has left the antenna.
struct TransmitDone {};

/// The time that wake_at() asked for has come.
struct Woke {};

using Event = std::variant<Submit, Received, Bridged, ReceptionFailed, ChannelChecked, TransmitDone,
                           Woke, Introduce>;

// --- Effects ------------------------------------------------------------------------------------

/// Look at the modem, and if it is idle listen for two symbols; ChannelChecked must follow.
struct CheckChannel {};

/// Send this now; TransmitDone must follow after `airtime`. Nothing is received meanwhile.
struct Transmit {
    Frame frame;
    Duration airtime{};
    bool relayed = false;  ///< somebody else's packet
};

/// A packet for our client: broadcasts and what is addressed to us, decrypted, once each.
struct Deliver {
    Packet packet;
};

/// How a want_ack packet of our client ended, or why any packet was refused. `by` is the
/// destination for its acknowledgement, ourselves when a neighbour was heard relaying the packet
/// (an implicit acknowledgement) or for a failure.
struct Settled {
    PacketId id;
    NodeId by;
    mesh::RoutingError error = mesh::RoutingError::NoError;
};

/// What happened to a Submit: BadRequest when the queue is full, else why it was refused.
struct Queued {
    PacketId id;
    mesh::RoutingError error = mesh::RoutingError::NoError;
    std::uint8_t free = 0;  ///< places left of 16
};

using Effect = std::variant<CheckChannel, Transmit, Deliver, Settled, Queued>;
using Effects = std::vector<Effect>;

/// What became of the last Received or Bridged, for onlookers.
enum class Verdict : std::uint8_t {
    None,
    Fresh,      ///< heard for the first time and understood
    Opaque,     ///< heard for the first time, of a channel that we don't have
    Duplicate,  ///< heard before, or our own packet relayed by another
    Refused,    ///< dropped by a policy (mode, port filter, signature)
    Malformed,
};

/// Since construction.
struct Counters {
    std::uint32_t received = 0;
    std::uint32_t duplicates = 0;
    std::uint32_t failed = 0;     ///< bad checksum
    std::uint32_t malformed = 0;  ///< no header, too long, or from 0
    std::uint32_t opaque = 0;     ///< of channels that we don't have; some are relayed all the same
    /// A channel of ours has the packet's hash, or it is PKC for us from who we know, yet it holds
    /// no Data: another channel of the same hash, or damaged, or made up.
    std::uint32_t unreadable = 0;
    std::uint32_t forged = 0;   ///< a signature that is wrong, or missing against the policy
    std::uint32_t sent = 0;     ///< transmissions of our own packets, retries included
    std::uint32_t relayed = 0;  ///< transmissions of others' packets
    std::uint32_t relays_cancelled = 0;
    std::uint32_t queue_drops = 0;
    std::uint32_t duty_drops = 0;
    std::uint32_t refused = 0;  ///< by mode or port filter
};

class Radio {
public:
    /// REQUIRES: at least one channel in `settings`, which everybody only reads. Radios of one
    /// world that share `names` take less room; a radio must be gone before another thread may use
    /// them.
    Radio(std::shared_ptr<const Settings> settings, const Identity& identity, Random random,
          std::shared_ptr<Names> names = nullptr);
    Radio(Radio&&) noexcept;
    Radio& operator=(Radio&&) noexcept;
    ~Radio();

    /// One event at `now`, which never goes back; effects are appended to `out` in the order in
    /// which they must be carried out. COST: a duplicate touches only the header and the history.
    void handle(const Event& event, Time now, Effects& out);

    /// When Woke is due next, kNever while nothing is planned. May change after each handle().
    [[nodiscard]] Time wake_at() const;

    /// An event is about to come; lets a world with many radios ask memory for this one's state in
    /// time: first `far` ahead, then again. Changes nothing.
    void look_ahead(bool far) const;

    /// What a client set. REQUIRES: the modem that the radio has, and a channel.
    void change_settings(std::shared_ptr<const Settings> settings);

    /// What a client may tell of somebody else; NodeInfo packets tell it by themselves.
    void learn_key(NodeId id, const crypto::Key& exchange_public);
    [[nodiscard]] std::optional<crypto::Key> key_of(NodeId id) const;

    /// Who would be asked to relay a packet to `id`; kNoHop while it would be flooded.
    [[nodiscard]] std::uint8_t next_hop_to(NodeId id, Time now) const;

    [[nodiscard]] const Identity& identity() const;
    [[nodiscard]] const std::shared_ptr<const Settings>& settings() const;
    [[nodiscard]] Verdict verdict() const;
    [[nodiscard]] const Counters& counters() const;
    [[nodiscard]] std::size_t queue_size() const;

    /// Everybody's airtime that we saw in the last minute (six slots of ten seconds), in permille.
    [[nodiscard]] std::uint16_t busy_permille(Time now) const;

    /// Our own airtime of the last hour, in permille.
    [[nodiscard]] std::uint16_t duty_permille(Time now) const;

private:
    struct Self;
    std::unique_ptr<Self> self_;
};

}  // namespace compot::radio
