#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/base/random.hpp"
#include "sim/chronicle.hpp"
#include "sim/deployment/deliveries.hpp"
#include "sim/deployment/deployment.hpp"
#include "sim/deployment/meter.hpp"
#include "sim/deployment/mover.hpp"
#include "sim/deployment/onlookers.hpp"
#include "sim/deployment/report.hpp"
#include "sim/deployment/topology.hpp"
#include "sim/deployment/traffic.hpp"
#include "sim/frame_tap.hpp"
#include "sim/queue/queue.hpp"
#include "sim/talk/talk.hpp"

/// A mesh of plain radios as it runs: people speak, nodes move, fail and run empty. What radios do
/// with what they hear is theirs (sim/talk, radio/); here is all that happens to them. One thread;
/// the same deployment and seed give the same run.

namespace compot::deployment {

struct Options {
    std::uint64_t seed = 1;
    bool encrypts = false;  ///< real ciphertexts, for captures; nothing else changes
};

class World final : private talk::Witness {
public:
    /// ERRORS: no room for so many nodes.
    [[nodiscard]] static Result<std::unique_ptr<World>, Failure> create(
        const Deployment& deployment, const Options& options);

    [[nodiscard]] Time now() const { return now_; }

    /// When the next event is due; kNever when nothing is left to happen.
    [[nodiscard]] Time next_at() const;

    /// One event. REQUIRES: next_at() != kNever.
    void step();
    /// Everything up to and including `until`, and the clock to it.
    void run_until(Time until);

    [[nodiscard]] Report report();

    /// A new sink is told how things stand. It must outlive the run, or be removed.
    void add_sink(observe::Sink& sink);

    /// Every card once more, as of now: before a recording ends.
    void show_all();

    void remove_sink(observe::Sink& sink) { onlookers_.remove(sink); }

    /// Every frame as it leaves an antenna. Null: nobody.
    void set_tap(sim::FrameTap* tap) { tap_ = tap; }

    /// What a person may do. ERRORS: no such node, or it is off or on already.
    Result<void, Failure> drop(NodeId node);
    Result<void, Failure> revive(NodeId node);

    [[nodiscard]] const Deployment& deployment() const { return deployment_; }

    [[nodiscard]] std::uint64_t seed() const { return options_.seed; }

private:
    enum class Kind : std::uint32_t {
        Speaks,
        Moves,
        Fails,
        Returns,
        Happens,
        Minute,
        StrangerSpeaks,
        FallsAsleep,
    };

    struct Node {
        NodePlan plan;
        Meter meter;
        ether::Position at;
        Random failing;
        bool on = true;
        bool asleep = false;     ///< on, but its radio is not
        Time back = kNever;      ///< when it comes back by itself; other plans are stale
        std::uint32_t naps = 0;  ///< plans to fall asleep; only the last counts
        std::uint64_t sent = 0;
        std::uint64_t relayed = 0;
        Duration air{};
        Duration air_relayed{};
        std::uint64_t busy_sum = 0;
        std::uint32_t busy_samples = 0;
        std::uint16_t busy_most = 0;
        std::uint64_t decoded = 0;
        std::uint64_t lost = 0;
        radio::Counters before{};  ///< of the radios that it had before it lost power
    };

    World(const Deployment& deployment, const Options& options, std::vector<NodePlan> nodes);

    void add_nodes(std::vector<NodePlan> plans);
    void add_strangers(const radio::Settings& ours);
    void plan_events();

    void push(Time at, Kind kind, std::size_t subject);
    void dispatch(const queue::Event& event);
    void speak(std::size_t source);
    [[nodiscard]] bool holds_back(std::size_t node) const;
    [[nodiscard]] std::optional<std::uint32_t> somebody_else(std::size_t node);
    void move(std::size_t mover);
    void fail(std::size_t node);
    void return_later(std::size_t node, Duration off);
    void come_back(std::size_t node);
    void happen(std::size_t which);
    void minute();
    void stranger_speaks(std::size_t which);
    void wake(std::size_t node);
    void fall_asleep(std::size_t node);
    [[nodiscard]] bool sleeps(const Node& node) const;

    /// The only places where a node's power changes.
    void turn_off(std::size_t node, Meter::State state);
    void turn_on(std::size_t node);
    void plan_failure(std::size_t node);
    [[nodiscard]] Duration stranger_pause(std::size_t which);
    void touch(std::size_t node);
    void show_changed();
    void show(std::size_t node);
    void log(std::size_t node, const char* text);

    void flight_began(Time at, std::size_t who, ether::Flight flight,
                      const radio::Transmit& sent) override;
    void flight_ended(Time at, std::size_t who, ether::Flight flight, const radio::Frame& frame,
                      std::span<const talk::Heard> heard) override;
    void delivered(Time at, std::size_t who, const radio::Packet& packet) override;
    void settled(Time at, std::size_t who, const radio::Settled& settled) override;
    void queued(Time at, std::size_t who, const radio::Queued& queued) override;

    Deployment deployment_;
    Options options_;
    Time now_{};
    queue::Queue queue_;
    std::unique_ptr<talk::Talk> talk_;
    std::vector<Node> nodes_;
    std::unique_ptr<Topology> topology_;
    Speakers speakers_;
    Movers movers_;
    Deliveries deliveries_;
    Onlookers onlookers_;
    std::vector<Random> strangers_;
    Random destinations_;
    Random chosen_;  ///< who a happening befalls
    std::size_t powered_ = 0;
    std::size_t gateway_ = 0;
    std::int32_t bin_cm_ = 0;
    Report report_;  ///< what is counted while it happens
    sim::Trace trace_;
    sim::FrameTap* tap_ = nullptr;
    std::vector<std::size_t> dirty_;  ///< cards that onlookers shall get
    Time shown_{};
};

}  // namespace compot::deployment
