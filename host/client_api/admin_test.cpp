#include "host/client_api/admin.hpp"

#include <gtest/gtest.h>
#include <pb_decode.h>
#include <pb_encode.h>

#include "host/client_api/admin.pb.h"
#include "host/client_api/fake_mesh.hpp"
#include "host/client_api/text.hpp"

namespace compot::client_api {
namespace {

using Admin = compot_admin_pb_AdminMessage;
using Words = std::vector<std::uint8_t>;

class AdminTest : public ::testing::Test {
protected:
    AdminAnswer ask(const Admin& message) {
        std::array<std::uint8_t, 300> bytes{};
        pb_ostream_t stream = pb_ostream_from_buffer(bytes.data(), bytes.size());
        EXPECT_TRUE(pb_encode(&stream, compot_admin_pb_AdminMessage_fields, &message));
        return answer_admin(settings, BytesView{bytes}.first(stream.bytes_written));
    }

    template <typename Set>
    AdminAnswer ask(pb_size_t which, Set set) {
        Admin message{};
        message.which_payload_variant = which;
        set(message.payload_variant);
        return ask(message);
    }

    AdminAnswer write(pb_size_t which, BytesView bytes) {
        return ask(which, [&](auto& what) { copy_bytes(what.set_config, bytes); });
    }

    /// What the field `which` of the answer holds.
    static Words told(const AdminAnswer& answer, pb_size_t which) {
        EXPECT_EQ(answer.error, mesh::RoutingError::NoError) << answer.words;
        Admin message{};
        pb_istream_t stream = pb_istream_from_buffer(answer.message.data(), answer.message.size());
        EXPECT_TRUE(pb_decode(&stream, compot_admin_pb_AdminMessage_fields, &message));
        EXPECT_EQ(message.which_payload_variant, which);
        EXPECT_EQ(message.session_passkey.size, 8U);
        const auto& bytes = message.payload_variant.get_config_response;
        return {&bytes.bytes[0], &bytes.bytes[0] + bytes.size};
    }

    Words config(std::uint32_t kind) {
        return told(ask(compot_admin_pb_AdminMessage_get_config_request_tag,
                        [&](auto& what) { what.get_config_request = kind - 1; }),
                    compot_admin_pb_AdminMessage_get_config_response_tag);
    }

    Words module_config(std::uint32_t kind) {
        return told(ask(compot_admin_pb_AdminMessage_get_module_config_request_tag,
                        [&](auto& what) { what.get_module_config_request = kind - 1; }),
                    compot_admin_pb_AdminMessage_get_module_config_response_tag);
    }

    static Words channel(std::int32_t index, std::uint32_t role, const std::string& name) {
        compot_pb_Channel channel{};
        channel.index = index;
        channel.role = role;
        channel.has_settings = true;
        copy_text(channel.settings.name, name);
        copy_bytes(channel.settings.psk, Words{1});
        std::array<std::uint8_t, 100> bytes{};
        pb_ostream_t stream = pb_ostream_from_buffer(bytes.data(), bytes.size());
        EXPECT_TRUE(pb_encode(&stream, compot_pb_Channel_fields, &channel));
        return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(stream.bytes_written)};
    }

