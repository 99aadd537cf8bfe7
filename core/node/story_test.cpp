#include "core/node/testbed.hpp"

namespace compot::node {
namespace {

using learn::Cell;
using learn::TileClass;

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

}  // namespace
}  // namespace compot::node
