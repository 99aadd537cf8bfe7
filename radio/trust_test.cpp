#include <gtest/gtest.h>

#include "radio/pkc.hpp"
#include "radio/signature.hpp"
#include "radio/situation.hpp"

/// What the firmware does in one situation after another: keys, signatures and who is believed.
/// Those marked "observed" were seen on the real firmware 2.8.0.

namespace compot::radio {
namespace {

using mesh::RoutingError;

TEST(Pkc, is_used_for_one_reader_and_opens_only_there) {
    World world;
    for (const NodeId id : {kA, kB, kC}) world.add(id, true);
    world.introduce(0, kC);
    world.introduce(2, kA);
    world.bed.submit(0, message(1, kC, mesh::port::kPrivate, true));
    world.bed.run(60s);
    EXPECT_EQ(world.bed.sent()[0].header.channel_hash, kPkcChannelHash);
    EXPECT_EQ(world.bed.sent()[0].frame.size(), kHeaderBytes + 3 + 6 + 2 + kPkcOverheadBytes);
    ASSERT_EQ(world.bed.told<Deliver>(2).size(), 1U);
    EXPECT_TRUE(world.bed.told<Deliver>(2)[0].packet.pkc);
    EXPECT_TRUE(world.bed.told<Deliver>(1).empty()) << "the relay could not read it";
}

TEST(Pkc, without_the_readers_key_is_refused_by_28_and_was_sent_by_the_channel_by_27) {
    for (const Firmware firmware : {Firmware::V27, Firmware::V28July, Firmware::V28Fixed}) {
        World world(firmware);  // 39 observed
        for (const NodeId id : {kA, kB}) world.add(id, true);
        world.bed.submit(0, message(1, kB, mesh::port::kPrivate));
        world.bed.run(30s);
        const auto queued = world.bed.told<Queued>(0);
        ASSERT_EQ(queued.size(), 1U);
        const bool falls_back = firmware == Firmware::V27;
        EXPECT_EQ(queued[0].error,
                  falls_back ? RoutingError::NoError : RoutingError::PkiSendFailPublicKey);
        EXPECT_EQ(world.bed.sent().size(), falls_back ? 1U : 0U);
    }
}

TEST(Pkc, from_a_stranger_is_answered_with_key_unknown) {
    World world;
    for (const NodeId id : {kA, kB}) world.add(id, true);
    world.introduce(0, kB);
    world.bed.submit(0, message(1, kB, mesh::port::kPrivate, true));
    world.bed.run(60s);
    const auto settled = world.bed.told<Settled>(0);
    ASSERT_FALSE(settled.empty());
    EXPECT_EQ(settled[0].error, RoutingError::PkiUnknownPubkey);
    EXPECT_EQ(settled[0].by, kB);
}

TEST(Pkc, makes_a_text_under_the_channels_key_a_legacy_one_that_28_drops) {
    World world(Firmware::V28July);  // observed: no ack, not delivered, yet third nodes relay it
    Identity old;
    old.self = kA;
    world.add(old);
    world.add(kB, true);
    world.bed.submit(0, message(1, kB, mesh::port::kText, true));
    world.bed.run(60s);
    EXPECT_TRUE(world.bed.told<Deliver>(1).empty());
    EXPECT_EQ(world.bed.sent().size(), 3U) << "all from a; b confirms nothing";
    world.bed.submit(0, message(2, kB, mesh::port::kPrivate, true));
    world.bed.run(60s);
    EXPECT_EQ(world.bed.told<Deliver>(1).size(), 1U) << "PRIVATE_APP is taken and confirmed";
}

TEST(Signature, is_on_each_broadcast_of_28_that_has_room_for_it) {
    for (const Firmware firmware : {Firmware::V27, Firmware::V28Fixed}) {
        World world(firmware);
        for (const NodeId id : {kA, kB}) world.add(id, true);
        world.introduce(1, kA);
        for (const std::size_t size : {std::size_t{20}, std::size_t{165}, std::size_t{166}}) {
            Packet packet = message(static_cast<std::uint32_t>(size), kBroadcast, 256);
            packet.data.payload.resize(size);
            packet.hop_limit = 0;
            world.bed.submit(0, packet);
        }
        world.bed.run(60s);
        const auto heard = world.bed.told<Deliver>(1);
        ASSERT_EQ(heard.size(), 3U);
        const bool signs = firmware != Firmware::V27;
        EXPECT_EQ(heard[0].packet.signature_valid, signs);
        EXPECT_EQ(heard[1].packet.signature_valid, signs);
        EXPECT_EQ(world.bed.sent()[1].frame.size(), signs ? 255U : 189U);
        EXPECT_TRUE(heard[2].packet.data.signature.empty());
    }
}

TEST(Signature, that_is_wrong_is_refused_under_every_policy) {
    for (const SignaturePolicy policy :
         {SignaturePolicy::Compatible, SignaturePolicy::Balanced, SignaturePolicy::Strict}) {
        World world;
        world.settings->signatures = policy;
        for (const NodeId id : {kA, kB}) world.add(id, true);
        world.bed.radio(1).learn_key(kA, crypto::exchange_public(secret_of(kC)));
        world.bed.submit(0, message(1, kBroadcast, 256));
        world.bed.run(30s);
        EXPECT_TRUE(world.bed.told<Deliver>(1).empty());
        EXPECT_EQ(world.bed.radio(1).counters().forged, 1U);
        EXPECT_EQ(world.bed.sent().size(), 1U) << "and not relayed";
    }
}

TEST(Signature, that_is_missing_is_judged_by_the_policy) {
    for (const SignaturePolicy policy :
         {SignaturePolicy::Compatible, SignaturePolicy::Balanced, SignaturePolicy::Strict}) {
        World world;
        world.settings->signatures = policy;
        Identity unsigned_sender;
        unsigned_sender.self = kA;
        world.add(unsigned_sender);
        world.add(kB, true);
        world.bed.submit(0, message(1, kBroadcast, 256));
        world.bed.run(30s);
        EXPECT_EQ(world.bed.told<Deliver>(1).size(), policy == SignaturePolicy::Strict ? 0U : 1U);
    }
}

TEST(NodeInfo, teaches_keys_so_that_two_strangers_can_write_to_each_other) {
    World world;
    for (const std::uint64_t seed : {1U, 2U}) {
        Identity identity;
        const crypto::Key secret = secret_of(NodeId{static_cast<std::uint32_t>(seed)});
        identity.self = node_number(crypto::exchange_public(secret));
        identity.exchange_secret = secret;
        identity.introduction = Introduction{"Node " + std::to_string(seed), "N", 255, 3h};
        world.add(identity);
    }
    world.bed.run(5min);
    const NodeId second = world.bed.radio(1).identity().self;
    EXPECT_TRUE(world.bed.radio(0).key_of(second).has_value());
    world.bed.forget();
    world.bed.submit(0, message(1, second, mesh::port::kText, true));
    world.bed.run(60s);
    ASSERT_FALSE(world.bed.told<Deliver>(1).empty());
    EXPECT_TRUE(world.bed.told<Deliver>(1)[0].packet.pkc);
}

TEST(NodeInfo, under_a_number_that_is_not_its_keys_teaches_28_nothing) {
    World world;
    Identity liar;
    liar.self = kA;
    liar.exchange_secret = secret_of(kB);
    liar.introduction = Introduction{"Liar", "L", 255, 3h};
    world.add(liar);
    world.add(kC);
    world.bed.run(5min);
    EXPECT_FALSE(world.bed.radio(1).key_of(kA).has_value());
}

TEST(NodeInfo, told_on_demand_asks_for_the_others_and_is_answered_with_two_hops) {
    World world(Firmware::V28July);  // observed: answer at 2/2, not twice in a minute
    for (const NodeId id : {kA, kB}) {
        Identity identity;
        identity.self = id;
        identity.exchange_secret = secret_of(id);
        identity.introduction = Introduction{"Meshtastic af4a", "af4a", 37, 3h};
        world.add(identity);
    }
    world.bed.run(7min);
    world.bed.forget();
    world.bed.introduce(0);
    world.bed.introduce(0);
    world.bed.run(30s);
    ASSERT_EQ(world.bed.sent().size(), 3U) << "told, relayed, answered";
    EXPECT_EQ(world.bed.sent()[0].frame.size(), 170U);
    const auto& answer = world.bed.sent().back();
    EXPECT_EQ(answer.header.from, kB);
    EXPECT_EQ(answer.header.to, kA);
    EXPECT_EQ(answer.header.hop_limit, 2);
    EXPECT_EQ(answer.frame.size(), 107U);
}

}  // namespace
}  // namespace compot::radio
