#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/base/result.hpp"
#include "edge/scene/classifier.hpp"
#include "radio/radio.hpp"
#include "sim/chronicle.hpp"
#include "sim/ether/ether.hpp"
#include "sim/field/field.hpp"
#include "sim/frame_tap.hpp"
#include "sim/guests.hpp"
#include "sim/onlookers.hpp"
#include "sim/queue/queue.hpp"
#include "sim/report.hpp"
#include "sim/scenario/enrolment.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/strangers.hpp"
#include "sim/unit.hpp"

/// A world that runs nodes: it feeds each what its radio hears, its body feels and its bench found
/// out, and carries out what it wants. One thread, one queue; the same scenario and seed give the
/// same run. It takes no decision for a node and reads no wall clock.

namespace compot::sim {

using Failure = scenario::Failure;

struct Options {
    std::uint64_t seed = 1;
    std::vector<std::string> without;              ///< enrolled, but not there
    std::vector<std::string> external;             ///< in the world with body and radio alone
    bool real_time = false;                        ///< without it no real firmware can take part
    std::vector<std::string> radioless;            ///< of those: its radio is elsewhere, too
    scene::SceneClassifier* classifier = nullptr;  ///< outlives the run; without one, a Run fails
};

/// A Meshtastic client at a simulated radio, beside the node.
class RadioClient {
public:
    virtual ~RadioClient() = default;
    virtual void delivered(NodeId at, const radio::Packet& packet) = 0;
    virtual void settled(NodeId at, const radio::Settled& settled) = 0;
};

/// Nodes that run elsewhere: what their bodies feel and see goes there, what they want comes by
/// act() and look(), and their frames go through their radios' client.
class RemoteNodes {
public:
    virtual ~RemoteNodes() = default;
    virtual void felt(NodeId node, const node::Sensed& sensed) = 0;
    virtual void saw(NodeId node, learn::Cell of, const scene::Image& image) = 0;
};

/// Radios' other way out: what they hear for the first time and what they send.
class Backhaul {
public:
    virtual ~Backhaul() = default;
    /// `relayed`: somebody else's packet.
    virtual void sent(NodeId at, BytesView frame, bool relayed) = 0;
    virtual void heard(NodeId at, BytesView frame, std::int16_t rssi_cdbm,
                       std::int16_t snr_cdb) = 0;
};

/// Whoever stands beside a node and sees what it is told and answers: a bridge to other sites.
class NodeWatcher {
public:
    virtual ~NodeWatcher() = default;
    virtual void told(NodeId node, const node::Event& event, const node::Effects& effects) = 0;
};

class Simulation {
public:
    /// ERRORS: a name in `without` or `external` that is no node; a blockage for which the seed
    /// finds no tile.
    [[nodiscard]] static Result<std::unique_ptr<Simulation>, Failure> create(
        const scenario::Scenario& scenario, const Options& options);

    [[nodiscard]] Time now() const { return now_; }

    /// When the next event is due; kNever when nothing is left to happen.
    [[nodiscard]] Time next_at() const { return queue_.empty() ? kNever : queue_.next().at; }

    /// One event of the world. False when nothing is left to happen.
    bool step();
    /// Until the next transmission has begun, or nothing is left.
    bool step_to_next_transmission();
    /// Everything up to and including `until`, and the clock to it.
    void run_until(Time until);

    /// The story is over: the mission is done and all ledgers have been equal for a while.
    [[nodiscard]] bool finished() const { return finished_; }

    [[nodiscard]] Report report() const;

    /// A new sink is told how things stand. It must outlive the run, or be removed.
    void add_sink(observe::Sink& sink);

    void remove_sink(observe::Sink& sink) { onlookers_.remove(sink); }

