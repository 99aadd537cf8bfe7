#include "core/profile/session.hpp"

#include <gtest/gtest.h>

namespace compot::profile {
namespace {

constexpr NodeId kSelf{1};
constexpr NodeId kPeer{2};

crypto::Key key_of(std::uint8_t fill) {
    crypto::Key key{};
    key.fill(fill);
    return key;
}

class SessionTest : public testing::Test {
protected:
    SessionTest() {
        EXPECT_TRUE(keys.enrol(kPeer, key_of(1), crypto::exchange_public(key_of(2))));
        session.boot(7, 0xC0FFEE);
    }

    static Beacon beacon(std::uint32_t nonce, std::initializer_list<std::uint32_t> echoes) {
        Beacon made;
        made.boot_nonce = nonce;
        made.echoes = echoes;
        return made;
    }

    void place(std::uint16_t epoch, std::uint32_t sequence) {
        ASSERT_TRUE(
            session.hear_beacon(kPeer, make_packet_id(epoch, sequence), beacon(5, {0xC0FFEE}))
                .ok());
        ASSERT_TRUE(session.placed(kPeer));
    }

    Status accept(std::uint16_t epoch, std::uint32_t sequence, bool answers_us = false) {
        return session.accept(kPeer, make_packet_id(epoch, sequence), answers_us);
    }

