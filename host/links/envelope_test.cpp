#include "host/links/envelope.hpp"

#include <gtest/gtest.h>

#include "host/links/fixture.hpp"

namespace compot::links {
namespace {

BytesView bytes_of(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

Envelope envelope() {
    const Bare bare(identity(0x433ad734, "alpha"));
    return {*bare.seal(private_packet(0x1a2b3c4d, "COMPOT")), "compot", NodeId{0xbeef}};
}

TEST(Envelope, is_the_same_after_its_bytes) {
    const std::string bytes = encode_envelope(envelope());
    const auto back = decode_envelope(bytes_of(bytes));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->packet, envelope().packet);
    EXPECT_EQ(back->channel, "compot");
    EXPECT_EQ(back->gateway, NodeId{0xbeef});
}

/// By hand from Meshtastic's field numbers: 1 packet, 2 channel_id, 3 gateway_id; of the packet
/// 1 from, 2 to (fixed32), 3 channel, 5 encrypted, 6 id (fixed32), 9 hop_limit, 15 hop_start.
TEST(Envelope, has_meshtastics_bytes) {
    const std::string packet(
        "\x0d\x34\xd7\x3a\x43\x15\xff\xff\xff\xff\x18\x08\x2a\x02\xaa\xbb"
        "\x35\x4d\x3c\x2b\x1a\x48\x03\x78\x03",
        25);
    const std::string bytes =
        std::string("\x0a\x19", 2) + packet + std::string("\x12\x08LongFast\x1a\x09!433ad734", 21);
    const auto envelope = decode_envelope(bytes_of(bytes));
    ASSERT_TRUE(envelope);
    EXPECT_EQ(envelope->channel, "LongFast");
    EXPECT_EQ(envelope->gateway, NodeId{0x433ad734});
    EXPECT_EQ(envelope->packet.header.from, NodeId{0x433ad734});
    EXPECT_EQ(envelope->packet.header.id, PacketId{0x1a2b3c4d});
    EXPECT_EQ(envelope->packet.header.channel_hash, 8);
    EXPECT_EQ(envelope->packet.payload.size(), 2U);
    EXPECT_EQ(encode_envelope(*envelope), bytes);
}

TEST(Envelope, that_is_broken_anywhere_is_refused_and_harms_nobody) {
    const std::string whole = encode_envelope(envelope());
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_FALSE(decode_envelope(bytes_of(whole.substr(0, size)))) << size;
    EXPECT_EQ(decode_envelope(bytes_of(std::string(100'000, 'x'))).error(), Error::TooBig);
    for (std::size_t at = 0; at < whole.size(); ++at) {
        std::string changed = whole;
        changed[at] = static_cast<char>(~changed[at]);
        (void)decode_envelope(bytes_of(changed));
    }
}

TEST(Envelope, comes_on_the_topic_of_its_channel_and_gateway) {
    const std::string bytes = encode_envelope(envelope());
    EXPECT_EQ(topic("msh/EU_868", "compot", NodeId{0xbeef}), "msh/EU_868/2/e/compot/!0000beef");
    EXPECT_EQ(topics("msh", "PKI"), "msh/2/e/PKI/+");
    EXPECT_TRUE(read_message("msh", "msh/2/e/compot/!0000beef", bytes_of(bytes)));
    EXPECT_EQ(read_message("msh", "msh/2/e/compot/!0000beee", bytes_of(bytes)).error(),
              Error::Forged);
    EXPECT_EQ(read_message("msh", "msh/2/e/other/!0000beef", bytes_of(bytes)).error(),
              Error::Forged);
    for (const char* other : {"msh/2/json/compot/!0000beef", "msh/2/map/", "msh/2/e", "",
                              "msh/EU/2/e/compot/!0000beef"})
        EXPECT_EQ(read_message("msh", other, bytes_of(bytes)).error(), Error::Unknown) << other;
}

TEST(Envelope, names_a_gateway_by_eight_digits) {
    EXPECT_EQ(id_of("!0000beef"), NodeId{0xbeef});
    EXPECT_EQ(name_of(NodeId{0xbeef}), "!0000beef");
    for (const char* wrong : {"", "!", "!beef", "0000beef!", "!0000beeg", "!0000beef0", "^all"})
        EXPECT_FALSE(id_of(wrong)) << wrong;
}

}  // namespace
}  // namespace compot::links
