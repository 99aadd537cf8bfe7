#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/node/node.hpp"
#include "core/profile/codec.hpp"

/// What the tests of whole nodes have in common: a swarm of four on a field.

namespace compot::node {

inline constexpr NodeId kAlpha{0xA1};
inline constexpr NodeId kBeta{0xB2};
inline constexpr NodeId kGamma{0xC3};
inline constexpr NodeId kCompot{0xD4};
inline constexpr learn::Cell kObstacle{8, 8};

inline crypto::Key key_of(NodeId id, std::uint8_t purpose) {
    crypto::Key key{};
    key.fill(static_cast<std::uint8_t>(id.value));
    key[0] = purpose;
    return key;
}

/// Four nodes on a field, an ether that loses nothing but what a test takes away, and a clock.
class Swarm {
public:
    struct Body {
        std::unique_ptr<Config> config;
        std::unique_ptr<Node> node;
        learn::Cell at;
        std::map<std::uint16_t, std::vector<std::uint8_t>> stored;
        bool worked = false;
        std::uint8_t battery = 90;
        std::uint64_t boots = 0;
    };

    struct Frame {
        NodeId from;
        Send send;
    };

    Swarm() {
        add(kAlpha, Role::Cat, {2, 2});
        add(kBeta, Role::Cat, {8, 2});
        add(kGamma, Role::Cat, {12, 3});
        add(kCompot, Role::Edge, {1, 14});
        bodies[kAlpha].config->duties.streams_telemetry = true;
        bodies[kBeta].config->duties.works = true;
        bodies[kGamma].config->duties.holds_batches_for = kBeta;
        Duties& compot = bodies[kCompot].config->duties;
        compot.patrols = compot.classifies = compot.has_backhaul = true;
    }

    void add(NodeId id, Role role, learn::Cell at) {
        Body body;
        body.config = std::make_unique<Config>();
        body.at = at;
        Config& config = *body.config;
        config.self = id;
        config.role = role;
        config.exchange_secret = key_of(id, 1);
        config.signing_seed = key_of(id, 2);
        config.channel_key = key_of(kAlpha, 3);
        config.modem = *air::preset("ShortFast");
        config.purse = {20, 20s};
        config.sites = {learn::Cell{8, 12}, learn::Cell{3, 9}};
        config.waypoints = {learn::Cell{1, 14}, learn::Cell{5, 14}};
        bodies[id] = std::move(body);
    }

    void start() {
        for (auto& [id, body] : bodies) {
            for (auto& [other, member] : bodies) {
                body.config->members.push(
                    {other, member.config->role, crypto::exchange_public(key_of(other, 1)),
                     crypto::signing_public(key_of(other, 2)), member.config->role == Role::Edge});
            }
        }
        for (auto& [id, body] : bodies) boot(id);
    }

    void boot(NodeId id) {
        Body& body = bodies[id];
        body.node = std::make_unique<Node>(*body.config);
        for (const auto& [key, value] : body.stored) give(id, Restored{key, value});
        give(id, Booted{id.value * 1000 + ++body.boots});
    }

    void give(NodeId id, const Event& event) {
        auto out = std::make_unique<Effects>();
        bodies[id].node->handle(event, now, *out);
        for (const Effect& effect : *out) carry_out(id, effect);
    }

    void carry_out(NodeId id, const Effect& effect) {
        Body& body = bodies[id];
        if (const auto* send = std::get_if<Send>(&effect)) {
            if (send->portnum == mesh::port::kText) {
                texts.push_back({id, {send->payload.begin(), send->payload.end()}});
                return;
            }
            log.push_back({id, *send});
            for (auto& [other, listener] : bodies) {
                if (other != id && listener.node && !loses(id, other))
                    in_flight.push_back({other, {id, *send}});
            }
        } else if (const auto* persist = std::get_if<Persist>(&effect)) {
            body.stored[persist->key].assign(persist->value.begin(), persist->value.end());
            if (persist->value.empty()) body.stored.erase(persist->key);
        } else if (const auto* act = std::get_if<Act>(&effect)) {
            body.worked = act->action == learn::Action::Work;
            const learn::Cell target = learn::neighbour(body.at, act->action);
            if (target == wall) return;
            if (obstacle && target == kObstacle && target != body.at) {
                touched = true;
                if (truth != learn::TileClass::Movable) return;
                obstacle = false;
            }
            body.at = target;
        } else if (const auto* run = std::get_if<Run>(&effect)) {
            runs.push_back({id, run->handle});
        } else if (const auto* note = std::get_if<Note>(&effect)) {
            notes.push_back({id, *note});
        }
    }

    [[nodiscard]] std::uint8_t occupied(learn::Cell at) const {
        std::uint8_t sides = 0;
        for (const learn::Action side : {learn::Action::North, learn::Action::East,
                                         learn::Action::South, learn::Action::West}) {
            const learn::Cell tile = learn::neighbour(at, side);
            if ((obstacle && tile == kObstacle) || (tile == wall && tile != at))
                sides |= learn::move_bit(side);
        }
        return sides;
    }

