#include "core/node/node.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/profile/codec.hpp"

namespace compot::node {
namespace {

using learn::Action;
using learn::Cell;
using learn::TileClass;

constexpr NodeId kAlpha{0xA1};
constexpr NodeId kBeta{0xB2};
constexpr NodeId kGamma{0xC3};
constexpr NodeId kCompot{0xD4};
constexpr Cell kObstacle{8, 8};

crypto::Key key_of(NodeId id, std::uint8_t purpose) {
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
        Cell at;
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

    void add(NodeId id, Role role, Cell at) {
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
        config.sites = {Cell{8, 12}, Cell{3, 9}};
        config.waypoints = {Cell{1, 14}, Cell{5, 14}};
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
            body.worked = act->action == Action::Work;
            const Cell target = learn::neighbour(body.at, act->action);
            if (target == wall) return;
            if (obstacle && target == kObstacle && target != body.at) {
                touched = true;
                if (truth != TileClass::Movable) return;
                obstacle = false;
            }
            body.at = target;
        } else if (const auto* run = std::get_if<Run>(&effect)) {
            runs.push_back({id, run->handle});
        } else if (const auto* note = std::get_if<Note>(&effect)) {
            notes.push_back({id, *note});
        }
    }

    [[nodiscard]] std::uint8_t occupied(Cell at) const {
        std::uint8_t sides = 0;
        for (const Action side : {Action::North, Action::East, Action::South, Action::West}) {
            const Cell tile = learn::neighbour(at, side);
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
            sensed.fix =
                Cell{body.at.x, static_cast<std::uint8_t>(std::max(0, body.at.y - fix_error))};
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
        const Cell a = bodies[frame.from].at;
        const Cell b = bodies[to].at;
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
    TileClass truth = TileClass::Immovable;
    std::uint16_t confidence = 950;  ///< of whoever looks at a picture, permille
    std::optional<Cell> wall;        ///< everybody knows it
    bool by_others = false;          ///< nobody hears anybody straight
    int fix_error = 2;
    std::uint32_t loss_millionths = 0;
    NodeId deaf_to_beacons_of = kNoNode;  ///< Compot misses them
    Random random{99};
};

TEST(Story, blocked_cat_is_found_helped_and_finishes_whatever_stands_there) {
    for (const TileClass truth : {TileClass::Movable, TileClass::Immovable, TileClass::Dangerous}) {
        SCOPED_TRACE(learn::to_string(truth));
        Swarm swarm;
        swarm.truth = truth;
        swarm.start();
        ASSERT_TRUE(swarm.run_until(kBeta, Note::Kind::Blocked, 60));
        ASSERT_TRUE(swarm.run_until(kBeta, Note::Kind::Resumed, 300));
        ASSERT_TRUE(swarm.run_until(kBeta, Note::Kind::MissionDone, 120));
        swarm.run(60);
        EXPECT_TRUE(swarm.ledgers_equal());
        EXPECT_EQ(swarm.bodies[kAlpha].node->look().ledger_entries, 1);
        EXPECT_GE(swarm.count(kGamma, Note::Kind::BufferReleased), 1);
        EXPECT_EQ(swarm.count(kBeta, Note::Kind::DeltaRefused), 0);
        EXPECT_EQ(swarm.touched, truth == TileClass::Movable && !swarm.obstacle);
    }
}

/// Compot has nothing but a fix, and on that tile the Cat can't be.
TEST(Story, cat_is_found_although_its_fix_is_on_a_wall) {
    Swarm swarm;
    swarm.by_others = true;
    swarm.fix_error = 6;
    swarm.wall = Cell{8, 1};
    for (auto& [id, body] : swarm.bodies)
        body.config->facts = {{*swarm.wall, TileClass::Immovable}};
    swarm.start();
    ASSERT_TRUE(swarm.run_until(kBeta, Note::Kind::Blocked, 60));
    EXPECT_TRUE(swarm.run_until(kBeta, Note::Kind::Resumed, 600));
}

TEST(Story, known_object_takes_three_messages) {
    Swarm swarm;
    swarm.bodies[kCompot].config->known = {{kObstacle, TileClass::Immovable}};
    swarm.start();
    ASSERT_TRUE(swarm.run_until(kBeta, Note::Kind::MissionDone, 180));
    EXPECT_EQ(swarm.sent(profile::MessageType::AssistRequest), 1);
    EXPECT_EQ(swarm.sent(profile::MessageType::Facts), 1);
    EXPECT_EQ(swarm.sent(profile::MessageType::SuccessAck), 1);
    EXPECT_EQ(swarm.sent(profile::MessageType::Offer), 0);
}

TEST(Story, without_compot_the_cat_stays_blocked_and_never_touches_the_object) {
    Swarm swarm;
    swarm.bodies.erase(kCompot);
    swarm.start();
    swarm.run(600);
    EXPECT_EQ(swarm.count(kBeta, Note::Kind::Resumed), 0);
    EXPECT_FALSE(swarm.touched);
    EXPECT_GT(swarm.sent(profile::MessageType::AssistRequest), 3);
}

TEST(Story, compot_that_dies_on_the_way_and_comes_back_helps_all_the_same) {
    Swarm swarm;
    swarm.start();
    ASSERT_TRUE(swarm.run_until(kCompot, Note::Kind::JobAccepted, 120));
    swarm.bodies[kCompot].node.reset();
    swarm.run(60);
    swarm.boot(kCompot);
    EXPECT_TRUE(swarm.run_until(kBeta, Note::Kind::Resumed, 600));
}

TEST(Story, cat_that_reboots_while_blocked_goes_on_with_the_same_job) {
    Swarm swarm;
    swarm.start();
    ASSERT_TRUE(swarm.run_until(kBeta, Note::Kind::OfferTaken, 120));
    swarm.boot(kBeta);
    ASSERT_TRUE(swarm.run_until(kBeta, Note::Kind::MissionDone, 600));
    swarm.run(60);
    EXPECT_TRUE(swarm.ledgers_equal());
}

TEST(Story, ends_well_with_a_fifth_of_all_frames_lost) {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        SCOPED_TRACE(seed);
        Swarm swarm;
        swarm.random = Random{seed};
        swarm.loss_millionths = 200'000;
        swarm.start();
        EXPECT_TRUE(swarm.run_until(kBeta, Note::Kind::MissionDone, 900));
        swarm.run(300);
        EXPECT_TRUE(swarm.ledgers_equal());
    }
}

TEST(Story, recorded_frames_change_nothing_after_everybody_has_rebooted) {
    Swarm swarm;
    swarm.start();
    ASSERT_TRUE(swarm.run_until(kBeta, Note::Kind::MissionDone, 400));
    swarm.run(30);
    const auto recording = swarm.log;
    std::map<NodeId, View> before;
    for (auto& [id, body] : swarm.bodies) {
        swarm.boot(id);
        before[id] = body.node->look();
    }
    swarm.log.clear();
    swarm.in_flight.clear();
    const std::size_t notes_before = swarm.notes.size();
    for (std::size_t i = 0; i < recording.size(); ++i) {
        const auto& frame = recording[i % 2 == 0 ? i : recording.size() - 1 - (i - 1)];
        for (auto& [id, body] : swarm.bodies) {
            if (id != frame.from) swarm.give(id, swarm.heard(frame, id));
        }
        swarm.now += 1s;
    }
    for (auto& [id, body] : swarm.bodies) {
        const View after = body.node->look();
        EXPECT_EQ(after.ledger_digest, before[id].ledger_digest);
        EXPECT_EQ(after.facts_digest, before[id].facts_digest);
        EXPECT_EQ(after.policy_digest, before[id].policy_digest);
        EXPECT_EQ(after.registry_digest, before[id].registry_digest);
    }
    for (std::size_t i = notes_before; i < swarm.notes.size(); ++i) {
        const Note::Kind kind = swarm.notes[i].second.kind;
        EXPECT_TRUE(kind == Note::Kind::FrameDropped || kind == Note::Kind::PurseShort)
            << static_cast<int>(kind);
    }
    EXPECT_EQ(swarm.sent(profile::MessageType::Offer), 0);
    EXPECT_EQ(swarm.sent(profile::MessageType::Award), 0);
}

TEST(Story, request_of_a_cat_that_is_not_placed_is_challenged_and_served_at_once) {
    Swarm swarm;
    swarm.bodies[kCompot].config->known = {{kObstacle, TileClass::Immovable}};
    swarm.deaf_to_beacons_of = kBeta;  // so Compot has never been echoed by it
    swarm.start();
    ASSERT_TRUE(swarm.run_until(kBeta, Note::Kind::Asked, 60));
    const Time asked = swarm.now;
    ASSERT_TRUE(swarm.run_until(kBeta, Note::Kind::DeltaApplied, 60));
    EXPECT_LT(swarm.now - asked, 4s) << "no retry is due so soon";
    EXPECT_EQ(swarm.sent(profile::MessageType::AssistRequest), 2);
    EXPECT_EQ(swarm.sent(profile::MessageType::Facts), 1);
}

TEST(Story, job_whose_way_became_free_during_a_reboot_is_ended_too) {
    Swarm swarm;
    swarm.bodies.erase(kCompot);
    swarm.start();
    ASSERT_TRUE(swarm.run_until(kBeta, Note::Kind::Asked, 60));
    const std::uint32_t nonce = swarm.last(kBeta, Note::Kind::Asked).a;
    swarm.obstacle = false;
    swarm.boot(kBeta);
    ASSERT_TRUE(swarm.run_until(kBeta, Note::Kind::JobEnded, 120));
    EXPECT_EQ(swarm.last(kBeta, Note::Kind::JobEnded).a, nonce);
    EXPECT_FALSE(swarm.bodies[kBeta].stored.contains(records::kOpenJob));
    swarm.run(120);
    EXPECT_TRUE(swarm.ledgers_equal());
    EXPECT_EQ(swarm.count(kBeta, Note::Kind::JobEnded), 1);
}

TEST(Story, recorded_answers_move_no_job_that_outlived_a_reboot) {
    Swarm swarm;
    swarm.start();
    ASSERT_TRUE(swarm.run_until(kBeta, Note::Kind::OfferTaken, 120));
    const auto recording = swarm.log;
    swarm.bodies.erase(kCompot);
    swarm.reboot_all();
    ASSERT_TRUE(swarm.bodies[kBeta].stored.contains(records::kOpenJob));
    swarm.notes.clear();
    for (int round = 0; round < 10; ++round) {
        for (const auto& frame : recording) {
            if (frame.from == kCompot) swarm.give(kBeta, swarm.heard(frame, kBeta));
        }
        swarm.run(3);
    }
    EXPECT_GT(swarm.count(kBeta, Note::Kind::FrameDropped), 0);
    EXPECT_EQ(swarm.count(kBeta, Note::Kind::OfferTaken), 0);
    EXPECT_EQ(swarm.sent(profile::MessageType::Award), 1) << "the one of before the reboot";
}

TEST(Story, loser_of_a_fork_is_told_the_winning_entry) {
    Swarm swarm;
    swarm.start();
    swarm.run(60);  // everybody is placed
    const crypto::Key beta_public = crypto::signing_public(key_of(kBeta, 2));
    const ledger::Signer beta{kBeta, key_of(kBeta, 2), beta_public};
    std::array<ledger::EntryBytes, 2> forked;
    std::array<ledger::Hash, 2> hashes{};
    for (std::uint32_t i = 0; i < 2; ++i) {
        ledger::Ledger ledger;
        const auto entry =
            ledger.append(beta, ledger::Kind::Outcome,
                          ledger::write_body(ledger::OutcomeBody{i, kNoNode, 1, i}), 1);
        ASSERT_TRUE(entry.ok());
        forked[i] = ledger::encode(*entry);
        hashes[i] = ledger::hash(*entry);
    }
    const std::size_t winner = hashes[0] < hashes[1] ? 0 : 1;
    const auto hear_entry = [&](std::size_t which) {
        profile::LedgerEntry message;
        ASSERT_TRUE(message.entry.assign(forked[which].view()));
        profile::Keyring keys(kGamma, swarm.bodies[kGamma].config->channel_key);
        const PacketId id = make_packet_id(1, 5000 + static_cast<std::uint32_t>(which));
        const auto frame = profile::seal(keys, id, message);
        ASSERT_TRUE(frame.ok());
        Swarm::Frame sent{kGamma, {}};
        sent.send.id = id;
        ASSERT_TRUE(sent.send.payload.assign(frame->view()));
        swarm.give(kAlpha, swarm.heard(sent, kAlpha));
    };
    hear_entry(winner);
    swarm.run(20);  // others may have asked for it already
    swarm.log.clear();
    hear_entry(1 - winner);
    swarm.run(5);
    const bool told = std::any_of(swarm.log.begin(), swarm.log.end(), [](const auto& frame) {
        return frame.from == kAlpha &&
               frame.send.kind == static_cast<std::uint8_t>(profile::MessageType::LedgerEntry);
    });
    EXPECT_TRUE(told);
}

/// A swarm whose Beta may open what is unclassified between the two corners only.
class Contained : public Swarm {
public:
    Contained(Cell low, Cell high) {
        Config& beta = *bodies[kBeta].config;
        beta.authority = crypto::signing_public(key_of(kAlpha, 4));
        beta.envelope.device = kBeta;
        beta.envelope.low = low;
        beta.envelope.high = high;
        learn::sign(beta.envelope, key_of(kAlpha, 4), beta.authority);
    }

