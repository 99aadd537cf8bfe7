#pragma once

#include <array>
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "apps/world.hpp"
#include "core/node/node.hpp"
#include "host/store/store.hpp"
#include "observe/notes.hpp"
#include "observe/peers.hpp"
#include "radio/packet.hpp"

/// One real node as the runner sees it: the core's node on the machine's own time, its records in a
/// store, its frames and acts handed to whoever holds the radio and the body. It knows neither
/// sockets nor threads.

namespace compot::apps {

/// How busy the channel is by what one radio hears and says itself.
class AirMeter {
public:
    void add(Time at, Duration airtime);
    [[nodiscard]] std::uint16_t permille(Time now);

private:
    std::deque<std::pair<Time, Duration>> minute_;
    Duration sum_{};
};

/// What a node wants of the world outside. Called on the world's thread; returns soon.
class Outside {
public:
    virtual ~Outside() = default;
    virtual void send(const radio::Packet& packet) = 0;
    virtual void act(learn::Action action) = 0;
    /// A picture of what is next to the body: looked() brings what is on it.
    virtual void look(learn::Action way) = 0;
    /// A line for whoever watches the process.
    virtual void complain(const std::string& sentence) = 0;
};

/// Who stands beside the node and carries for it to other sites. Called on the world's thread.
class Beside {
public:
    virtual ~Beside() = default;
    virtual void told(const node::Event& event, const node::Effects& effects, Time now) = 0;
    [[nodiscard]] virtual Time wake_at() const = 0;
    virtual void wake(Time now) = 0;
};

struct NodeTerms {
    node::Config config;
    std::string name;
    std::uint8_t channel = 0;       ///< the radio's index of the swarm's channel
    bool others_look = false;       ///< at pictures that people hand in, at other sites
    bool has_body = false;          ///< one that says what it feels; else it is told as at rest
    std::optional<learn::Cell> at;  ///< of a body at rest; none: nobody said where
    std::map<NodeId, std::string> names;  ///< of the members, as their enrolment calls them
};

class NodeWorld final : public World {
public:
    /// The node boots from what `store` holds. All outlive the world. ERRORS: those of the store.
    [[nodiscard]] static Result<std::unique_ptr<World>, std::string> start(const NodeTerms& terms,
                                                                           store::Store& store,
                                                                           Outside& outside,
                                                                           observe::Sink& sink);

    [[nodiscard]] observe::World label() const override;
    [[nodiscard]] Time now() const override;
    [[nodiscard]] Time next_at() const override;
    void step() override;

    [[nodiscard]] std::string registries() const override;

    [[nodiscard]] Ending ending() const override { return {}; }

    [[nodiscard]] bool real() const override { return true; }

    [[nodiscard]] std::string refuses(web::Control::Do what) const override;

    [[nodiscard]] bool takes_pictures() const override {
        return terms_.config.duties.classifies || terms_.others_look;
    }

    std::string control(const web::Control& control) override;
    [[nodiscard]] std::string signed_ledger() const override;
    std::string show(learn::Cell at, const scene::Image& image, const scene::Scene& scene) override;
    Result<PacketId, std::string> submit(NodeId radio, const radio::Packet& packet) override;
    std::string act(NodeId node, learn::Action action) override;

    // From outside.
    void heard(const radio::Packet& packet);
    void felt(const node::Sensed& sensed);
    /// The camera's picture is being looked at elsewhere, which takes longer than here.
    void passed_on(learn::Cell of);
    /// What was seen on the camera's picture. ERRORS of `scene`: it was none, or unclear. What
    /// comes when nobody waits any more is kept for the next who asks for that tile.
    void looked(learn::Cell of, const scene::Image& image,
                const Result<scene::Scene, scene::Failure>& scene);
    void learn(const node::Learned& learned);

    /// Null: nobody. `beside` outlives the world.
    void set_beside(Beside* beside) { beside_ = beside; }

    [[nodiscard]] const node::Node& node() const { return node_; }

private:
    /// Records of our own beside the node's: what a tile's picture showed, by the tile's index.
    static constexpr std::uint16_t kScenes = 0x8000;

    /// A run that waits for a picture.
    struct Look {
        std::uint16_t handle = 0;
        learn::Cell of;
        Time until;
    };

    NodeWorld(const NodeTerms& terms, store::Store& store, Outside& outside, observe::Sink& sink);

    [[nodiscard]] std::string boot();
    /// False when the node did not believe what it was told.
    bool tell(const node::Event& event);
    void meet(const node::Heard& heard, observe::Hearing hearing);
    [[nodiscard]] bool keep(const node::Effects& effects);
    void carry_out(const node::Effect& effect);
    void send(const node::Send& send);
    // node_world_pictures.cpp
    void run(const node::Run& run);
    void end_looks(Time at);
    [[nodiscard]] std::deque<Look>::iterator look_of(learn::Cell of);
    void end_run(std::uint16_t handle, const scene::Scene* scene);
    /// What was seen on a tile outlives the process; an empty sentence is success.
    [[nodiscard]] std::string keep_scene(learn::Cell at, const scene::Scene& scene);
    void restore_scene(std::uint16_t key, const std::vector<std::uint8_t>& value);

    void show_flight(const radio::Packet& packet, const std::string& kind, Duration price);
    void show_cards();
    void show_own(Time at);
    void show_facts(Time at, std::uint64_t digest);

    NodeTerms terms_;
    store::Store& store_;
    Outside& outside_;
    observe::Sink& sink_;
    std::chrono::steady_clock::time_point began_;
    node::Node node_;
    observe::Peers peers_;
    Beside* beside_ = nullptr;
    node::Sensed body_;
    bool felt_ = false;  ///< the body has said what it feels
    AirMeter air_;
    Duration airtime_sent_{};
    Time busy_at_;
    Time decision_at_;
    Time card_at_ = kNever;  ///< when the card is due, if something has changed
    Time card_told_{-1s};    ///< long ago
    std::uint64_t policy_told_ = 0;
    std::uint64_t facts_told_ = 0;
    std::array<learn::TileClass, learn::kCells> standing_{};  ///< as told; CLEAR: nothing
    std::uint64_t flights_ = 0;
    bool booting_ = true;
    std::string store_problem_;  ///< why the last records could not be written; mostly empty
    observe::Notes notes_;
    std::map<std::uint8_t, scene::Scene> scenes_;  ///< handed in by people, by tile
    std::map<std::uint8_t, scene::Scene> late_;    ///< seen on a tile when nobody waited, once
    std::deque<Look> looking_;
    std::deque<node::RunEnded> ended_;
    std::deque<Bytes<3>> outputs_;
};

}  // namespace compot::apps
