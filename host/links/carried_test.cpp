#include "host/links/carried.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>

#include "core/mesh/client.hpp"

namespace compot::links {
namespace {

mesh::MeshPacket packet() {
    mesh::MeshPacket packet{};
    packet.from = 0x433ad734;
    packet.to = 0xFFFFFFFF;
    packet.id = 0x1a2b3c4d;
    packet.channel = 8;
    packet.hop_limit = packet.hop_start = 3;
    packet.rx_rssi = -90;
    packet.rx_snr = 6.25F;
    packet.which_payload_variant = compot_pb_MeshPacket_encrypted_tag;
    packet.payload_variant.encrypted.size = 13;
    return packet;
}

Result<Carried> decoded(const mesh::MeshPacket& packet) {
    std::array<std::uint8_t, 512> buffer{};
    const auto bytes = mesh::encode(packet, buffer);
    EXPECT_TRUE(bytes.ok());
    return decode_packet(*bytes);
}

TEST(Carried, is_the_same_frame_after_any_way) {
    const auto carried = decoded(packet());
    ASSERT_TRUE(carried);
    EXPECT_EQ(carried->rssi_cdbm, -9000);
    EXPECT_EQ(carried->snr_cdb, 625);
    EXPECT_EQ(*decode_packet(encode_packet(*carried).view()), *carried);
    const radio::Frame frame = frame_of(*carried);
    EXPECT_EQ(frame.size(), 16U + 13U);
    EXPECT_EQ(*carried_of(frame.view(), -9000, 625), *carried);
}

TEST(Carried, of_the_longest_frame_fits) {
    auto longest = packet();
    longest.payload_variant.encrypted.size = 239;
    const auto carried = decoded(longest);
    ASSERT_TRUE(carried);
    EXPECT_EQ(frame_of(*carried).size(), 255U);
    EXPECT_EQ(*decode_packet(encode_packet(*carried).view()), *carried);
    longest.payload_variant.encrypted.size = 240;
    EXPECT_EQ(decoded(longest).error(), Error::TooBig);
}

TEST(Carried, is_nothing_that_no_radio_can_have_sent) {
    const auto with = [](auto change) {
        auto changed = packet();
        change(changed);
        const auto carried = decoded(changed);
        return carried ? std::optional<Error>{} : carried.error();
    };
    EXPECT_EQ(with([](auto& p) { p.from = 0; }), Error::Malformed);
    EXPECT_EQ(with([](auto& p) { p.id = 0; }), Error::Malformed);
    EXPECT_EQ(with([](auto& p) { p.hop_limit = 8; }), Error::Malformed);
    EXPECT_EQ(with([](auto& p) { p.hop_start = 8; }), Error::Malformed);
    EXPECT_EQ(with([](auto& p) { p.channel = 256; }), Error::Malformed);
    EXPECT_EQ(with([](auto& p) { p.next_hop = 256; }), Error::Malformed);
    EXPECT_EQ(with([](auto& p) { p.payload_variant.encrypted.size = 0; }), Error::Malformed);
    EXPECT_EQ(with([](auto& p) { p.which_payload_variant = 0; }), Error::Malformed);
    EXPECT_EQ(with([](auto& p) { p.which_payload_variant = compot_pb_MeshPacket_decoded_tag; }),
              Error::Unsupported);
    EXPECT_EQ(decode_packet({}).error(), Error::Malformed);
}

TEST(Carried, takes_levels_for_what_they_can_be) {
    auto loud = packet();
    loud.rx_rssi = 2'000'000'000;
    loud.rx_snr = std::numeric_limits<float>::quiet_NaN();
    EXPECT_EQ(decoded(loud)->rssi_cdbm, 0);
    EXPECT_EQ(decoded(loud)->snr_cdb, 0);
    loud.rx_rssi = -2'000'000'000;
    loud.rx_snr = 1e30F;
    EXPECT_EQ(decoded(loud)->rssi_cdbm, -20'000);
    EXPECT_EQ(decoded(loud)->snr_cdb, 10'000);
}

TEST(Carried, comes_from_no_frame_without_contents) {
    const std::array<std::uint8_t, 16> header{1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 0x63, 8, 0, 0};
    EXPECT_EQ(carried_of(header, 0, 0).error(), Error::Malformed);
    EXPECT_EQ(carried_of(BytesView{header}.first(15), 0, 0).error(), Error::Truncated);
}

}  // namespace
}  // namespace compot::links
