// A Cat and the Compot that helps it, both on the target: what each kind of event costs the Cat on
// its way from a blocked tile to a finished mission, and over a reboot.

#include <algorithm>
#include <new>

#include "core/node/node.hpp"
#include "firmware/probe/meter.hpp"
#include "firmware/probe/probe.hpp"

namespace compot::probe {

namespace {

using learn::Action;
using learn::Cell;

constexpr NodeId kBeta{0xB2};
constexpr NodeId kCompot{0xD4};
constexpr Cell kObstacle{8, 8};

crypto::Key key_of(NodeId id, std::uint8_t purpose) {
    crypto::Key key{};
    key.fill(static_cast<std::uint8_t>(id.value));
    key[0] = purpose;
    return key;
}

struct Record {
    std::uint16_t key = 0;
    Bytes<node::kRecordBytesMax> value;
};

struct Frame {
    NodeId to;
    node::Send send;
};

/// What surrounds a node: everything in here is the probe's and no part of a Cat's budget.
struct Body {
    node::Config config;
    node::Node* node = nullptr;
    Cell at;
    bool worked = false;
    FixedVector<Record, 64> stored;
    FixedVector<std::uint16_t, 4> runs;
};

// What a Cat has in RAM: a node and the effects of one event.
alignas(node::Node) std::byte cat_memory[sizeof(node::Node)];
alignas(node::Effects) std::byte effects_memory[sizeof(node::Effects)];

// The linker script keeps .scratch apart.
[[gnu::section(".scratch")]] alignas(node::Node) std::byte compot_memory[sizeof(node::Node)];
[[gnu::section(".scratch")]] alignas(Body) std::byte beta_memory[sizeof(Body)];
[[gnu::section(".scratch")]] alignas(Body) std::byte other_memory[sizeof(Body)];
using Air = FixedVector<Frame, 16>;
[[gnu::section(".scratch")]] alignas(Air) std::byte air_memory[sizeof(Air)];

class World {
public:
    World()
        : effects_(*new (effects_memory) node::Effects),
          beta_(*new (beta_memory) Body),
          compot_(*new (other_memory) Body),
          air_(*new (air_memory) Air) {
        configure(beta_.config, kBeta, node::Role::Cat);
        beta_.config.duties.works = true;
        beta_.at = {8, 2};
        configure(compot_.config, kCompot, node::Role::Edge);
        compot_.config.duties.patrols = compot_.config.duties.classifies = true;
        compot_.at = {1, 14};
        start_beta();
        compot_.node = new (compot_memory) node::Node(compot_.config);
        give(compot_, node::Booted{4711});
    }

    void start_beta() {
        costs_.born.keep_larger(
            cost_of([&] { beta_.node = new (cat_memory) node::Node(beta_.config); }));
        for (const Record& record : beta_.stored) {
            give(beta_, node::Restored{record.key, record.value.view()});
        }
        give(beta_, node::Booted{++boots_});
    }

    /// One second of everything.
    void second() {
        sense(beta_);
        sense(compot_);
        const Time end = now_ + 1s;
        while (now_ < end) {
            now_ += 50ms;
            for (Body* body : {&beta_, &compot_}) {
                if (body->node->wake_at() <= now_) give(*body, node::Woke{});
            }
            deliver();
            finish_runs();
        }
    }

    [[nodiscard]] bool saw(node::Note::Kind kind) const {
        return (seen_ >> static_cast<unsigned>(kind) & 1U) != 0;
    }

    void print_costs() const {
        report("node.construct", costs_.born);
        report("node.restored", costs_.of_event[0]);
        report("node.booted", costs_.of_event[1]);
        report("node.heard", costs_.of_event[2]);
        report("node.woke", costs_.of_event[3]);
        report("node.sensed", costs_.of_event[5]);
    }

private:
    static void configure(node::Config& config, NodeId self, node::Role role) {
        config.self = self;
        config.role = role;
        config.exchange_secret = key_of(self, 1);
        config.signing_seed = key_of(self, 2);
        config.channel_key = key_of(kBeta, 3);
        config.modem = *air::preset("ShortFast");
        config.purse = {20, 20s};
        config.sites = {Cell{8, 12}};
        config.waypoints = {Cell{1, 14}, Cell{5, 14}};
        for (const NodeId id : {kBeta, kCompot}) {
            config.members.push({id, id == kBeta ? node::Role::Cat : node::Role::Edge,
                                 crypto::exchange_public(key_of(id, 1)),
                                 crypto::signing_public(key_of(id, 2)), id == kCompot});
        }
    }