    [[nodiscard]] std::vector<job::Outcome> outcomes_known_to(NodeId id) {
        std::vector<job::Outcome> outcomes;
        for (const auto& [key, value] : bodies[id].stored) {
            if (key < records::kLedger) continue;
            const auto entry = ledger::parse_entry(value);
            EXPECT_TRUE(entry.ok());
            const auto body = ledger::read_outcome(entry->body.view());
            if (body.ok()) outcomes.push_back(static_cast<job::Outcome>(body->outcome));
        }
        return outcomes;
    }
};

TEST(Story, delta_beyond_the_safety_envelope_is_kept_out_said_so_and_not_asked_for_again) {
    Contained swarm({0, 0}, {7, 15});
    swarm.truth = TileClass::Movable;
    swarm.start();
    ASSERT_TRUE(swarm.run_until(kBeta, Note::Kind::JobEnded, 400));
    EXPECT_EQ(static_cast<job::Outcome>(swarm.last(kBeta, Note::Kind::JobEnded).b),
              job::Outcome::Contained);
    const std::uint64_t policy = swarm.bodies[kBeta].node->look().policy_digest;
    swarm.run(60);
    const int asked = swarm.sent(profile::MessageType::AssistRequest);
    const int facts = swarm.sent(profile::MessageType::Facts);
    swarm.run(3600);
    EXPECT_EQ(swarm.bodies[kBeta].node->look().mood, View::Mood::Blocked);
    EXPECT_EQ(swarm.bodies[kBeta].node->look().policy_digest, policy);
    EXPECT_EQ(swarm.count(kBeta, Note::Kind::DeltaApplied), 0);
    EXPECT_EQ(swarm.count(kBeta, Note::Kind::Contained), 1);
    EXPECT_FALSE(swarm.touched);
    EXPECT_EQ(swarm.sent(profile::MessageType::AssistRequest), asked);
    EXPECT_EQ(swarm.sent(profile::MessageType::Facts), facts) << "nobody sends it once more";
    EXPECT_EQ(swarm.sent(profile::MessageType::FactsQuery), 0);
    EXPECT_EQ(swarm.outcomes_known_to(kCompot), std::vector{job::Outcome::Contained});
    EXPECT_TRUE(swarm.ledgers_equal());
}

TEST(Story, contained_cat_goes_on_when_the_object_is_taken_away) {
    Contained swarm({0, 0}, {7, 15});
    swarm.start();
    swarm.truth = TileClass::Movable;
    ASSERT_TRUE(swarm.run_until(kBeta, Note::Kind::JobEnded, 400));
    swarm.obstacle = false;
    ASSERT_TRUE(swarm.run_until(kBeta, Note::Kind::MissionDone, 120));
    EXPECT_EQ(swarm.bodies[kBeta].node->look().mood, View::Mood::Idle);
}

TEST(Story, what_closes_a_tile_is_let_in_by_any_envelope) {
    for (const TileClass truth : {TileClass::Immovable, TileClass::Dangerous}) {
        SCOPED_TRACE(learn::to_string(truth));
        Contained swarm({0, 0}, {0, 0});
        swarm.truth = truth;
        swarm.start();
        EXPECT_TRUE(swarm.run_until(kBeta, Note::Kind::MissionDone, 400));
        EXPECT_EQ(swarm.count(kBeta, Note::Kind::Contained), 0);
    }
}

TEST(Story, answer_leaves_out_what_the_asker_keeps_out) {
    Contained swarm({8, 0}, {8, 15});
    swarm.truth = TileClass::Movable;
    swarm.bodies[kCompot].config->known = {{Cell{3, 3}, TileClass::Movable},
                                           {kObstacle, TileClass::Movable}};
    swarm.start();
    ASSERT_TRUE(swarm.run_until(kBeta, Note::Kind::MissionDone, 400));
    EXPECT_EQ(swarm.count(kBeta, Note::Kind::Contained), 1) << "both at once";
    EXPECT_EQ(swarm.count(kBeta, Note::Kind::DeltaApplied), 1) << "then the one that it may take";
    EXPECT_EQ(swarm.sent(profile::MessageType::Offer), 0);
}

TEST(Story, envelope_that_nobody_signed_opens_nothing) {
    Contained swarm({0, 0}, {15, 15});
    swarm.truth = TileClass::Movable;
    swarm.bodies[kBeta].config->envelope.signature[5] ^= 1U;
    swarm.start();
    ASSERT_TRUE(swarm.run_until(kBeta, Note::Kind::JobEnded, 400));
    EXPECT_EQ(swarm.count(kBeta, Note::Kind::Contained), 1);
    EXPECT_FALSE(swarm.touched);
}

TEST(Story, stored_facts_are_judged_by_the_envelope_of_a_new_enrolment) {
    Swarm swarm;
    swarm.truth = TileClass::Movable;
    swarm.start();
    ASSERT_TRUE(swarm.run_until(kBeta, Note::Kind::DeltaApplied, 400));
    const Contained narrower({0, 0}, {7, 15});
    swarm.bodies[kBeta].config->envelope = narrower.bodies.at(kBeta).config->envelope;
    swarm.bodies[kBeta].config->authority = narrower.bodies.at(kBeta).config->authority;
    swarm.boot(kBeta);
    EXPECT_EQ(swarm.count(kBeta, Note::Kind::Contained), 1);
    EXPECT_NE(swarm.bodies[kBeta].node->look().facts_digest,
              swarm.bodies[kCompot].node->look().facts_digest);
}

/// Compot sees too little to be sure of anything.
class Foggy : public Swarm {
public:
    Foggy() {
        truth = TileClass::Dangerous;
        confidence = 410;
    }

