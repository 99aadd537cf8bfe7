#include "core/profile/frame.hpp"

#include <gtest/gtest.h>

#include "core/profile/codec.hpp"
#include "core/profile/examples.hpp"

namespace compot::profile {
namespace {

TEST(Frame, of_each_kind_is_opened_by_its_addressee_as_it_was_sealed) {
    const ExampleSwarm swarm;
    const auto messages = example_messages();
    ASSERT_EQ(messages.size(), kMessageTypeMax);
    for (const Message& message : messages) {
        const PacketId id = make_packet_id(3, 9);
        const auto frame = seal(swarm.alpha, id, message);
        ASSERT_TRUE(frame.ok()) << to_string(type_of(message));
        const auto opened = open(swarm.beta, kExampleAlpha, id, frame->view());
        ASSERT_TRUE(opened.ok()) << to_string(type_of(message)) << ": "
                                 << to_string(opened.error());
        const auto again = seal(swarm.alpha, id, opened->message);
        ASSERT_TRUE(again.ok());
        EXPECT_EQ(*again, *frame) << to_string(type_of(message));
    }
}

TEST(Frame, is_refused_when_any_bit_differs) {
    const ExampleSwarm swarm;
    const PacketId id = make_packet_id(3, 9);
    for (const Message& message : example_messages()) {
        const auto frame = seal(swarm.alpha, id, message);
        ASSERT_TRUE(frame.ok());
        for (std::size_t bit = 0; bit < frame->size() * 8; ++bit) {
            auto altered = *frame;
            altered[bit / 8] = static_cast<std::uint8_t>(altered[bit / 8] ^ (1U << (bit % 8)));
            EXPECT_FALSE(open(swarm.beta, kExampleAlpha, id, altered.view()).ok())
                << to_string(type_of(message)) << " bit " << bit;
        }
    }
}

TEST(Frame, is_refused_under_another_sender_or_packet_id) {
    const ExampleSwarm swarm;
    const PacketId id = make_packet_id(3, 9);
    for (const Message& message : example_messages()) {
        const auto frame = seal(swarm.alpha, id, message);
        ASSERT_TRUE(frame.ok());
        EXPECT_FALSE(open(swarm.beta, kExampleGamma, id, frame->view()).ok());
        EXPECT_FALSE(open(swarm.beta, kExampleAlpha, make_packet_id(3, 10), frame->view()).ok());
        EXPECT_EQ(open(swarm.beta, NodeId{0x99}, id, frame->view()).error(), Error::Unknown);
    }
}

TEST(Frame, that_is_pairwise_can_not_be_made_by_a_third_member) {
    const ExampleSwarm swarm;
    const PacketId id = make_packet_id(1, 1);
    // Gamma knows the group key and its own pairs; it seals an offer and claims to be Alpha.
    const auto forged = seal(swarm.gamma, id, Offer{kExampleBeta, 1, 2, 3, 4, {}});
    ASSERT_TRUE(forged.ok());
    EXPECT_EQ(open(swarm.beta, kExampleAlpha, id, forged->view()).error(), Error::Forged);
    // Claiming the group key for a pairwise type is no way around.
    auto downgraded = *forged;
    downgraded[2] = static_cast<std::uint8_t>(kVersion << 4U);
    EXPECT_EQ(open(swarm.beta, kExampleAlpha, id, downgraded.view()).error(), Error::Malformed);
}

TEST(Frame, for_somebody_else_says_so) {
    const ExampleSwarm swarm;
    const auto frame = seal(swarm.alpha, make_packet_id(1, 1), Offer{kExampleBeta, 1, 2, 3, 4, {}});
    ASSERT_TRUE(frame.ok());
    EXPECT_EQ(open(swarm.gamma, kExampleAlpha, make_packet_id(1, 1), frame->view()).error(),
              Error::Refused);
}

TEST(Frame, of_a_newer_version_or_kind_is_called_unsupported) {
    const ExampleSwarm swarm;
    auto frame = *seal(swarm.alpha, make_packet_id(1, 1), CapabilityQuery{kExampleBeta, 3});
    frame[2] = 0x20;
    EXPECT_EQ(open(swarm.beta, kExampleAlpha, make_packet_id(1, 1), frame.view()).error(),
              Error::Unsupported);
    frame[2] = 0x10;
    frame[3] = kMessageTypeMax + 1;
    EXPECT_EQ(open(swarm.beta, kExampleAlpha, make_packet_id(1, 1), frame.view()).error(),
              Error::Unsupported);
}

TEST(Body, cut_short_anywhere_is_refused_or_is_a_shorter_list) {
    for (const Message& message : example_messages()) {
        std::array<std::uint8_t, kFrameBytesMax> bytes{};
        const auto size = encode_body(message, bytes);
        ASSERT_TRUE(size.ok());
        for (std::size_t cut = 0; cut < *size; ++cut) {
            const auto decoded = decode_body(type_of(message), BytesView{bytes.data(), cut});
            if (!decoded.ok()) continue;
            std::array<std::uint8_t, kFrameBytesMax> again{};
            const auto again_size = encode_body(*decoded, again);
            ASSERT_TRUE(again_size.ok());
            EXPECT_EQ(*again_size, cut) << to_string(type_of(message));
        }
    }
}

}  // namespace
}  // namespace compot::profile
