#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/learn/grid.hpp"

/// What an onlooker is told, of a simulated or a real swarm alike. Whoever runs nodes (sim, the
/// daemon) calls a Sink; feed and recording are sinks. Nothing here can influence a node.

namespace compot::observe {

/// What a face shows. The order is that of urgency.
enum class Mood : std::uint8_t {
    Off,
    Idle,
    Working,
    Streaming,
    Patrolling,
    EnRoute,
    Assisting,
    Resumed,
    Waiting,
    Blocked
};

struct Neighbour {
    NodeId id;
    std::int16_t snr_cdb = 0;
    Time heard{};

    [[nodiscard]] bool operator==(const Neighbour&) const = default;
};

/// Where a node stands when its world is no field of tiles.
struct Place {
    std::int32_t x_m = 0;  ///< east
    std::int32_t y_m = 0;  ///< south, as tiles count
};

struct Energy {
    std::int64_t spent_mj = 0;    ///< radio, computer and body, since the start
    std::int64_t battery_mj = 0;  ///< when full
};

/// What a node holds: equal contents, equal digests.
struct Digests {
    std::uint64_t policy = 0;
    std::uint64_t facts = 0;
    std::uint64_t registry = 0;
    std::uint64_t ledger = 0;

    [[nodiscard]] bool operator==(const Digests&) const = default;
};

/// Airtime that a node may still spend.
struct Purse {
    Duration balance{};
    Duration capacity{};

    [[nodiscard]] bool operator==(const Purse&) const = default;
};

/// How a frame of a node came to the one that tells of it.
struct Hearing {
    enum class Way : std::uint8_t {
        Radio,   ///< by air to our own radio
        Mqtt,    ///< through a broker, somewhere on its way
        Network  ///< as a datagram of a local network
    };

    Time at{};
    Way way = Way::Radio;
    std::uint8_t hops = 0;  ///< relays on its way; 0: from the node itself
    /// Of the last transmission, whoever made it; only by radio.
    std::optional<std::int16_t> rssi_cdbm;
    std::optional<std::int16_t> snr_cdb;
    /// It has echoed a nonce of ours: what it says is no recording. Until then its frames tell
    /// nothing but that somebody has them.
    bool live = false;

    [[nodiscard]] bool direct() const { return way == Way::Radio && hops == 0; }
};

/// A node's card, as of now. Sent when anything in it has changed, at most ten times a second. What
/// is not known of a node is not there: of one that is switched off what was in it, of a peer of a
/// real node all that its frames do not say.
struct NodeCard {
    NodeId id;
    std::string name;
    std::string role;  ///< "cat", "compot"; of a plain radio Meshtastic's: "client", "router", ...
    std::optional<bool> alive;
    std::optional<Mood> mood;
    std::optional<learn::Cell> at;
    std::optional<Time> at_since;  ///< when it was there, where that is not now
    std::optional<std::uint16_t> battery_permille;
    std::optional<std::uint32_t> queue;  ///< frames waiting in its radio
    std::optional<Digests> digests;
    std::optional<Duration> airtime_used;  ///< originated and relayed
    std::optional<Purse> purse;
    std::optional<std::uint16_t> busy_permille;
    std::optional<std::uint32_t> frames_dropped;  ///< forged, stale or malformed
    std::optional<std::vector<Neighbour>> neighbours;
    std::optional<std::uint8_t> sites_left;
    std::optional<Place> place;    ///< instead of `at`
    std::optional<Energy> energy;  ///< where it is known: not of real bodies
    bool peer = false;             ///< what follows and what precedes is another node's word of it
    std::optional<Hearing> heard;  ///< of a peer: its last frame; none: enrolled and not heard yet
};

/// Best action of each tile, row by row; changes rarely.
struct PolicyMap {
    NodeId id;
    std::array<learn::Action, learn::kCells> best{};
};

enum class Fate : std::uint8_t { Decoded, Duplicate, Collided, TooWeak, Deaf, Off };

struct Reception {
    NodeId receiver;
    Fate fate = Fate::Decoded;
    std::int16_t rssi_cdbm = 0;
    std::int16_t snr_cdb = 0;
};

/// One transmission from first to last symbol; a relay of the same packet is another flight.
struct FlightStarted {
    std::uint64_t flight = 0;
    NodeId transmitter;
    NodeId from;
    PacketId packet;
    std::string kind;  ///< message name, "text", "foreign", ...
    std::uint8_t hop_limit = 0;
    std::uint16_t bytes = 0;
    Duration airtime{};
    Duration price{};  ///< what the originator's purse paid; zero for relays and foreign frames
    NodeId to = kBroadcast;
};

struct FlightEnded {
    std::uint64_t flight = 0;
    std::vector<Reception> receptions;
};

struct JobStep {
    std::uint32_t nonce = 0;
    NodeId asker;
    NodeId helper;
    std::string step;  ///< "asked", "offered", "taken", "en route", "photo", "classified", "delta",
                       ///< "applied", "resumed", "ended", ...
    std::string text;
};

struct LedgerLine {
    NodeId holder;
    NodeId author;
    std::uint16_t sequence = 0;
    std::string text;
};

struct Obstacle {
    std::uint32_t id = 0;
    learn::Cell at;
    bool present = true;
    std::string
        truth;  ///< what it is; the page shows it only as what the swarm believes until classified
    std::string label;  ///< what the swarm's facts call it; empty while nobody knows
};

struct Site {
    learn::Cell at;
    bool done = false;
};

/// A picture that was taken or uploaded and the label that it got.
struct Photo {
    NodeId by;
    learn::Cell at;
    std::string label;
    std::uint16_t confidence_permille = 0;
    std::string backend;
    std::vector<std::uint8_t> png;
};

struct LogLine {
    NodeId node;
    std::string text;
};

class Sink {
public:
    virtual ~Sink() = default;
    virtual void node(Time at, const NodeCard& card) = 0;
    virtual void policy(Time at, const PolicyMap& map) = 0;
    virtual void flight_started(Time at, const FlightStarted& flight) = 0;
    virtual void flight_ended(Time at, const FlightEnded& flight) = 0;
    virtual void job(Time at, const JobStep& step) = 0;
    virtual void ledger(Time at, const LedgerLine& line) = 0;
    virtual void obstacle(Time at, const Obstacle& obstacle) = 0;
    virtual void site(Time at, const Site& site) = 0;
    virtual void photo(Time at, const Photo& photo) = 0;
    virtual void log(Time at, const LogLine& line) = 0;
};

}  // namespace compot::observe
