#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "observe/happening.hpp"

/// Makes the messages of doc/feed.md out of what a Sink is told: the state as of now, and ordered
/// deltas that each reader takes at its own pace. Knows nothing of sockets, threads or wall clocks.
///
/// A reader that takes every delta gets each as it was made. One that is slow gets everything that
/// it missed as one merged delta; nothing is queued for it, so it costs no memory and holds up
/// nobody.

namespace compot::observe {

/// What stands behind a feed.
enum class Source : std::uint8_t {
    Live,       ///< a simulation that is running
    Recording,  ///< of whatever it was
    Node        ///< a real node, and of others what it has heard
};

/// What a hello tells.
struct World {
    std::string scenario;
    std::uint64_t seed = 0;
    std::string run;  ///< differs between two servers, so that nobody resumes another's feed
    std::uint32_t cell_m = 25;  ///< side of a tile
    Source source = Source::Live;
    Time until{};                            ///< of a recording: its last time
    std::string preset{};                    ///< of the radios; empty: not known
    std::uint32_t purse_share_permille = 0;  ///< of the time, for each node; 0: not known
    std::vector<std::string> controls{};     ///< what can be done with it, in doc/feed.md's words
};

struct Clock {
    Time at{};
    bool running = false;
    double speed = 1;  ///< times real time; 0 is as fast as it goes
    bool finished = false;
    std::string outcome;
    std::string reason;
};

/// What is kept. The oldest goes first.
struct FeedLimits {
    std::size_t deltas = 4096;            ///< that a reader may lag behind, or resume from
    std::size_t delta_bytes = 8'000'000;  ///< of all these
    std::size_t flights_merged = 64;      ///< whole flights in a merged delta
    std::size_t packets = 200;            ///< in the snapshot, as all below
    std::size_t ledger_lines = 200;
    std::size_t log_lines = 200;
    std::size_t photos = 8;
    std::size_t jobs = 64;
    std::size_t job_steps = 64;
};

using Message = std::shared_ptr<const std::string>;

class Feed final : public EventSink {
public:
    explicit Feed(World world, FeedLimits limits = {});

    void event(Event event) override;
    void clock(const Clock& clock);

    /// Closes a delta with what was told since the last one; false when that is nothing.
    bool commit();

    /// Another world: everything is forgotten, and every reader is greeted anew.
    void restart(World world);

    /// Where one client is. Made by reader(), moved on by next().
    class Reader {
        friend class Feed;
        enum class Stage : std::uint8_t { Greet, Snapshot, Follow };
        Stage stage_ = Stage::Greet;
        bool resumed_ = false;
        std::uint64_t seq_ = 0;
        std::uint64_t world_ = 0;
    };

    /// A new reader, or one that has everything up to `resume` of the same `run` already.
    [[nodiscard]] Reader reader(std::optional<std::uint64_t> resume = std::nullopt,
                                const std::string& run = "") const;

    /// The next message for `reader`, or null while there is nothing new.
    [[nodiscard]] Message next(Reader& reader);

    [[nodiscard]] std::uint64_t seq() const { return seq_; }

    [[nodiscard]] Time now() const { return now_; }

    [[nodiscard]] const World& world() const { return world_; }

    /// JSON arrays, as in the snapshot.
    [[nodiscard]] std::string nodes() const;
    [[nodiscard]] std::string jobs() const;
    using EventSink::ledger;  // clang warns of a name that hides a virtual one
    [[nodiscard]] std::string ledger() const;
    [[nodiscard]] std::string packets() const;
    [[nodiscard]] std::string snapshot() const;

private:
    /// One event as text, with what merging has to know of it.
    struct Said {
        enum class Kind : std::uint8_t { Card, Clock, Start, End, Other };
        Kind kind = Kind::Other;
        std::uint64_t key = 0;  ///< node or flight
        std::string json;
    };

    struct Delta {
        std::uint64_t base = 0;
        std::uint64_t seq = 0;
        Time at{};
        std::vector<Said> said;
        std::size_t bytes = 0;
        Message whole;  ///< made when the first reader takes it
    };

    struct Job {
        std::uint32_t nonce = 0;
        NodeId asker;
        NodeId helper;
        std::deque<std::string> steps;
    };

    struct Packet {
        std::uint64_t flight = 0;
        std::string start;
        std::string fates;  ///< empty while in flight
    };

    struct State {
        std::map<NodeId, std::string> cards;
        std::map<NodeId, std::string> policies;
        std::map<std::uint32_t, std::string> obstacles;
        std::map<learn::Cell, std::string> sites;
        std::deque<Job> jobs;
        std::deque<std::string> ledger;
        std::deque<std::string> photos;
        std::deque<std::string> log;
        std::deque<Packet> packets;
        std::string clock;
    };

    struct Remember;  // one overload for each happening, in feed.cpp

    void say(Said::Kind kind, std::uint64_t key, std::string json);
    void forget_old_deltas();
    [[nodiscard]] Message hello(bool resumed) const;
    [[nodiscard]] Message merged(std::uint64_t base) const;
    [[nodiscard]] bool has_base(std::uint64_t base) const;
    static std::string job_json(const Job& job);
    static std::string packet_json(const Packet& packet);

    World world_;
    FeedLimits limits_;
    State state_;
    std::deque<Delta> deltas_;
    std::size_t delta_bytes_ = 0;
    std::vector<Said> pending_;
    std::uint64_t seq_ = 0;
    std::uint64_t world_count_ = 1;
    Time now_{};
};

}  // namespace compot::observe