    void give(Body& body, const node::Event& event) {
        effects_.clear();
        const Cost cost = cost_of([&] { body.node->handle(event, now_, effects_); });
        if (&body == &beta_) costs_.of_event[event.index()].keep_larger(cost);
        for (const node::Effect& effect : effects_) carry_out(body, effect);
    }

    void carry_out(Body& body, const node::Effect& effect) {
        if (const auto* send = std::get_if<node::Send>(&effect)) {
            if (send->portnum != mesh::port::kPrivate) return;
            air_.push({&body == &beta_ ? kCompot : kBeta, *send});
        } else if (const auto* persist = std::get_if<node::Persist>(&effect)) {
            store(body, *persist);
        } else if (const auto* act = std::get_if<node::Act>(&effect)) {
            const Cell target = learn::neighbour(body.at, act->action);
            body.worked = act->action == Action::Work;
            if (target == kObstacle) obstacle_ = false;  // it is MOVABLE: it yields
            body.at = target;
        } else if (const auto* run = std::get_if<node::Run>(&effect)) {
            body.runs.push(run->handle);
        } else if (const auto* note = std::get_if<node::Note>(&effect)) {
            if (&body == &beta_) seen_ |= 1U << static_cast<unsigned>(note->kind);
        }
    }

    static void store(Body& body, const node::Persist& persist) {
        auto* const old = std::find_if(body.stored.begin(), body.stored.end(),
                                       [&](const Record& r) { return r.key == persist.key; });
        if (old != body.stored.end()) {
            old->value = persist.value;
        } else {
            body.stored.push({persist.key, persist.value});
        }
    }

    void sense(Body& body) {
        node::Sensed sensed;
        sensed.at = sensed.fix = body.at;
        for (const Action side : {Action::North, Action::East, Action::South, Action::West}) {
            if (obstacle_ && learn::neighbour(body.at, side) == kObstacle) {
                sensed.occupied_moves |= learn::move_bit(side);
            }
        }
        sensed.battery_percent = 90;
        sensed.worked = body.worked;
        give(body, sensed);
    }

    void deliver() {
        for (std::size_t i = 0; i < air_.size(); ++i) {
            const Frame frame = air_[i];  // an answer may be pushed while this one is heard
            const bool to_beta = frame.to == kBeta;
            give(to_beta ? beta_ : compot_, node::Heard{to_beta ? kCompot : kBeta, frame.send.id,
                                                        -7000, 500, 0, frame.send.payload.view()});
        }
        air_.clear();
    }

    void finish_runs() {
        // MOVABLE, at 95 %.
        constexpr std::array<std::uint8_t, 3> kOutput{
            static_cast<std::uint8_t>(learn::TileClass::Movable), 0xB6, 0x03};
        while (!compot_.runs.empty()) {
            const std::uint16_t handle = compot_.runs.back();
            compot_.runs.erase(compot_.runs.size() - 1);
            give(compot_, node::RunEnded{handle, true, kOutput});
        }
    }

    struct {
        Cost born;
        std::array<Cost, std::variant_size_v<node::Event>> of_event{};
    } costs_;

    node::Effects& effects_;
    Body& beta_;
    Body& compot_;
    Air& air_;
    bool obstacle_ = true;
    std::uint64_t boots_ = 0;
    std::uint32_t seen_ = 0;
    Time now_{};
};

}  // namespace

void probe_node() {
    board::print("sizeof.node", sizeof(node::Node));
    board::print("sizeof.effects", sizeof(node::Effects));
    World world;
    int seconds = 0;
    while (!world.saw(node::Note::Kind::Resumed) && seconds < 900) {
        world.second();
        ++seconds;
    }
    expect("the Cat was blocked and asked", world.saw(node::Note::Kind::Asked));
    expect("the Cat resumed", world.saw(node::Note::Kind::Resumed));
    world.start_beta();
    for (int i = 0; i < 60; ++i) world.second();
    expect("the Cat finished after a reboot", world.saw(node::Note::Kind::MissionDone));
    world.print_costs();
}

}  // namespace compot::probe
