#include "host/client_api/admin.hpp"

#include <pb_decode.h>
#include <pb_encode.h>

#include <array>

#include "host/client_api/admin.pb.h"
#include "host/client_api/messages.hpp"
#include "host/client_api/text.hpp"

namespace compot::client_api {

namespace {

using Admin = compot_admin_pb_AdminMessage;

AdminAnswer refused(std::string words) {
    AdminAnswer answer;
    answer.error = mesh::RoutingError::BadRequest;
    answer.words = std::move(words);
    return answer;
}

/// An answer that carries `bytes` in the field `which`. The passkey is left out where only one of
/// the two fits a packet.
AdminAnswer tell(const Settings& settings, pb_size_t which, BytesView bytes) {
    Admin message{};
    message.which_payload_variant = which;
    copy_bytes(message.payload_variant.get_config_response, bytes);
    AdminAnswer answer;
    copy_bytes(message.session_passkey, settings.passkey());
    answer.message.resize(mesh::kDataPayloadMax);
    pb_ostream_t stream = pb_ostream_from_buffer(answer.message.data(), answer.message.size());
    if (!pb_encode(&stream, compot_admin_pb_AdminMessage_fields, &message)) {
        message.session_passkey.size = 0;
        stream = pb_ostream_from_buffer(answer.message.data(), answer.message.size());
        if (!pb_encode(&stream, compot_admin_pb_AdminMessage_fields, &message))
            return refused("the answer does not fit a packet");
    }
    answer.message.resize(stream.bytes_written);
    return answer;
}

template <typename Message>
AdminAnswer tell(const Settings& settings, pb_size_t which, const pb_msgdesc_t* fields,
                 const Message& inner) {
    std::array<std::uint8_t, mesh::kDataPayloadMax> bytes{};
    pb_ostream_t stream = pb_ostream_from_buffer(bytes.data(), bytes.size());
    COMPOT_CHECK(pb_encode(&stream, fields, &inner));
    return tell(settings, which, BytesView{bytes}.first(stream.bytes_written));
}

template <typename Bytes>
BytesView view(const Bytes& bytes) {
    return {bytes.bytes, bytes.size};
}

/// Sections are asked for by one less than their number, and some clients ask for more than we
/// have.
AdminAnswer tell_section(const Settings& settings, bool module, std::uint32_t asked) {
    if (asked >= (module ? kModuleConfigs : kConfigs)) return refused("no such section");
    const auto bytes =
        encode(module ? settings.module_config(asked + 1) : settings.config(asked + 1));
    return tell(settings,
                module ? compot_admin_pb_AdminMessage_get_module_config_response_tag
                       : compot_admin_pb_AdminMessage_get_config_response_tag,
                bytes);
}

AdminAnswer written(const Result<void>& done, const char* unsupported) {
    if (done.ok()) return {};
    if (done.error() == Error::Unsupported) return refused(unsupported);
    return refused(done.error() == Error::TooBig ? "more than a packet can bring back"
                                                 : "it makes no sense");
}

AdminAnswer keep(std::vector<std::uint8_t>& place, BytesView bytes) {
    place.assign(bytes.begin(), bytes.end());
    return {};
}

AdminAnswer mark(std::set<std::uint32_t>& marked, std::uint32_t node) {
    if (marked.size() >= kMarkedMax && marked.count(node) == 0)
        return refused("too many are marked");
    marked.insert(node);
    return {};
}

AdminAnswer set_position(Settings& settings, BytesView bytes) {
    compot_pb_Position position{};
    pb_istream_t stream = pb_istream_from_buffer(bytes.data(), bytes.size());
    if (!pb_decode(&stream, compot_pb_Position_fields, &position))
        return refused("it makes no sense");
    settings.position = position;
    return {};
}

AdminAnswer read(const Settings& settings, const Admin& asked) {
    const auto& what = asked.payload_variant;
    switch (asked.which_payload_variant) {
        case compot_admin_pb_AdminMessage_get_channel_request_tag:
            if (what.get_channel_request == 0 || what.get_channel_request > kChannels)
                return refused("a radio has channels 0 to 7");
            return tell(settings, compot_admin_pb_AdminMessage_get_channel_response_tag,
                        compot_pb_Channel_fields,
                        settings.channel(static_cast<std::uint8_t>(what.get_channel_request - 1)));
        case compot_admin_pb_AdminMessage_get_owner_request_tag:
            return tell(settings, compot_admin_pb_AdminMessage_get_owner_response_tag,
                        compot_pb_User_fields, settings.owner());
        case compot_admin_pb_AdminMessage_get_config_request_tag:
            return tell_section(settings, false, what.get_config_request);
        case compot_admin_pb_AdminMessage_get_module_config_request_tag:
            return tell_section(settings, true, what.get_module_config_request);
        case compot_admin_pb_AdminMessage_get_canned_messages_request_tag:
            return tell(settings, compot_admin_pb_AdminMessage_get_canned_messages_response_tag,
                        settings.canned_messages);
        case compot_admin_pb_AdminMessage_get_device_metadata_request_tag:
            return tell(settings, compot_admin_pb_AdminMessage_get_device_metadata_response_tag,
                        compot_pb_DeviceMetadata_fields, metadata().payload_variant.metadata);
        case compot_admin_pb_AdminMessage_get_ringtone_request_tag:
            return tell(settings, compot_admin_pb_AdminMessage_get_ringtone_response_tag,
                        settings.ringtone);
        case compot_admin_pb_AdminMessage_get_connection_status_request_tag:
            return tell(settings, compot_admin_pb_AdminMessage_get_connection_status_response_tag,
                        BytesView{});
        case compot_admin_pb_AdminMessage_get_ui_config_request_tag:
            return tell(settings, compot_admin_pb_AdminMessage_get_ui_config_response_tag,
                        settings.screen);
        default:
            return refused(
                "a simulated radio can't do that: it has no files, no power switch "
                "and no list of nodes but what it hears");
    }
}

}  // namespace

AdminAnswer answer_admin(Settings& settings, BytesView message) {
    Admin asked{};
    pb_istream_t stream = pb_istream_from_buffer(message.data(), message.size());
    if (!pb_decode(&stream, compot_admin_pb_AdminMessage_fields, &asked))
        return refused("that is no admin message");
    const auto& what = asked.payload_variant;
    AdminAnswer answer;
    switch (asked.which_payload_variant) {
        case compot_admin_pb_AdminMessage_set_owner_tag:
            answer = written(settings.set_owner(view(what.set_owner)), "");
            answer.new_owner = answer.error == mesh::RoutingError::NoError;
            return answer;
        case compot_admin_pb_AdminMessage_set_channel_tag:
            answer = written(settings.set_channel(view(what.set_channel)),
                             "channel 0 is the primary one, 1 to 7 are secondary or disabled");
            answer.new_channels = answer.error == mesh::RoutingError::NoError;
            return answer;
        case compot_admin_pb_AdminMessage_set_config_tag:
            return written(settings.set_config(view(what.set_config)),
                           "region and preset of a simulated radio are its scenario's");
        case compot_admin_pb_AdminMessage_set_module_config_tag:
            return written(settings.set_module_config(view(what.set_module_config)),
                           "no such module");
        case compot_admin_pb_AdminMessage_set_canned_messages_tag:
            return keep(settings.canned_messages, view(what.set_canned_messages));
        case compot_admin_pb_AdminMessage_set_ringtone_tag:
            return keep(settings.ringtone, view(what.set_ringtone));
        case compot_admin_pb_AdminMessage_store_ui_config_tag:
            if (!well_formed(view(what.store_ui_config))) return refused("it makes no sense");
            return keep(settings.screen, view(what.store_ui_config));
        case compot_admin_pb_AdminMessage_set_favorite_node_tag:
            return mark(settings.favourites, what.set_favorite_node);
        case compot_admin_pb_AdminMessage_remove_favorite_node_tag:
            settings.favourites.erase(what.remove_favorite_node);
            return {};
        case compot_admin_pb_AdminMessage_set_ignored_node_tag:
            return mark(settings.ignored, what.set_ignored_node);
        case compot_admin_pb_AdminMessage_remove_ignored_node_tag:
            settings.ignored.erase(what.remove_ignored_node);
            return {};
        case compot_admin_pb_AdminMessage_set_fixed_position_tag:
            return set_position(settings, view(what.set_fixed_position));
        case compot_admin_pb_AdminMessage_remove_fixed_position_tag:
            settings.position.reset();
            return {};
        case compot_admin_pb_AdminMessage_reboot_seconds_tag:
            answer.reboot_s = what.reboot_seconds;
            return answer;
        // Its clock is the world's; and each write holds at once.
        case compot_admin_pb_AdminMessage_set_time_only_tag:
        case compot_admin_pb_AdminMessage_begin_edit_settings_tag:
        case compot_admin_pb_AdminMessage_commit_edit_settings_tag: return {};
        default: return read(settings, asked);
    }
}

}  // namespace compot::client_api