    // What a person may do to the world. ERRORS: a sentence; nothing has changed then.
    Result<void, Failure> put(learn::Cell cell, learn::TileClass what);
    Result<void, Failure> remove(learn::Cell cell);
    Result<void, Failure> drop(NodeId node);
    Result<void, Failure> revive(NodeId node);
    /// A picture from outside, already classified: onlookers see it, who has asked about this tile
    /// is told, and a camera that looks at it takes it instead of one drawn from the truth. ERRORS:
    /// no camera in the swarm; seen too unsurely to act on, and no camera will take it.
    Result<void, Failure> show(learn::Cell at, const scene::Image& image,
                               const scene::Scene& scene);

    /// Ends the job of this name at the node that has asked. ERRORS: none here waits for it.
    Result<void, Failure> withdraw(std::uint32_t nonce);

    void set_client(RadioClient* client) { client_ = client; }

    /// A packet into a node's radio, as its client would send it; its id, chosen here if 0.
    [[nodiscard]] Result<PacketId, Failure> submit(NodeId node, radio::Packet packet);

    /// What a client makes of a radio's channels, over reboots too; the node speaks on the first.
    /// ERRORS: no such node, no channel at all, more than a radio has.
    Result<void, Failure> set_channels(NodeId node, std::vector<radio::Channel> channels);

    void set_remote(RemoteNodes* remote) { remote_ = remote; }

    /// A picture of what is next to an external node's body, by its camera; saw() brings it later.
    /// ERRORS: no such node, or not an external one with a camera.
    Result<void, Failure> look(NodeId node, learn::Action way);

    void add_backhaul(Backhaul* backhaul) { backhauls_.push_back(backhaul); }

    /// A frame that did not come by air into a radio. ERRORS: no such node.
    Result<void, Failure> bring(NodeId node, BytesView frame);

    /// One decision of an external node's body. ERRORS: no such node, or not an external one.
    Result<void, Failure> act(NodeId node, learn::Action action);

    void set_watcher(NodeWatcher* watcher) { watcher_ = watcher; }

    /// What another carrier than its radio brings a node. Nothing happens where it is not on.
    void teach(NodeId node, const node::Learned& learned);

    void set_tap(FrameTap* tap) { tap_ = tap; }

    /// A station of nobody's, for attacks: it sends raw bytes and hears nothing.
    [[nodiscard]] ether::Station add_outsider(const ether::Position& at);
    Result<void, Failure> transmit_raw(ether::Station outsider, BytesView frame);

    /// Told what the antennas of the scenario's real firmware receive; guest n is its nth.
    void set_guest_listener(GuestListener* listener) { guest_listener_ = listener; }

    /// What guest `guest` sends now, as the radio of `transmitter`. ERRORS: its queue is full, or
    /// it is no frame.
    Result<void, Failure> guest_sends(std::size_t guest, NodeId transmitter, BytesView frame);

    [[nodiscard]] const scenario::Scenario& scenario() const { return scenario_; }

    [[nodiscard]] std::uint64_t seed() const { return options_.seed; }

    [[nodiscard]] const std::vector<Unit>& units() const { return units_; }

    [[nodiscard]] const field::Field& field() const { return field_; }

    [[nodiscard]] const radio::Channel& channel() const { return channel_; }

    [[nodiscard]] const ether::Ether& ether() const { return *ether_; }

private:
    enum class Kind : std::uint32_t {
        NodeWakes,
        RadioWakes,
        FlightEnds,
        ChannelChecked,
        ReceptionSeen,
        Decision,
        BusyReport,
        Pictured,
        StrangerTurn,
        GuestTurn,
        Blockage,
        Happening,
    };

    struct Flying {
        std::uint64_t number = 0;
        std::optional<std::size_t> unit;  ///< the sender, when it is one of ours
        std::uint32_t boot = 0;           ///< of the sender: it may have rebooted meanwhile
        NodeId transmitter;
        radio::Frame frame;
    };

    /// A Run that a bench is busy with.
    struct Picture {
        std::size_t unit = 0;
        std::uint32_t boot = 0;
        std::uint16_t handle = 0;
        learn::Cell from;
        learn::Cell of;
        scene::Image image;
    };

