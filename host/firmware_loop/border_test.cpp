#include "host/firmware_loop/border.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstring>

#include "core/base/random.hpp"
#include "radio/cipher.hpp"
#include "radio/radio.hpp"

namespace compot::firmware_loop {
namespace {

using stream_client::RadioFacts;

compot_pb_Channel channel(std::int32_t index, std::uint32_t role, const char* name,
                          std::initializer_list<std::uint8_t> psk) {
    compot_pb_Channel channel = compot_pb_Channel_init_zero;
    channel.index = index;
    channel.role = role;
    channel.has_settings = true;
    std::strncpy(&channel.settings.name[0], name, 11);
    std::copy(psk.begin(), psk.end(), std::begin(channel.settings.psk.bytes));
    channel.settings.psk.size = static_cast<pb_size_t>(psk.size());
    return channel;
}

RadioFacts longfast() {
    RadioFacts facts;
    facts.has_lora = true;
    facts.lora.use_preset = true;
    facts.lora.region = 1;
    facts.lora.tx_enabled = true;
    facts.channels = {channel(0, 1, "", {1}), channel(1, 2, "aside", {})};
    return facts;
}

/// A packet of port 69 as firmware 2.8.0 makes it: wrapper and rest.
mesh::MeshPacket simulated(std::uint32_t portnum, std::size_t bytes) {
    mesh::MeshPacket packet{};
    packet.from = 0x51B00D45;
    packet.to = kBroadcast.value;
    packet.id = 206069;
    packet.hop_limit = 3;
    packet.hop_start = 3;
    packet.relay_node = 0x45;
    packet.which_payload_variant = compot_pb_MeshPacket_decoded_tag;
    auto& data = packet.payload_variant.decoded;
    data.portnum = kSimulatorPort;
    data.has_bitfield = true;
    std::vector<std::uint8_t> wrapper;
    if (portnum != 0) wrapper = {0x08, static_cast<std::uint8_t>(portnum | 0x80U)};
    if (portnum != 0) wrapper.push_back(static_cast<std::uint8_t>(portnum >> 7U));
    wrapper.push_back(0x12);
    if (bytes > 127) wrapper.push_back(static_cast<std::uint8_t>(bytes | 0x80U));
    wrapper.push_back(static_cast<std::uint8_t>(bytes > 127 ? bytes >> 7U : bytes));
    for (std::size_t i = 0; i < bytes; ++i) wrapper.push_back(static_cast<std::uint8_t>(i));
    EXPECT_LE(wrapper.size(), 233U);
    std::copy(wrapper.begin(), wrapper.end(), std::begin(data.payload.bytes));
    data.payload.size = static_cast<pb_size_t>(wrapper.size());
    return packet;
}

/// What a radio with the default channel reads in a frame.
std::optional<radio::Packet> read_by_radio(const radio::Frame& frame) {
    auto settings = std::make_shared<radio::Settings>();
    settings->channels = {radio::default_channel("LongFast")};
    radio::Identity identity;
    identity.self = NodeId{7};
    radio::Radio radio(settings, identity, Random(1));
    radio::Effects effects;
    radio::Received received;
    received.frame = frame.view();
    radio.handle(received, Time{1s}, effects);
    for (const auto& effect : effects) {
        if (const auto* deliver = std::get_if<radio::Deliver>(&effect)) return deliver->packet;
    }
    return std::nullopt;
}

TEST(Border, what_a_firmware_sends_is_read_by_any_radio_of_its_channel) {
    const auto frame = frame_of(simulated(256, 226), channels_of(longfast()));
    ASSERT_TRUE(frame.ok());
    EXPECT_EQ(frame->size(), 16U + 3 + 3 + 226 + 2);  // header, port, payload, bitfield
    const auto packet = read_by_radio(*frame);
    ASSERT_TRUE(packet.has_value());
    EXPECT_EQ(packet->from, NodeId{0x51B00D45});
    EXPECT_EQ(packet->id, PacketId{206069});
    EXPECT_EQ(packet->hop_limit, 3);
    EXPECT_EQ(packet->relay_node, 0x45);
    EXPECT_EQ(packet->data.portnum, 256U);
    EXPECT_EQ(packet->data.payload.size(), 226U);
    EXPECT_EQ(packet->data.payload[225], 225);
}

TEST(Border, an_empty_wrapper_is_an_empty_packet_as_the_firmware_sends_it) {
    // SOURCE: payloads of 228 to 231 bytes leave a simulated radio empty.
    const auto frame = frame_of(simulated(256, 0), channels_of(longfast()));
    ASSERT_TRUE(frame.ok());
    const auto packet = read_by_radio(*frame);
    ASSERT_TRUE(packet.has_value());
    EXPECT_TRUE(packet->data.payload.empty());
}

TEST(Border, what_it_relays_without_reading_it_goes_out_as_it_came) {
    mesh::MeshPacket opaque = simulated(0, 40);
    opaque.channel = 0x5D;
    const auto frame = frame_of(opaque, channels_of(longfast()));
    ASSERT_TRUE(frame.ok());
    ASSERT_EQ(frame->size(), 56U);
    EXPECT_EQ((*frame)[13], 0x5D);
    EXPECT_EQ((*frame)[16 + 39], 39);
}

TEST(Border, a_heard_frame_goes_in_as_ciphertext_and_comes_out_the_same) {
    const Channels channels = channels_of(longfast());
    const auto frame = frame_of(simulated(1, 5), channels);
    ASSERT_TRUE(frame.ok());
    const auto heard = heard_of(frame->view(), -9050, -725, channels);
    ASSERT_TRUE(heard.ok());
    EXPECT_EQ(heard->channel, 8U);  // LongFast's hash with the default key
    EXPECT_EQ(heard->rx_rssi, -90);
    EXPECT_FLOAT_EQ(heard->rx_snr, -7.25F);
    EXPECT_EQ(heard->relay_node, 0x45U);
    const auto& data = heard->payload_variant.decoded;
    EXPECT_EQ(data.portnum, kSimulatorPort);
    EXPECT_EQ(data.payload.bytes[0], 0x12);  // no port number: it is ciphertext
    const auto back = frame_of(*heard, channels);
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(*back, *frame);
}

TEST(Border, a_frame_too_long_for_the_wrapper_is_decrypted_on_the_way_in) {
    const Channels channels = channels_of(longfast());
    const auto frame = frame_of(simulated(256, 227), channels);
    ASSERT_TRUE(frame.ok());
    const auto heard = heard_of(frame->view(), -9000, 500, channels);
    ASSERT_TRUE(heard.ok());
    EXPECT_EQ(heard->channel, 0U);  // the index, since it is in clear
    const auto back = frame_of(*heard, channels);
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(*back, *frame);
    EXPECT_EQ(heard_of(frame->view(), -9000, 500, {}).error(), Error::TooBig);
}

TEST(Border, nothing_that_is_not_whole_gets_across) {
    const Channels channels = channels_of(longfast());
    mesh::MeshPacket other = simulated(256, 4);
    other.payload_variant.decoded.portnum = 1;
    EXPECT_EQ(frame_of(other, channels).error(), Error::Unsupported);
    mesh::MeshPacket nobody = simulated(256, 4);
    nobody.from = 0;
    EXPECT_EQ(frame_of(nobody, channels).error(), Error::Malformed);
    mesh::MeshPacket torn = simulated(256, 4);
    torn.payload_variant.decoded.payload.size = 5;
    EXPECT_EQ(frame_of(torn, channels).error(), Error::Malformed);
    mesh::MeshPacket strange = simulated(256, 4);
    strange.channel = 5;
    EXPECT_EQ(frame_of(strange, channels).error(), Error::Unknown);
    const std::array<std::uint8_t, 15> stump{};
    EXPECT_EQ(heard_of(stump, 0, 0, channels).error(), Error::Truncated);
}

TEST(Border, a_firmware_that_is_set_otherwise_is_told_in_what) {
    const Air air{air::Preset::LongFast, 1};
    EXPECT_EQ(misfit(longfast(), air), "");
    RadioFacts facts = longfast();
    facts.lora.region = 0;
    EXPECT_NE(misfit(facts, air).find("region is not set"), std::string::npos);
    facts = longfast();
    facts.lora.region = 3;
    EXPECT_NE(misfit(facts, air).find("number 3"), std::string::npos);
    EXPECT_EQ(misfit(facts, {air::Preset::LongFast, 0}), "");
    facts = longfast();
    facts.lora.modem_preset = 6;
    EXPECT_EQ(misfit(facts, air), "its preset is ShortFast, the scenario's is LongFast");
    facts = longfast();
    facts.lora.tx_enabled = false;
    EXPECT_NE(misfit(facts, air).find("not to send"), std::string::npos);
}

TEST(Border, a_secondary_channel_without_a_key_has_the_primarys) {
    const Channels channels = channels_of(longfast());
    ASSERT_EQ(channels.size(), 2U);
    EXPECT_EQ(channels.at(0).name, "LongFast");
    EXPECT_EQ(channels.at(1).name, "aside");
    EXPECT_EQ(channels.at(1).key, channels.at(0).key);
}

}  // namespace
}  // namespace compot::firmware_loop
