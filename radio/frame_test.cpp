#include "radio/frame.hpp"

#include <gtest/gtest.h>

#include "radio/channel.hpp"
#include "radio/golden.hpp"

namespace compot::radio {
namespace {

using golden::hex;
using golden::unhex;
using golden::vectors;

TEST(Header, equals_the_firmwares_bytes_in_both_directions) {
    std::size_t checked = 0;
    for (const auto* list : {&vectors()["frames"], &vectors()["xeddsa"]["frames"]}) {
        for (const auto& row : *list) {
            if (row["rc"].get<int>() != 0) continue;
            const auto bytes = unhex(row["frame"].get<std::string>());
            const Result<Header> header = decode_header(bytes);
            ASSERT_TRUE(header.ok());
            EXPECT_EQ(header->to.value, row["to"].get<std::uint32_t>());
            EXPECT_EQ(header->from.value, row["from"].get<std::uint32_t>());
            EXPECT_EQ(header->id.value, row["id"].get<std::uint32_t>());
            EXPECT_EQ(header->hop_limit, row["hop_limit"].get<int>());
            EXPECT_EQ(header->hop_start, row["hop_start"].get<int>());
            EXPECT_EQ(header->want_ack, row["want_ack"].get<bool>());
            EXPECT_EQ(header->channel_hash, row["channel_hash"].get<int>());
            EXPECT_EQ(header->relay_node, row["relay_node"].get<int>());
            if (header->hop_start > 0) {
                EXPECT_EQ(header->relay_node, short_name(header->from));
            }
            EXPECT_EQ(hex(encode(*header)), hex(BytesView{bytes}.first(kHeaderBytes)));
            ++checked;
        }
    }
    EXPECT_EQ(checked, 22U);
}

TEST(Header, keeps_every_combination_of_flags) {
    for (unsigned flags = 0; flags < 256; ++flags) {
        auto bytes = encode(Header{.from = NodeId{1}, .id = PacketId{2}});
        bytes[12] = static_cast<std::uint8_t>(flags);
        const Result<Header> header = decode_header(bytes);
        ASSERT_TRUE(header.ok());
        EXPECT_EQ(encode(*header), bytes);
    }
}

TEST(Header, refuses_what_is_none) {
    EXPECT_EQ(decode_header(std::vector<std::uint8_t>(15, 1)).error(), Error::Truncated);
    EXPECT_EQ(decode_header(std::vector<std::uint8_t>(256, 1)).error(), Error::TooBig);
    EXPECT_EQ(decode_header(encode(Header{})).error(), Error::Malformed) << "from node 0";
}

TEST(Header, counts_the_hops_a_copy_has_travelled) {
    EXPECT_EQ(hops_away(Header{.hop_limit = 3, .hop_start = 3}), 0);
    EXPECT_EQ(hops_away(Header{.hop_limit = 1, .hop_start = 3}), 2);
    EXPECT_EQ(hops_away(Header{.hop_limit = 3, .hop_start = 0}), 0);
}

TEST(ShortName, is_never_zero) {
    EXPECT_EQ(short_name(NodeId{0x12345678}), 0x78);
    EXPECT_EQ(short_name(NodeId{0x12345600}), 0xFF);
}

TEST(Channel, has_the_firmwares_key_and_hash) {
    for (const auto& row : vectors()["channel_hashes"]) {
        const Result<Channel> channel = make_channel(row["effective_name"].get<std::string>(),
                                                     unhex(row["psk"].get<std::string>()));
        ASSERT_TRUE(channel.ok()) << row;
        EXPECT_EQ(hex(channel->key.view()), row["key"].get<std::string>()) << row;
        EXPECT_EQ(channel->hash, row["hash"].get<int>()) << row;
    }
    for (const auto& row : vectors()["preset_default_channel"]) {
        EXPECT_EQ(default_channel(row["name"].get<std::string>()).hash, row["hash"].get<int>());
    }
}

TEST(Channel, expands_keys_of_every_length) {
    for (std::size_t size = 0; size <= 33; ++size) {
        const std::vector<std::uint8_t> psk(size, 7);
        const Result<ChannelKey> key = expand_psk(psk);
        if (size > 32) {
            EXPECT_EQ(key.error(), Error::TooBig);
            continue;
        }
        const std::size_t expected = size == 0 ? 0 : size <= 16 ? 16 : 32;
        EXPECT_EQ(key->size(), expected) << size;
    }
    EXPECT_TRUE(expand_psk(std::vector<std::uint8_t>{0})->empty());
    EXPECT_EQ(make_channel("twelve chars", {}).error(), Error::TooBig);
}

}  // namespace
}  // namespace compot::radio