    /// One second of everything: decisions, wake-ups, frames, pictures.
    void second() {
        for (auto& [id, body] : bodies) {
            if (!body.node) continue;
            Sensed sensed;
            sensed.at = body.at;
            sensed.fix = learn::Cell{body.at.x,
                                     static_cast<std::uint8_t>(std::max(0, body.at.y - fix_error))};
            sensed.occupied_moves = occupied(body.at);
            sensed.battery_percent = body.battery;
            sensed.worked = body.worked;
            sensed.temperature_cdeg = 2150;
            give(id, sensed);
        }
        const Time end = now + 1s;
        while (now < end) {
            now += 50ms;
            for (auto& [id, body] : bodies) {
                if (body.node && body.node->wake_at() <= now) give(id, Woke{});
            }
            auto arriving = std::exchange(in_flight, {});
            for (const auto& [to, frame] : arriving) {
                if (bodies[to].node) give(to, heard(frame, to));
            }
            auto done = std::exchange(runs, {});
            for (const auto& [id, handle] : done) {
                const std::vector<std::uint8_t> output{static_cast<std::uint8_t>(truth),
                                                       static_cast<std::uint8_t>(confidence),
                                                       static_cast<std::uint8_t>(confidence >> 8U)};
                give(id, RunEnded{handle, true, output});
            }
        }
    }

    Heard heard(const Frame& frame, NodeId to) {
        Heard event;
        event.from = frame.from;
        event.id = frame.send.id;
        const learn::Cell a = bodies[frame.from].at;
        const learn::Cell b = bodies[to].at;
        const int distance = std::max(1, std::abs(a.x - b.x) + std::abs(a.y - b.y));
        event.rssi_cdbm = static_cast<std::int16_t>(-5000 - distance * 150);
        event.snr_cdb = 500;
        if (by_others) event.hops = 1;
        event.payload = frame.send.payload.view();
        return event;
    }

    void run(int seconds) {
        for (int i = 0; i < seconds; ++i) second();
    }

    /// Until the note appears, or the seconds are over.
    bool run_until(NodeId id, Note::Kind kind, int seconds) {
        for (int i = 0; i < seconds && count(id, kind) == 0; ++i) second();
        return count(id, kind) > 0;
    }

    [[nodiscard]] int count(NodeId id, Note::Kind kind) const {
        return static_cast<int>(std::count_if(notes.begin(), notes.end(), [&](const auto& noted) {
            return noted.first == id && noted.second.kind == kind;
        }));
    }

    [[nodiscard]] Note last(NodeId id, Note::Kind kind) const {
        for (auto noted = notes.rbegin(); noted != notes.rend(); ++noted) {
            if (noted->first == id && noted->second.kind == kind) return noted->second;
        }
        return {};
    }

    [[nodiscard]] int sent(profile::MessageType type) const {
        return static_cast<int>(std::count_if(log.begin(), log.end(), [&](const Frame& frame) {
            return frame.send.kind == static_cast<std::uint8_t>(type);
        }));
    }

    [[nodiscard]] bool ledgers_equal() {
        return std::all_of(bodies.begin(), bodies.end(), [&](auto& entry) {
            return entry.second.node->look().ledger_digest ==
                   bodies[kAlpha].node->look().ledger_digest;
        });
    }

    bool loses(NodeId from, NodeId to) {
        if (deaf_to_beacons_of == from && to == kCompot && is_beacon(log.back())) return true;
        return loss_millionths != 0 && random.chance(loss_millionths);
    }

    static bool is_beacon(const Frame& frame) {
        return frame.send.kind == static_cast<std::uint8_t>(profile::MessageType::Beacon);
    }

    /// Everything anew from what is in flash, with nothing of the past in the air.
    void reboot_all() {
        in_flight.clear();
        for (auto& [id, body] : bodies) boot(id);
    }

    std::map<NodeId, Body> bodies;
    std::vector<Frame> log;
    std::vector<std::pair<NodeId, std::string>> texts;  ///< for people
    std::vector<std::pair<NodeId, Frame>> in_flight;
    std::vector<std::pair<NodeId, std::uint16_t>> runs;
    std::vector<std::pair<NodeId, Note>> notes;
    Time now{};
    bool obstacle = true;
    bool touched = false;
    learn::TileClass truth = learn::TileClass::Immovable;
    std::uint16_t confidence = 950;   ///< of whoever looks at a picture, permille
    std::optional<learn::Cell> wall;  ///< everybody knows it
    bool by_others = false;           ///< nobody hears anybody straight
    int fix_error = 2;
    std::uint32_t loss_millionths = 0;
    NodeId deaf_to_beacons_of = kNoNode;  ///< Compot misses them
    Random random{99};
};

}  // namespace compot::node
