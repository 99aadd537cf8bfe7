#include "core/profile/frame.hpp"

#include <gtest/gtest.h>

#include "core/profile/codec.hpp"

namespace compot::profile {
namespace {

crypto::Key key_of(std::uint8_t fill) {
    crypto::Key key{};
    key.fill(fill);
    return key;
}

constexpr NodeId kAlpha{0xA1};
constexpr NodeId kBeta{0xB2};
constexpr NodeId kGamma{0xC3};

/// Three enrolled nodes of one swarm.
struct Swarm {
    Keyring alpha{kAlpha, key_of(9)};
    Keyring beta{kBeta, key_of(9)};
    Keyring gamma{kGamma, key_of(9)};

    Swarm() {
        enrol(alpha, 1, kBeta, 2);
        enrol(alpha, 1, kGamma, 3);
        enrol(beta, 2, kAlpha, 1);
        enrol(beta, 2, kGamma, 3);
        enrol(gamma, 3, kAlpha, 1);
        enrol(gamma, 3, kBeta, 2);
    }

    static void enrol(Keyring& ring, std::uint8_t own, NodeId peer, std::uint8_t peer_secret) {
        EXPECT_TRUE(ring.enrol(peer, key_of(own), crypto::exchange_public(key_of(peer_secret))));
    }
};

/// One of each kind, with every field away from its default.
std::vector<Message> one_of_each() {
    Beacon beacon;
    beacon.boot_nonce = 0x01020304;
    beacon.capability_version = 5;
    beacon.registry_digest = 6;
    beacon.ledger_digest = 7;
    beacon.facts_digest = 8;
    beacon.fix = 0x21;
    beacon.fix_age_4s = 3;
    beacon.battery_percent = 91;
    beacon.state = 4;
    beacon.seeks_echo = true;
    beacon.echoes = {0xAABBCCDD, 2};
    AssistRequest request;
    request.nonce = 77;
    request.attempt = 2;
    request.reason = AssistRequest::Reason::StillBlocked;
    request.fix = 0x45;
    request.fix_age_4s = 1;
    request.battery_percent = 60;
    request.sites_left = 0x00F3;
    request.policy_digest = 0x1122334455667788;
    request.facts_digest = 0x8877665544332211;
    request.transition_count = 8;
    request.transitions = 0xFF12345678;
    request.taken = {0x33, 0x44};
    FactsQuery query;
    query.facts_digest = 5;
    query.have = {1, 2, 3};
    LedgerHeads heads;
    heads.digest = 3;
    heads.heads = {{kAlpha, 1}, {kBeta, 700}};
    const WindowTerms terms{10, 60, 5000};
    return {beacon,
            Capability{{1, 2, 3}},
            CapabilityQuery{kBeta, 3},
            request,
            Offer{kBeta, 77, 5, 40, 800, terms},
            Award{kBeta, 77, 5, terms},
            Progress{kBeta, 77, Progress::Stage::Searching, 12},
            Result{kBeta, 77, Result::Outcome::Unsure, 400},
            Cancel{kBeta, 77, 2},
            Facts{{9, 8, 7}},
            query,
            Window{kBeta, 77, true, terms},
            SuccessAck{{1, 2}},
            Telemetry{1, 60, -500, 10, 900, 50, 3, 4},
            LedgerEntry{{4, 5}},
            heads};
}

TEST(Frame, of_each_kind_is_opened_by_its_addressee_as_it_was_sealed) {
    const Swarm swarm;
    const auto messages = one_of_each();
    ASSERT_EQ(messages.size(), kMessageTypeMax);
    for (const Message& message : messages) {
        const PacketId id = make_packet_id(3, 9);
        const auto frame = seal(swarm.alpha, id, message);
        ASSERT_TRUE(frame.ok()) << to_string(type_of(message));
        const auto opened = open(swarm.beta, kAlpha, id, frame->view());
        ASSERT_TRUE(opened.ok()) << to_string(type_of(message)) << ": "
                                 << to_string(opened.error());
        const auto again = seal(swarm.alpha, id, opened->message);
        ASSERT_TRUE(again.ok());
        EXPECT_EQ(*again, *frame) << to_string(type_of(message));
    }
}

TEST(Frame, is_refused_when_any_bit_differs) {
    const Swarm swarm;
    const PacketId id = make_packet_id(3, 9);
    for (const Message& message : one_of_each()) {
        const auto frame = seal(swarm.alpha, id, message);
        ASSERT_TRUE(frame.ok());
        for (std::size_t bit = 0; bit < frame->size() * 8; ++bit) {
            auto altered = *frame;
            altered[bit / 8] = static_cast<std::uint8_t>(altered[bit / 8] ^ (1U << (bit % 8)));
            EXPECT_FALSE(open(swarm.beta, kAlpha, id, altered.view()).ok())
                << to_string(type_of(message)) << " bit " << bit;
        }
    }
}

TEST(Frame, is_refused_under_another_sender_or_packet_id) {
    const Swarm swarm;
    const PacketId id = make_packet_id(3, 9);
    for (const Message& message : one_of_each()) {
        const auto frame = seal(swarm.alpha, id, message);
        ASSERT_TRUE(frame.ok());
        EXPECT_FALSE(open(swarm.beta, kGamma, id, frame->view()).ok());
        EXPECT_FALSE(open(swarm.beta, kAlpha, make_packet_id(3, 10), frame->view()).ok());
        EXPECT_EQ(open(swarm.beta, NodeId{0x99}, id, frame->view()).error(), Error::Unknown);
    }
}

TEST(Frame, that_is_pairwise_can_not_be_made_by_a_third_member) {
    const Swarm swarm;
    const PacketId id = make_packet_id(1, 1);
    // Gamma knows the group key and its own pairs; it seals an offer and claims to be Alpha.
    const auto forged = seal(swarm.gamma, id, Offer{kBeta, 1, 2, 3, 4, {}});
    ASSERT_TRUE(forged.ok());
    EXPECT_EQ(open(swarm.beta, kAlpha, id, forged->view()).error(), Error::Forged);
    // Claiming the group key for a pairwise type is no way around.
    auto downgraded = *forged;
    downgraded[2] = static_cast<std::uint8_t>(kVersion << 4U);
    EXPECT_EQ(open(swarm.beta, kAlpha, id, downgraded.view()).error(), Error::Malformed);
}

TEST(Frame, for_somebody_else_says_so) {
    const Swarm swarm;
    const auto frame = seal(swarm.alpha, make_packet_id(1, 1), Offer{kBeta, 1, 2, 3, 4, {}});
    ASSERT_TRUE(frame.ok());
    EXPECT_EQ(open(swarm.gamma, kAlpha, make_packet_id(1, 1), frame->view()).error(),
              Error::Refused);
}

TEST(Frame, of_a_newer_version_or_kind_is_called_unsupported) {
    const Swarm swarm;
    auto frame = *seal(swarm.alpha, make_packet_id(1, 1), CapabilityQuery{kBeta, 3});
    frame[2] = 0x20;
    EXPECT_EQ(open(swarm.beta, kAlpha, make_packet_id(1, 1), frame.view()).error(),
              Error::Unsupported);
    frame[2] = 0x10;
    frame[3] = kMessageTypeMax + 1;
    EXPECT_EQ(open(swarm.beta, kAlpha, make_packet_id(1, 1), frame.view()).error(),
              Error::Unsupported);
}

TEST(Body, cut_short_anywhere_is_refused_or_is_a_shorter_list) {
    for (const Message& message : one_of_each()) {
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