    Keyring keys{kSelf, key_of(9)};
    Session session{keys};
};

TEST_F(SessionTest, acts_on_nothing_until_the_peer_has_echoed_our_nonce) {
    EXPECT_EQ(accept(3, 10).error(), Error::NotReady);
    ASSERT_TRUE(session.hear_beacon(kPeer, make_packet_id(3, 11), beacon(5, {})).ok());
    EXPECT_EQ(accept(3, 12).error(), Error::NotReady);
    ASSERT_TRUE(session.hear_beacon(kPeer, make_packet_id(3, 13), beacon(5, {0xC0FFEE})).ok());
    EXPECT_TRUE(accept(3, 14).ok());
}

TEST_F(SessionTest, lets_each_id_in_once_also_out_of_order) {
    place(3, 10);
    EXPECT_TRUE(accept(3, 14).ok());
    EXPECT_TRUE(accept(3, 12).ok());
    EXPECT_EQ(accept(3, 12).error(), Error::Stale);
    EXPECT_EQ(accept(3, 14).error(), Error::Stale);
    EXPECT_EQ(accept(3, 9).error(), Error::Stale) << "from before it was placed";
    EXPECT_TRUE(accept(3, 200).ok());
    EXPECT_EQ(accept(3, 136).error(), Error::Stale) << "below the window";
    EXPECT_TRUE(accept(3, 137).ok());
}

TEST_F(SessionTest, owes_an_echo_to_each_new_boot_once) {
    const auto verdict = session.hear_beacon(kPeer, make_packet_id(3, 1), beacon(5, {}));
    ASSERT_TRUE(verdict.ok());
    EXPECT_TRUE(verdict->owes_echo);
    FixedVector<std::uint32_t, Beacon::kEchoesMax> echoes;
    session.take_echoes(echoes);
    EXPECT_EQ(echoes, (FixedVector<std::uint32_t, Beacon::kEchoesMax>{5}));
    EXPECT_FALSE(session.owes_echoes());
    const auto again = session.hear_beacon(kPeer, make_packet_id(3, 2), beacon(5, {}));
    ASSERT_TRUE(again.ok());
    EXPECT_FALSE(again->owes_echo);
}

TEST_F(SessionTest, echoes_again_when_it_is_sought) {
    place(3, 1);
    FixedVector<std::uint32_t, Beacon::kEchoesMax> echoes;
    session.take_echoes(echoes);
    Beacon seeking = beacon(5, {});
    seeking.seeks_echo = true;
    ASSERT_TRUE(session.hear_beacon(kPeer, make_packet_id(3, 2), seeking).ok());
    EXPECT_TRUE(session.owes_echoes());
}

TEST_F(SessionTest, stops_seeking_a_peer_that_never_answers) {
    ASSERT_TRUE(session.hear_beacon(kPeer, make_packet_id(3, 1), beacon(5, {})).ok());
    int tries = 0;
    while (session.take_seek()) ++tries;
    EXPECT_EQ(tries, 6);
    EXPECT_FALSE(session.seeking());
    session.seek(kPeer);
    EXPECT_TRUE(session.take_seek());
}

TEST_F(SessionTest, keeps_a_placed_peer_until_its_new_boot_has_answered) {
    place(3, 10);
    ASSERT_TRUE(session.hear_beacon(kPeer, make_packet_id(4, 1), beacon(6, {})).ok());
    EXPECT_TRUE(accept(3, 11).ok()) << "the higher epoch may be a recording";
    EXPECT_EQ(accept(4, 2).error(), Error::NotReady);
    const auto verdict = session.hear_beacon(kPeer, make_packet_id(4, 3), beacon(6, {0xC0FFEE}));
    ASSERT_TRUE(verdict.ok());
    EXPECT_TRUE(verdict->newly_placed);
    EXPECT_TRUE(accept(4, 4).ok());
    EXPECT_EQ(accept(3, 12).error(), Error::Stale);
    EXPECT_EQ(session.floor(kPeer), 4);
}

TEST_F(SessionTest, refuses_an_epoch_below_the_floor_of_an_earlier_boot) {
    session.restore_floor(kPeer, 9);
    EXPECT_EQ(session.hear_beacon(kPeer, make_packet_id(8, 1), beacon(5, {0xC0FFEE})).error(),
              Error::Stale);
    EXPECT_EQ(accept(8, 2, true).error(), Error::Stale);
    EXPECT_TRUE(session.hear_beacon(kPeer, make_packet_id(9, 1), beacon(5, {0xC0FFEE})).ok());
}

TEST_F(SessionTest, drops_everything_recorded_after_all_have_rebooted) {
    place(3, 10);
    Session rebooted{keys};
    rebooted.restore_floor(kPeer, session.floor(kPeer));
    rebooted.boot(8, 0xBEEF);
    // The whole recording again, in both orders: the old beacons echo the nonce of a boot that is
    // over.
    for (std::uint32_t sequence = 1; sequence < 200; ++sequence) {
        const PacketId id = make_packet_id(3, sequence % 2 == 0 ? sequence : 200 - sequence);
        (void)rebooted.hear_beacon(kPeer, id, beacon(5, {0xC0FFEE}));
        EXPECT_FALSE(rebooted.accept(kPeer, id).ok());
    }
    EXPECT_FALSE(rebooted.placed(kPeer));
}

TEST_F(SessionTest, lets_ids_of_answers_only_rise_until_the_peer_is_placed) {
    EXPECT_TRUE(accept(3, 10, true).ok());
    EXPECT_EQ(accept(3, 10, true).error(), Error::Stale);
    EXPECT_EQ(accept(3, 9, true).error(), Error::Stale);
    EXPECT_TRUE(accept(3, 40, true).ok());
    place(3, 30);
    EXPECT_EQ(accept(3, 40, true).error(), Error::Stale) << "it passed before";
    EXPECT_EQ(accept(3, 10, true).error(), Error::Stale);
    EXPECT_TRUE(accept(3, 41, true).ok());
    EXPECT_TRUE(accept(4, 1, true).ok());
}

TEST_F(SessionTest, is_placed_by_a_request_with_our_echo_which_then_passes_once) {
    EXPECT_EQ(accept(3, 10).error(), Error::NotReady);
    EXPECT_FALSE(session.hear_echoes(kPeer, make_packet_id(3, 12), {0xDEAD}));
    EXPECT_EQ(accept(3, 12).error(), Error::NotReady);
    EXPECT_TRUE(session.hear_echoes(kPeer, make_packet_id(3, 14), {0xC0FFEE}));
    EXPECT_TRUE(accept(3, 14).ok());
    EXPECT_EQ(accept(3, 14).error(), Error::Stale);
    EXPECT_EQ(accept(3, 13).error(), Error::Stale) << "from before it was placed";
    EXPECT_FALSE(session.hear_echoes(kPeer, make_packet_id(3, 9), {0xC0FFEE}));
    const auto verdict = session.hear_beacon(kPeer, make_packet_id(3, 15), beacon(5, {}));
    ASSERT_TRUE(verdict.ok());
    EXPECT_TRUE(verdict->owes_echo) << "its nonce was not known until now";
}

TEST_F(SessionTest, seeks_a_placed_peer_again_when_it_has_rebooted) {
    place(3, 10);
    EXPECT_FALSE(session.take_seek());
    EXPECT_EQ(accept(4, 1).error(), Error::NotReady);
    session.seek(kPeer);
    EXPECT_TRUE(session.take_seek());
    EXPECT_FALSE(session.take_seek());
}

TEST_F(SessionTest, never_gives_an_id_twice_and_says_when_they_are_used_up) {
    std::uint32_t last = 0;
    for (std::uint32_t i = 1; i < (1U << 20U); ++i) {
        const auto id = session.next_id();
        ASSERT_TRUE(id.ok());
        ASSERT_GT(id->value, last);
        last = id->value;
    }
    EXPECT_EQ(session.next_id().error(), Error::NoRoom);
}

TEST_F(SessionTest, gives_no_id_in_an_epoch_that_does_not_fit) {
    session.boot(4095, 1);
    EXPECT_TRUE(session.next_id().ok());
    session.boot(4096, 1);
    EXPECT_EQ(session.next_id().error(), Error::NoRoom);
}

TEST_F(SessionTest, knows_only_the_enrolled) {
    EXPECT_EQ(session.hear_beacon(NodeId{99}, make_packet_id(1, 1), beacon(1, {})).error(),
              Error::Unknown);
    EXPECT_EQ(session.accept(NodeId{99}, make_packet_id(1, 1), true).error(), Error::Unknown);
}

}  // namespace
}  // namespace compot::profile
