#include "host/links/bare.hpp"

#include <gtest/gtest.h>

#include "core/mesh/client.hpp"
#include "host/links/fixture.hpp"
#include "radio/cipher.hpp"

namespace compot::links {
namespace {

TEST(Bare, reads_what_another_of_its_channel_seals) {
    const Bare alpha(identity(1, "alpha"));
    Bare beta(identity(2, "beta"));
    const auto carried = alpha.seal(private_packet(7, "hello"));
    ASSERT_TRUE(carried);
    const auto packet = beta.open(*carried, true, Time{});
    ASSERT_TRUE(packet);
    EXPECT_EQ(words_in(*packet), "hello");
    EXPECT_EQ(packet->from, NodeId{1});
    EXPECT_EQ(packet->hop_limit, 3);
    EXPECT_TRUE(packet->via_mqtt);
    EXPECT_EQ(packet->data.bitfield, 1U) << "it may go to MQTT: it has come by it";
    EXPECT_EQ(beta.counters().taken, 1U);
}

TEST(Bare, takes_a_packet_once_whoever_brings_it) {
    const Bare alpha(identity(1, "alpha"));
    Bare beta(identity(2, "beta"));
    const Carried carried = *alpha.seal(private_packet(7, "hello"));
    Carried later = carried;
    later.header.hop_limit = 1;
    later.header.via_mqtt = true;
    EXPECT_TRUE(beta.open(carried, true, Time{}));
    EXPECT_FALSE(beta.open(carried, true, Time{}));
    EXPECT_FALSE(beta.open(later, false, Time{}));
    EXPECT_EQ(beta.counters().again, 2U);
    EXPECT_TRUE(beta.open(*alpha.seal(private_packet(8, "hello")), true, Time{}));
}

TEST(Bare, is_kept_from_a_packet_by_no_garbage_of_the_same_number) {
    const Bare alpha(identity(1, "alpha"));
    Bare beta(identity(2, "beta"));
    const Carried carried = *alpha.seal(private_packet(7, "hello"));
    Carried garbage = carried;
    for (std::size_t i = 0; i < garbage.payload.size(); ++i) garbage.payload.data()[i] ^= 0x5AU;
    EXPECT_FALSE(beta.open(garbage, true, Time{}));
    EXPECT_EQ(beta.counters().unreadable, 1U);
    EXPECT_TRUE(beta.open(carried, true, Time{}));
}

TEST(Bare, leaves_what_is_its_own_foreign_or_for_others) {
    Bare alpha(identity(1, "alpha"));
    Bare beta(identity(2, "beta"));
    const Carried carried = *alpha.seal(private_packet(7, "hello"));
    EXPECT_FALSE(alpha.open(carried, true, Time{}));
    EXPECT_EQ(alpha.counters().own, 1U);
    Carried foreign = carried;
    foreign.header.channel_hash ^= 1U;
    EXPECT_FALSE(beta.open(foreign, true, Time{}));
    EXPECT_EQ(beta.counters().foreign, 1U);
    radio::Packet to_gamma = private_packet(9, "for gamma");
    to_gamma.to = NodeId{3};
    EXPECT_FALSE(beta.open(*alpha.seal(to_gamma), true, Time{}));
    EXPECT_EQ(beta.counters().for_others, 1U);
    to_gamma.to = NodeId{2};
    to_gamma.id = PacketId{10};
    EXPECT_TRUE(beta.open(*alpha.seal(to_gamma), true, Time{}));
}

TEST(Bare, seals_as_much_as_a_frame_holds) {
    const Bare alpha(identity(1, "alpha"));
    EXPECT_TRUE(alpha.seal(private_packet(7, std::string(231, 'x'))));
    EXPECT_EQ(alpha.seal(private_packet(7, std::string(232, 'x'))).error(), Error::TooBig);
}

TEST(Bare, says_who_it_is_at_first_and_when_asked_but_not_all_the_time) {
    Bare alpha(identity(0xabcd, "alpha of the hill"));
    Bare beta(identity(2, "beta"));
    const auto introduction = alpha.introduce(Time{1s});
    ASSERT_TRUE(introduction);
    const auto packet = beta.open(*introduction, true, Time{});
    ASSERT_TRUE(packet);
    EXPECT_EQ(packet->data.portnum, mesh::port::kNodeInfo);
    const auto user = mesh::decode_user(packet->data.payload.view());
    ASSERT_TRUE(user);
    EXPECT_STREQ(&user->id[0], "!0000abcd");
    EXPECT_STREQ(&user->long_name[0], "alpha of the hill");
    EXPECT_STREQ(&user->short_name[0], "alph");
    EXPECT_FALSE(alpha.introduce(Time{2s}));
    radio::Packet question;
    question.id = PacketId{5};
    question.to = NodeId{0xabcd};
    question.data.portnum = mesh::port::kNodeInfo;
    question.data.want_response = true;
    (void)alpha.open(*beta.seal(question), true, Time{3s});
    EXPECT_EQ(alpha.introduces_at(), Time{61s});
    EXPECT_FALSE(alpha.introduce(Time{60s}));
    EXPECT_TRUE(alpha.introduce(Time{61s}));
    EXPECT_FALSE(alpha.introduce(Time{61s} + 2h));
    EXPECT_TRUE(alpha.introduce(Time{61s} + 3h));
}

}  // namespace
}  // namespace compot::links
