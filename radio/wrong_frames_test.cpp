#include <gtest/gtest.h>

#include <algorithm>

#include "radio/cipher.hpp"
#include "radio/pkc.hpp"
#include "radio/testbed.hpp"

/// Frames of every wrong kind: each is counted as what it is, nothing of it reaches a client, and
/// the radio goes on as before.

namespace compot::radio {
namespace {

constexpr NodeId kUs{0x579BAF4A};
constexpr NodeId kThem{0x3765846D};
constexpr NodeId kOther{0x3CF3D6A4};

crypto::Key secret_of(NodeId id) {
    crypto::Key secret{};
    Random random(id.value);
    for (std::uint8_t& byte : secret) byte = static_cast<std::uint8_t>(random.below(256));
    return secret;
}

Header header_of(std::uint32_t id, NodeId to = kBroadcast) {
    Header header;
    header.to = to;
    header.from = kThem;
    header.id = PacketId{id};
    header.channel_hash = default_channel("LongFast").hash;
    header.relay_node = short_name(kThem);
    return header;
}

std::vector<std::uint8_t> frame(const Header& header, std::vector<std::uint8_t> body,
                                const ChannelKey& key) {
    crypt_channel(key, header.from, header.id, body);
    const auto head = encode(header);
    std::vector<std::uint8_t> whole(head.begin(), head.end());
    whole.insert(whole.end(), body.begin(), body.end());
    return whole;
}

std::vector<std::uint8_t> frame(const Header& header, const std::vector<std::uint8_t>& body) {
    return frame(header, body, default_channel("LongFast").key);
}

struct Bench {
    Bench() : bed(settings()) {
        Identity identity;
        identity.self = kUs;
        identity.exchange_secret = secret_of(kUs);
        bed.add(identity, std::make_shared<const Settings>(settings()));
        bed.radio(0).learn_key(kThem, crypto::exchange_public(secret_of(kThem)));
    }

    static Settings settings() {
        Settings made = Testbed::default_settings();
        made.firmware = Firmware::V28Fixed;
        return made;
    }

    const Counters& hear(const std::vector<std::uint8_t>& bytes) {
        Effects effects;
        bed.radio(0).handle(Received{bytes, -9000, 500, 300ms, nullptr}, bed.now(), effects);
        for (const Effect& effect : effects) {
            EXPECT_FALSE(std::holds_alternative<Deliver>(effect)) << "delivered";
        }
        return bed.radio(0).counters();
    }