    Simulation(const scenario::Scenario& scenario, const Options& options);

    Result<void, Failure> set_up();
    void add_units();
    void add_things();
    Result<void, Failure> plan_blockage();
    [[nodiscard]] std::vector<learn::Cell> first_leg(const Unit& worker) const;
    void plan_events();

    void push(Time at, Kind kind, std::size_t subject);
    void dispatch(const queue::Event& event);

    void boot(std::size_t index);
    void shut_down(std::size_t index);
    void report_busy(std::size_t index);
    [[nodiscard]] Time uptime(const Unit& unit) const;

    void tell_node(std::size_t index, const node::Event& event);
    void tell_radio(std::size_t index, const radio::Event& event);
    void replan(std::size_t index);

    void carry_out(std::size_t index, const node::Effect& effect);
    void send(std::size_t index, const node::Send& send);
    void act(std::size_t index, learn::Action action);
    void run(std::size_t index, const node::Run& run);
    void take_picture(std::size_t index, std::uint16_t handle, std::optional<learn::Cell> of);
    void note(std::size_t index, const node::Note& note);

    void carry_out(std::size_t index, const radio::Effect& effect);
    void deliver(std::size_t index, const radio::Packet& packet);
    void check_channel(std::size_t index);
    void channel_checked(std::size_t subject, bool receiving);
    void transmit(std::size_t index, const radio::Transmit& transmit);
    void begin_flight(ether::Station station, Flying flying);
    void announce(const Flying& flying, Duration airtime, Duration price, const std::string& kind);
    void end_flight(ether::Flight flight);
    observe::Fate receive(std::size_t index, const ether::Arrival& arrival,
                          const radio::Frame& frame, Duration airtime);

    void decide(std::size_t index);
    void take_fix(Unit& unit);
    void pictured(std::size_t index);
    void stranger_turn(std::size_t which);
    void guest_turn(std::size_t which);
    void blockage_appears();
    void happen(const scenario::Happening& happening);
    void look_whether_finished();
    [[nodiscard]] bool all_done() const;
    [[nodiscard]] bool ledgers_equal() const;

    [[nodiscard]] std::optional<std::size_t> unit_of(NodeId id) const;

    scenario::Scenario scenario_;
    Options options_;
    radio::Channel channel_;
    std::shared_ptr<const radio::Settings> settings_;
    queue::Queue queue_;
    std::unique_ptr<ether::Ether> ether_;
    field::Field field_;
    std::unique_ptr<Strangers> strangers_;
    std::unique_ptr<Guests> guests_;
    std::vector<NodeId> guest_numbers_;  ///< as they last called themselves
    std::vector<Unit> units_;
    std::vector<std::optional<std::size_t>> unit_at_;  ///< by station
    std::unordered_map<ether::Flight, Flying> flights_;
    std::unordered_map<std::uint64_t, PacketFacts> packets_;  ///< by originator and packet id
    std::map<std::size_t, Picture> pictures_;
    std::map<std::uint8_t, scene::Image> shown_;  ///< by tile
    Onlookers onlookers_;
    Chronicle chronicle_;
    RadioClient* client_ = nullptr;
    RemoteNodes* remote_ = nullptr;
    GuestListener* guest_listener_ = nullptr;
    FrameTap* tap_ = nullptr;
    std::vector<Backhaul*> backhauls_;
    NodeWatcher* watcher_ = nullptr;
    std::optional<std::size_t> worker_;
    learn::Cell blocked_cell_;
    learn::TileClass blocked_class_ = learn::TileClass::Clear;
    std::uint64_t flights_begun_ = 0;
    std::size_t pictures_taken_ = 0;
    Random ids_;
    Time now_{};
    std::optional<Time> all_done_since_;
    bool finished_ = false;
    bool transmitted_ = false;
};

}  // namespace compot::sim
