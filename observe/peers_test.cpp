#include "observe/peers.hpp"

#include <gtest/gtest.h>

#include "core/job/asker.hpp"
#include "core/ledger/entry.hpp"
#include "core/node/node.hpp"

namespace compot::observe {
namespace {

constexpr NodeId kAlpha{0xA1FA0001};
constexpr NodeId kCompot{0xC0390074};
constexpr NodeId kStranger{0xBAD};

class PeersTest : public ::testing::Test {
protected:
    PeersTest() { (void)peers.take_changed(); }

    static Hearing directly(Time at, bool live = true) {
        return {at, Hearing::Way::Radio, 0, -9000, 525, live};
    }

    NodeCard after(NodeId from, const Hearing& hearing, const profile::Message& message) {
        peers.heard(from, hearing, message);
        const auto changed = peers.take_changed();
        EXPECT_EQ(changed.size(), 1U);
        return changed.empty() ? NodeCard{} : changed[0];
    }

    NodeCard after(NodeId from, const profile::Message& message) {
        return after(from, directly(Time{100s}), message);
    }

    static profile::Beacon beacon() {
        profile::Beacon beacon;
        beacon.fix = learn::Cell{3, 4}.index();
        beacon.fix_age_4s = 5;
        beacon.battery_percent = 87;
        beacon.state = static_cast<std::uint8_t>(node::View::Mood::Patrolling);
        return beacon;
    }

    static profile::SuccessAck outcome(NodeId author, job::Outcome how) {
        ledger::Entry entry;
        entry.author = author;
        entry.sequence = 1;
        entry.kind = ledger::Kind::Outcome;
        ledger::OutcomeBody body;
        body.outcome = static_cast<std::uint8_t>(how);
        entry.body = ledger::write_body(body);
        profile::SuccessAck ack;
        EXPECT_TRUE(ack.entry.assign(ledger::encode(entry).view()));
        return ack;
    }

    Peers peers{{{kAlpha, "alpha", "cat"}, {kCompot, "compot", "compot"}}};
};

TEST(Peers, of_whom_nothing_was_heard_nothing_is_known) {
    Peers peers({{kAlpha, "alpha", "cat"}});
    const auto cards = peers.take_changed();
    ASSERT_EQ(cards.size(), 1U);
    EXPECT_EQ(cards[0].id, kAlpha);
    EXPECT_EQ(cards[0].name, "alpha");
    EXPECT_TRUE(cards[0].peer);
    EXPECT_FALSE(cards[0].heard);
    EXPECT_FALSE(cards[0].alive || cards[0].mood || cards[0].at || cards[0].battery_permille ||
                 cards[0].queue || cards[0].digests || cards[0].purse || cards[0].neighbours);
    EXPECT_TRUE(peers.take_changed().empty()) << "it is told once";
}

TEST_F(PeersTest, a_beacon_says_how_its_sender_is_and_where_it_was) {
    const NodeCard card = after(kCompot, beacon());
    EXPECT_EQ(card.mood, Mood::Patrolling);
    EXPECT_EQ(card.at, (learn::Cell{3, 4}));
    EXPECT_EQ(card.at_since, Time{80s}) << "the fix was 20 s old when the beacon came";
    EXPECT_EQ(card.battery_permille, 870);
    ASSERT_TRUE(card.heard);
    EXPECT_EQ(card.heard->snr_cdb, 525);
    EXPECT_FALSE(card.alive || card.queue || card.digests || card.purse || card.neighbours)
        << "no beacon says that";
}

TEST_F(PeersTest, what_may_be_a_recording_says_nothing_but_that_it_was_heard) {
    const NodeCard card = after(kCompot, directly(Time{9s}, false), beacon());
    ASSERT_TRUE(card.heard);
    EXPECT_FALSE(card.heard->live);
    EXPECT_FALSE(card.mood || card.at || card.battery_permille);
}

TEST_F(PeersTest, a_fix_too_old_for_its_age_is_no_place) {
    EXPECT_TRUE(after(kCompot, beacon()).at);
    profile::Beacon lost = beacon();
    lost.fix_age_4s = 0xFF;
    EXPECT_FALSE(after(kCompot, lost).at);
}

TEST_F(PeersTest, a_mood_follows_only_from_what_a_frame_says) {
    EXPECT_EQ(after(kAlpha, profile::Telemetry{}).mood, Mood::Streaming);
    EXPECT_EQ(after(kAlpha, profile::AssistRequest{}).mood, Mood::Blocked);
    EXPECT_EQ(after(kAlpha, profile::Telemetry{}).mood, Mood::Blocked) << "it may do both";
    EXPECT_EQ(after(kAlpha, profile::Award{}).mood, Mood::Waiting);
    EXPECT_EQ(after(kAlpha, outcome(kAlpha, job::Outcome::Resumed)).mood, Mood::Resumed);
    EXPECT_EQ(after(kAlpha, outcome(kAlpha, job::Outcome::Contained)).mood, Mood::Blocked);
    EXPECT_EQ(after(kAlpha, outcome(kAlpha, job::Outcome::Withdrawn)).mood, Mood::Blocked);
    EXPECT_FALSE(after(kAlpha, outcome(kAlpha, job::Outcome::NoWay)).mood);
    profile::Telemetry released;
    released.held = 2;
    EXPECT_EQ(after(kAlpha, profile::AssistRequest{}).mood, Mood::Blocked);
    EXPECT_EQ(after(kAlpha, outcome(kCompot, job::Outcome::Resumed)).mood, Mood::Blocked)
        << "it repeats another's";
    EXPECT_EQ(after(kAlpha, released).mood, Mood::Streaming);
    profile::Progress progress;
    EXPECT_EQ(after(kCompot, progress).mood, Mood::EnRoute);
    progress.stage = profile::Progress::Stage::Classifying;
    EXPECT_EQ(after(kCompot, progress).mood, Mood::Assisting);
    EXPECT_EQ(after(kCompot, profile::LedgerHeads{}).mood, Mood::Assisting);
    EXPECT_FALSE(after(kCompot, profile::Result{}).mood) << "what it does next it has not said";
    profile::Beacon strange = beacon();
    strange.state = 200;
    EXPECT_FALSE(after(kCompot, strange).mood);
}

TEST_F(PeersTest, neighbours_are_those_whose_own_transmission_was_heard) {
    EXPECT_TRUE(peers.neighbours().empty());
    peers.heard(kAlpha, {Time{1s}, Hearing::Way::Radio, 2, -9000, 300, true}, beacon());
    peers.heard(kCompot, {Time{2s}, Hearing::Way::Mqtt, 0, {}, {}, true}, beacon());
    EXPECT_TRUE(peers.neighbours().empty());
    peers.heard(kAlpha, directly(Time{3s}), beacon());
    peers.heard(kAlpha, {Time{4s}, Hearing::Way::Radio, 1, -9000, 900, true}, beacon());
    const auto near = peers.neighbours();
    ASSERT_EQ(near.size(), 1U);
    EXPECT_EQ(near[0], (Neighbour{kAlpha, 525, Time{3s}})) << "a relay's level is not its own";
}

TEST_F(PeersTest, strangers_have_no_card) {
    peers.heard(kStranger, directly(Time{1s}), beacon());
    EXPECT_TRUE(peers.take_changed().empty());
    EXPECT_TRUE(peers.neighbours().empty());
}

}  // namespace
}  // namespace compot::observe