    void start() {
        Swarm::start();
        for (auto& [id, body] : bodies) body.config->members[1].call("beta");
        ASSERT_EQ(bodies[kCompot].config->members[1].id, kBeta);
        boot(kCompot);
    }

    [[nodiscard]] bool unsure() { return run_until(kCompot, Note::Kind::PersonAsked, 400); }
};

TEST(Story, whoever_is_unsure_asks_a_person_by_text_and_once) {
    Foggy swarm;
    swarm.start();
    ASSERT_TRUE(swarm.unsure());
    EXPECT_EQ(swarm.count(kCompot, Note::Kind::Classified), 3);
    swarm.run(3600);
    ASSERT_EQ(swarm.texts.size(), 1U);
    EXPECT_EQ(swarm.texts[0].first, kCompot);
    EXPECT_EQ(swarm.texts[0].second,
              "Unsure what stands on 8,8 (41 %, DANGEROUS?). beta waits. Send a picture, or look.");
    const Note asked = swarm.last(kCompot, Note::Kind::PersonAsked);
    EXPECT_EQ(asked.peer, kBeta);
    EXPECT_EQ(asked.a, swarm.last(kBeta, Note::Kind::Asked).a);
    EXPECT_EQ(asked.b >> 24U, kObstacle.index());
    EXPECT_EQ(swarm.count(kBeta, Note::Kind::PersonAsked), 0) << "Beta has heard that one is";
    EXPECT_EQ(swarm.count(kBeta, Note::Kind::Resumed), 0);
    EXPECT_FALSE(swarm.touched);
    EXPECT_GT(swarm.count(kCompot, Note::Kind::JobAccepted), 3) << "it looks again now and then";
    EXPECT_LT(swarm.count(kCompot, Note::Kind::JobAccepted), 20);
}

TEST(Story, persons_picture_frees_the_cat_at_once_from_wherever_compot_is) {
    for (const TileClass truth : {TileClass::Movable, TileClass::Immovable, TileClass::Dangerous}) {
        SCOPED_TRACE(learn::to_string(truth));
        Foggy swarm;
        swarm.truth = truth;
        swarm.start();
        ASSERT_TRUE(swarm.unsure());
        swarm.run(60);
        const int accepted = swarm.count(kCompot, Note::Kind::JobAccepted);
        swarm.give(kCompot, Shown{kObstacle, truth, 900});
        ASSERT_TRUE(swarm.run_until(kBeta, Note::Kind::Resumed, 20));
        EXPECT_EQ(swarm.count(kCompot, Note::Kind::JobAccepted), accepted) << "nobody drove again";
        ASSERT_TRUE(swarm.run_until(kBeta, Note::Kind::MissionDone, 120));
        swarm.run(60);
        EXPECT_TRUE(swarm.ledgers_equal());
        EXPECT_EQ(swarm.count(kBeta, Note::Kind::DeltaRefused), 0);
    }
}

TEST(Story, persons_picture_that_gets_lost_on_the_air_is_sent_again_when_the_cat_asks) {
    Foggy swarm;
    swarm.start();
    ASSERT_TRUE(swarm.unsure());
    swarm.run(30);
    swarm.loss_millionths = 1'000'000;
    swarm.give(kCompot, Shown{kObstacle, swarm.truth, 900});
    swarm.run(5);
    EXPECT_EQ(swarm.count(kBeta, Note::Kind::DeltaApplied), 0);
    swarm.loss_millionths = 0;
    EXPECT_TRUE(swarm.run_until(kBeta, Note::Kind::Resumed, 600));
}

TEST(Story, picture_that_convinces_nobody_or_shows_another_tile_changes_nothing) {
    Foggy swarm;
    swarm.start();
    ASSERT_TRUE(swarm.unsure());
    const std::uint64_t facts = swarm.bodies[kCompot].node->look().facts_digest;
    for (const Shown& shown :
         {Shown{kObstacle, TileClass::Movable, 699}, Shown{kObstacle, TileClass::Clear, 1000},
          Shown{Cell{3, 3}, TileClass::Movable, 1000}}) {
        swarm.give(kCompot, shown);
        swarm.give(kBeta, shown);
    }
    EXPECT_EQ(swarm.bodies[kCompot].node->look().facts_digest, facts);
    EXPECT_EQ(swarm.count(kCompot, Note::Kind::FactsSigned), 0);
}

TEST(Story, confidence_that_is_asked_for_is_a_setting_of_the_enrolment) {
    Swarm swarm;
    swarm.bodies[kCompot].config->confidence_permille = 951;
    swarm.start();
    ASSERT_TRUE(swarm.run_until(kCompot, Note::Kind::PersonAsked, 400));
    EXPECT_EQ(swarm.count(kCompot, Note::Kind::FactsSigned), 0);
    ASSERT_EQ(swarm.texts.size(), 1U);
    EXPECT_NE(swarm.texts[0].second.find("A cat waits"), std::string::npos) << "it has no name";
}

TEST(Story, new_blockage_of_the_same_tile_is_a_new_question) {
    Foggy swarm;
    for (auto& [id, body] : swarm.bodies) body.config->sites = {Cell{8, 9}, Cell{8, 3}};
    swarm.bodies[kBeta].at = {8, 7};
    swarm.start();
    ASSERT_TRUE(swarm.unsure());
    const std::uint32_t first = swarm.last(kCompot, Note::Kind::PersonAsked).a;
    swarm.obstacle = false;
    ASSERT_TRUE(swarm.run_until(kBeta, Note::Kind::SiteDone, 400));
    swarm.obstacle = true;  // between Beta and its other site
    swarm.run(900);
    EXPECT_EQ(swarm.texts.size(), 2U);
    EXPECT_NE(swarm.last(kCompot, Note::Kind::PersonAsked).a, first);
}

TEST(Story, cat_that_nobody_helps_tells_people_after_twenty_minutes_and_once) {
    Swarm swarm;
    swarm.bodies.erase(kCompot);
    swarm.start();
    ASSERT_TRUE(swarm.run_until(kBeta, Note::Kind::Blocked, 60));
    swarm.run(20 * 60 - 10);
    EXPECT_TRUE(swarm.texts.empty());
    swarm.run(7 * 60);
    ASSERT_EQ(swarm.texts.size(), 1U);
    EXPECT_EQ(swarm.texts[0].first, kBeta);
    EXPECT_EQ(swarm.texts[0].second,
              "Blocked before 8,8 for 20 minutes, and nobody could help. Please look.");
    EXPECT_EQ(swarm.last(kBeta, Note::Kind::PersonAsked).a, swarm.last(kBeta, Note::Kind::Asked).a);
    swarm.run(2 * 3600);
    EXPECT_EQ(swarm.texts.size(), 1U);
}

TEST(Story, job_that_a_person_withdraws_is_over_for_all_and_not_asked_again) {
    Swarm swarm;
    swarm.start();
    ASSERT_TRUE(swarm.run_until(kCompot, Note::Kind::JobAccepted, 120));
    const std::uint32_t nonce = swarm.last(kBeta, Note::Kind::Asked).a;
    swarm.give(kBeta, Withdrawn{nonce + 1});
    swarm.give(kCompot, Withdrawn{nonce});
    EXPECT_EQ(swarm.count(kBeta, Note::Kind::JobEnded), 0) << "another job, another node";
    EXPECT_TRUE(swarm.bodies[kBeta].node->waits_for(nonce));
    swarm.give(kBeta, Withdrawn{nonce});
    EXPECT_FALSE(swarm.bodies[kBeta].node->waits_for(nonce));
    const Note ended = swarm.last(kBeta, Note::Kind::JobEnded);
    EXPECT_EQ(ended.a, nonce);
    EXPECT_EQ(static_cast<job::Outcome>(ended.b), job::Outcome::Withdrawn);
    swarm.run(60);
    EXPECT_EQ(swarm.sent(profile::MessageType::Cancel), 1);
    EXPECT_EQ(swarm.bodies[kCompot].node->look().mood, View::Mood::Patrolling);
    EXPECT_EQ(swarm.bodies[kBeta].node->look().mood, View::Mood::Blocked);
    EXPECT_TRUE(swarm.ledgers_equal());
    const int asked = swarm.sent(profile::MessageType::AssistRequest);
    swarm.run(3600);
    EXPECT_EQ(swarm.sent(profile::MessageType::AssistRequest), asked);
    swarm.give(kBeta, Withdrawn{nonce});
    EXPECT_EQ(swarm.count(kBeta, Note::Kind::JobEnded), 1);
    swarm.obstacle = false;
    EXPECT_TRUE(swarm.run_until(kBeta, Note::Kind::MissionDone, 120));
}

TEST(Outbox, tells_people_as_alerts_three_times_an_hour_and_is_paid_for_it) {
    const Swarm swarm;
    const Config& config = *swarm.bodies.at(kCompot).config;
    Common common(config);
    Effects out;
    common.out = &out;
    common.session.boot(1, 7);
    const Appeal text = unhelped({1, 2});
    const Duration before = common.outbox.purse().balance();
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(common.tell_people(text, air::TrafficClass::Alert)) << i;
    EXPECT_FALSE(common.tell_people(text, air::TrafficClass::Alert));
    ASSERT_EQ(out.size(), 3U);
    const Send sent = std::get<Send>(out[0]);
    EXPECT_EQ(sent.portnum, mesh::port::kText);
    EXPECT_EQ(sent.kind, 0);
    EXPECT_EQ(sent.priority, Priority::Alert);
    EXPECT_EQ(common.outbox.purse().balance(), before - 3 * sent.price);
    const auto alone = air::broadcast_bytes(text.size(), true, mesh::port::kText);
    EXPECT_GE(sent.price, *air::airtime(config.modem, *alone));
    common.now += 1h;
    EXPECT_TRUE(common.tell_people(text, air::TrafficClass::Alert));
}

TEST(Appeal, fits_its_bytes_whatever_stands_where) {
    Member member;
    member.call("a name that is longer than twelve");
    for (std::size_t what = 0; what < learn::kTileClasses; ++what) {
        const Appeal text = unsure({15, 15}, static_cast<TileClass>(what), 1000, member);
        const std::string words(text.begin(), text.end());
        const bool blind = what == 0;
        EXPECT_EQ(words.find(blind ? "Nothing to be seen on 15,15 where something stands. "
                                   : "Unsure what stands on 15,15 (100 %, "),
                  0U)
            << words;
        EXPECT_NE(words.find(". a name that  waits. Send a picture, or look."), std::string::npos)
            << words;
    }
    const Appeal text = unsure({0, 10}, TileClass::Movable, 59, member);
    EXPECT_EQ(std::string(text.begin(), text.end()).find("Unsure what stands on 0,10 (5 %"), 0U);
}

TEST(Member, keeps_whole_letters_of_a_name_that_is_cut) {
    Member member;
    member.call("eleven byte\u00FCs");
    const std::string kept(member.name.begin(), member.name.end());
    EXPECT_EQ(kept, std::string("eleven byte") + '\0');
}

TEST(Story, empty_battery_stops_the_cat_and_ends_the_job) {
    Swarm swarm;
    swarm.bodies.erase(kCompot);
    swarm.start();
    ASSERT_TRUE(swarm.run_until(kBeta, Note::Kind::Blocked, 60));
    swarm.bodies[kBeta].battery = 3;
    swarm.run(30);
    EXPECT_EQ(swarm.count(kBeta, Note::Kind::BatteryLow), 1);
    EXPECT_EQ(swarm.count(kBeta, Note::Kind::JobEnded), 1);
}

TEST(Node, tells_what_its_bench_can_do) {
    Swarm swarm;
    swarm.bodies[kCompot].config->bench.capabilities = registry::kAccelerator;
    swarm.bodies[kCompot].config->bench.models.push(0x11);
    swarm.start();
    const auto* own = swarm.bodies[kCompot].node->registry().find(kCompot);
    ASSERT_NE(own, nullptr);
    EXPECT_TRUE(own->record.can(registry::kAccelerator | registry::kSceneModel));
    ASSERT_EQ(own->record.models.size(), 1U);
    EXPECT_EQ(own->record.models[0], 0x11U);
}

TEST(Node, fits_the_memory_of_a_cat) { EXPECT_LE(sizeof(Node), 32U * 1024U) << sizeof(Node); }

/// A second swarm of the same enrolment, out of earshot: what its Compot signs is handed over.
TEST(Learned, a_request_is_answered_and_the_answer_said_to_who_asked) {
    Swarm far;
    far.bodies[kCompot].config->known = {learn::Fact{kObstacle, TileClass::Immovable}};
    far.start();
    profile::AssistRequest request;
    request.nonce = 0x77;
    const Node asker(*far.bodies[kBeta].config);
    request.facts_digest = asker.facts().digest();
    std::array<std::uint8_t, profile::kFrameBytesMax> body{};
    const auto size = profile::encode_body(request, body);
    ASSERT_TRUE(size.ok());
    Learned learned;
    learned.from = kBeta;
    learned.what = static_cast<std::uint8_t>(profile::MessageType::AssistRequest);
    learned.body = BytesView{body}.first(*size);
    far.give(kCompot, learned);
    ASSERT_EQ(far.bodies[kCompot].node->evidence().size(), 1U);
    const learn::DeltaBytes facts = far.bodies[kCompot].node->evidence()[0];

    Swarm near;
    near.start();
    learned.what = static_cast<std::uint8_t>(profile::MessageType::Facts);
    learned.body = facts.view();
    near.log.clear();
    near.give(kAlpha, learned);
    EXPECT_EQ(near.bodies[kAlpha].node->evidence().size(), 1U);
    const auto says_facts = [](const Swarm::Frame& frame) {
        return frame.send.kind == static_cast<std::uint8_t>(profile::MessageType::Facts);
    };
    EXPECT_EQ(std::count_if(near.log.begin(), near.log.end(), says_facts), 1);
}

TEST(Learned, what_nobody_signed_or_vouches_for_is_not_believed) {
    Swarm swarm;
    swarm.start();
    const std::uint64_t before = swarm.bodies[kAlpha].node->ledger().digest();
    ledger::Ledger forger;
    auto entry =
        *forger.append({kBeta, key_of(kGamma, 2), crypto::signing_public(key_of(kGamma, 2))},
                       ledger::Kind::Joined, ledger::write_body(ledger::JoinedBody{}), 1);
    const auto bytes = ledger::encode(entry);
    Learned learned;
    learned.what = static_cast<std::uint8_t>(profile::MessageType::LedgerEntry);
    learned.body = bytes.view();
    swarm.give(kAlpha, learned);
    EXPECT_EQ(swarm.bodies[kAlpha].node->ledger().digest(), before);

    registry::Record record;
    record.node = NodeId{0x99};  // not enrolled
    record.version = 1;
    const auto stranger = registry::encode(record);
    learned.what = static_cast<std::uint8_t>(profile::MessageType::Capability);
    learned.body = stranger.view();
    swarm.give(kAlpha, learned);
    EXPECT_EQ(swarm.bodies[kAlpha].node->registry().find(record.node), nullptr);
    record.node = kGamma;
    record.version = 0x7000;
    const auto known = registry::encode(record);
    learned.body = known.view();
    swarm.give(kAlpha, learned);
    ASSERT_NE(swarm.bodies[kAlpha].node->registry().find(kGamma), nullptr);
    EXPECT_EQ(swarm.bodies[kAlpha].node->registry().find(kGamma)->record.version, 0x7000);

    for (unsigned what = 0; what < 256; ++what) {  // a type that can't be learned, or no whole body
        learned.what = static_cast<std::uint8_t>(what);
        learned.body = BytesView{known.view()}.first(3);
        swarm.give(kAlpha, learned);
        swarm.give(kCompot, learned);
    }
    EXPECT_EQ(swarm.bodies[kAlpha].node->ledger().digest(), before);
}

}  // namespace
}  // namespace compot::node