    FakeMesh mesh;
    Settings settings{mesh.status(NodeId{42})};
};

TEST_F(AdminTest, reads_every_section_there_is_and_no_other) {
    for (std::uint32_t kind = 1; kind <= kConfigs; ++kind)
        EXPECT_EQ(parse_section(config(kind))->kind, kind);
    for (std::uint32_t kind = 1; kind <= kModuleConfigs; ++kind)
        EXPECT_EQ(parse_section(module_config(kind))->kind, kind);
    const auto beyond = ask(compot_admin_pb_AdminMessage_get_config_request_tag,
                            [](auto& what) { what.get_config_request = kConfigs; });
    EXPECT_EQ(beyond.error, mesh::RoutingError::BadRequest);
}

TEST_F(AdminTest, reads_back_what_was_written_byte_for_byte) {
    const Words device{0x0A, 0x03, 0x38, 0xB0, 0x54};
    EXPECT_EQ(write(compot_admin_pb_AdminMessage_set_config_tag, device).error,
              mesh::RoutingError::NoError);
    EXPECT_EQ(config(1), device);
    const Words tak{0x82, 0x01, 0x02, 0x08, 0x01};
    EXPECT_EQ(write(compot_admin_pb_AdminMessage_set_module_config_tag, tak).error,
              mesh::RoutingError::NoError);
    EXPECT_EQ(module_config(16), tak);
}

TEST_F(AdminTest, keeps_what_it_had_when_a_write_makes_no_sense) {
    const Words before = config(1);
    for (const Words& broken : {Words{}, Words{0x0A, 0x05, 0x38}, Words{0x0A, 0x01, 0x38},
                                Words{0x08, 0x01}, Words{0x5A, 0x00}, Words{0x7A, 0x00}}) {
        const auto answer = write(compot_admin_pb_AdminMessage_set_config_tag, broken);
        EXPECT_EQ(answer.error, mesh::RoutingError::BadRequest);
        EXPECT_FALSE(answer.words.empty());
    }
    EXPECT_EQ(config(1), before);
    EXPECT_EQ(answer_admin(settings, Words{0xFF}).error, mesh::RoutingError::BadRequest);
}

TEST_F(AdminTest, takes_a_hop_limit_but_no_other_modem_than_the_worlds) {
    compot_pb_LoraConfig lora{};
    lora.use_preset = true;
    lora.modem_preset = 6;
    lora.region = 3;
    lora.hop_limit = 5;
    const auto written = [&] {
        Section section{6, Words(100)};
        pb_ostream_t stream = pb_ostream_from_buffer(section.bytes.data(), 100);
        EXPECT_TRUE(pb_encode(&stream, compot_pb_LoraConfig_fields, &lora));
        section.bytes.resize(stream.bytes_written);
        return encode(section);
    };
    EXPECT_EQ(write(compot_admin_pb_AdminMessage_set_config_tag, written()).error,
              mesh::RoutingError::NoError);
    const Words kept = written();
    lora.modem_preset = 0;
    EXPECT_EQ(write(compot_admin_pb_AdminMessage_set_config_tag, written()).error,
              mesh::RoutingError::BadRequest);
    EXPECT_EQ(config(6), kept);
}

TEST_F(AdminTest, gives_the_radio_more_channels_in_their_places) {
    const auto answer =
        write(compot_admin_pb_AdminMessage_set_channel_tag, channel(2, 2, "second"));
    EXPECT_TRUE(answer.new_channels);
    EXPECT_TRUE(settings.enabled(2));
    EXPECT_FALSE(settings.enabled(1));
    const auto channels = settings.channels();
    ASSERT_EQ(channels.size(), 3U);
    EXPECT_FALSE(channels[1].enabled);
    EXPECT_EQ(channels[2].name, "second");
    EXPECT_EQ(channels[2].key.size(), 16U) << "the public key, by its number";
    EXPECT_EQ(told(ask(compot_admin_pb_AdminMessage_get_channel_request_tag,
                       [](auto& what) { what.get_channel_request = 3; }),
                   compot_admin_pb_AdminMessage_get_channel_response_tag),
              channel(2, 2, "second"));
    for (const Words& wrong : {channel(0, 0, "off"), channel(3, 1, "primary"), channel(8, 2, "x"),
                               channel(-1, 2, "x"), channel(1, 3, "x")})
        EXPECT_EQ(write(compot_admin_pb_AdminMessage_set_channel_tag, wrong).error,
                  mesh::RoutingError::BadRequest);
    EXPECT_EQ(settings.channels().size(), 3U);
}

TEST_F(AdminTest, keeps_the_radios_number_when_its_owner_gets_another_name) {
    compot_pb_User user{};
    copy_text(user.id, "!deadbeef");
    copy_text(user.long_name, "Ridge camp");
    copy_text(user.short_name, "RC");
    std::array<std::uint8_t, 100> bytes{};
    const auto encoded = mesh::encode(user, bytes);
    EXPECT_TRUE(write(compot_admin_pb_AdminMessage_set_owner_tag, *encoded).new_owner);
    EXPECT_STREQ(settings.owner().long_name, "Ridge camp");
    EXPECT_STREQ(settings.owner().id, "!0000002a");
    EXPECT_FALSE(write(compot_admin_pb_AdminMessage_set_owner_tag, Words{}).new_owner)
        << "a name is needed";
}

TEST_F(AdminTest, says_what_a_simulated_radio_cannot_do) {
    for (const Words& message : {Words{0xA0, 0x06, 0x01}, Words{0xF0, 0x05, 0x01}, Words{}}) {
        const auto answer = answer_admin(settings, message);
        EXPECT_EQ(answer.error, mesh::RoutingError::BadRequest);
        EXPECT_FALSE(answer.words.empty());
    }
    const auto reboot = ask(compot_admin_pb_AdminMessage_reboot_seconds_tag,
                            [](auto& what) { what.reboot_seconds = 3; });
    EXPECT_EQ(reboot.reboot_s, 3);
}

TEST_F(AdminTest, marks_a_bounded_number_of_nodes) {
    for (std::uint32_t node = 1; node <= kMarkedMax; ++node)
        ask(compot_admin_pb_AdminMessage_set_favorite_node_tag,
            [&](auto& what) { what.set_favorite_node = node; });
    EXPECT_EQ(settings.favourites.size(), kMarkedMax);
    EXPECT_EQ(ask(compot_admin_pb_AdminMessage_set_favorite_node_tag,
                  [](auto& what) { what.set_favorite_node = 9999; })
                  .error,
              mesh::RoutingError::BadRequest);
    ask(compot_admin_pb_AdminMessage_remove_favorite_node_tag,
        [](auto& what) { what.remove_favorite_node = 1; });
    EXPECT_EQ(settings.favourites.count(1), 0U);
}

}  // namespace
}  // namespace compot::client_api