    Testbed bed;
};

TEST(WrongFrame, without_a_whole_header_or_too_long_or_from_nobody_is_malformed) {
    Bench bench;
    const auto good = frame(header_of(1), {0x08, 0x01, 0x12, 0x01, 0x41});
    for (std::size_t size = 0; size < kHeaderBytes; ++size) {
        EXPECT_EQ(
            bench.hear({good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)}).malformed,
            size + 1);
    }
    auto nobody = good;
    std::fill_n(nobody.begin() + 4, 4, std::uint8_t{0});
    EXPECT_EQ(bench.hear(nobody).malformed, kHeaderBytes + 1);
    EXPECT_EQ(bench.hear(std::vector<std::uint8_t>(256, 1)).malformed, kHeaderBytes + 2);
    EXPECT_EQ(bench.bed.radio(0).queue_size(), 0U);
}

TEST(WrongFrame, of_our_channels_hash_that_holds_no_data_is_unreadable) {
    const std::vector<std::vector<std::uint8_t>> bodies{
        {},                              // nothing after the header
        {0x08},                          // cut in a tag
        {0x12, 0x01, 0x41},              // no port
        {0x08, 0x00, 0x12, 0x01, 0x41},  // port 0
        {0x08, 0x01, 0x12, 0x7F, 0x41},  // a payload longer than the frame
        {0xFF, 0xFF, 0xFF, 0xFF, 0xFF},
    };
    for (const auto& body : bodies) {
        Bench bench;
        const Counters& counters = bench.hear(frame(header_of(1), body));
        EXPECT_EQ(counters.unreadable, 1U) << body.size();
        EXPECT_EQ(counters.malformed + counters.opaque + counters.forged, 0U);
    }
}

TEST(WrongFrame, of_another_channel_with_our_hash_is_unreadable_and_of_another_hash_opaque) {
    Bench bench;
    const Channel ours = default_channel("LongFast");
    // A key found by trying: not ours, and the hash is.
    Channel twin = *make_channel("swarm", std::vector<std::uint8_t>(32, 7));
    for (std::uint8_t byte = 0; twin.hash != ours.hash; ++byte) {
        std::vector<std::uint8_t> key(32, 7);
        key[0] = byte;
        twin = *make_channel("swarm", key);
    }
    ASSERT_NE(twin.key, ours.key);
    const std::vector<std::uint8_t> body{0x08, 0x80, 0x02, 0x12, 0x03,
                                         0x41, 0x42, 0x43, 0x48, 0x00};
    EXPECT_EQ(bench.hear(frame(header_of(1), body, twin.key)).unreadable, 1U);
    EXPECT_EQ(bench.bed.radio(0).queue_size(), 1U) << "it is relayed: it may be somebody's";
    Header foreign = header_of(2);
    foreign.channel_hash = static_cast<std::uint8_t>(ours.hash ^ 0x55U);
    EXPECT_EQ(bench.hear(frame(foreign, body)).opaque, 1U);
    EXPECT_EQ(bench.bed.radio(0).counters().unreadable, 1U);
}

TEST(WrongFrame, of_pkc_with_a_wrong_tag_or_none_is_unreadable_and_from_a_stranger_opaque) {
    Bench bench;
    Header header = header_of(1, kUs);
    header.channel_hash = kPkcChannelHash;
    const auto key = pkc_key(secret_of(kThem), crypto::exchange_public(secret_of(kUs)));
    const std::vector<std::uint8_t> clear{0x08, 0x01, 0x12, 0x01, 0x41, 0x48, 0x00};
    const auto sealed = seal_pkc(*key, header.from, header.id, 7, clear);
    const auto head = encode(header);
    std::vector<std::uint8_t> whole(head.begin(), head.end());
    whole.insert(whole.end(), sealed->begin(), sealed->end());
    whole[kHeaderBytes] ^= 1U;
    EXPECT_EQ(bench.hear(whole).unreadable, 1U);
    whole[8] = 2;  // another id
    whole.resize(kHeaderBytes + 5);
    EXPECT_EQ(bench.hear(whole).unreadable, 2U);
    header.from = kOther;
    header.id = PacketId{3};
    const auto stranger = encode(header);
    whole.assign(stranger.begin(), stranger.end());
    whole.resize(60, 0x5A);
    EXPECT_EQ(bench.hear(whole).opaque, 1U);
}

TEST(WrongFrame, with_a_signature_of_the_wrong_size_or_bits_is_forged) {
    for (const std::size_t size : {std::size_t{1}, std::size_t{63}, std::size_t{64}}) {
        Bench bench;
        std::vector<std::uint8_t> body{
            0x08, 0x01, 0x12, 0x01, 0x41, 0x48, 0x00, 0x52, static_cast<std::uint8_t>(size)};
        body.resize(body.size() + size, 0x77);
        EXPECT_EQ(bench.hear(frame(header_of(1), body)).forged, 1U) << size;
        EXPECT_EQ(bench.bed.radio(0).queue_size(), 0U) << "and not relayed";
    }
}

TEST(WrongFrame, that_was_heard_before_is_a_duplicate_whatever_is_in_it) {
    Bench bench;
    static_cast<void>(bench.hear(frame(header_of(1), {0x08, 0x00})));
    EXPECT_EQ(bench.hear(frame(header_of(1), {0xFF})).duplicates, 1U);
    EXPECT_EQ(bench.bed.radio(0).counters().unreadable, 1U);
}

}  // namespace
}  // namespace compot::radio
