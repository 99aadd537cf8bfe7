#include "host/client_api/firmware.hpp"

#include <pb_encode.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <initializer_list>

#include "host/client_api/text.hpp"

namespace compot::client_api {

namespace {

using Group = compot_firmware_pb_PresetGroup;
using Rule = compot_firmware_pb_RegionRule;

FirmwareMessage message_of(pb_size_t which) {
    FirmwareMessage message{};
    message.which_payload_variant = which;
    return message;
}

Group group(std::initializer_list<std::uint8_t> presets, std::uint32_t default_preset,
            bool licensed_only) {
    Group group{};
    group.presets_count = static_cast<pb_size_t>(presets.size());
    std::copy(presets.begin(), presets.end(), std::begin(group.presets));
    group.default_preset = default_preset;
    group.licensed_only = licensed_only;
    return group;
}

// Region and group by Meshtastic's numbers, in the firmware's order.
constexpr std::array<Rule, 34> kRules{
    {{1, 0},  {2, 0},  {3, 1},  {29, 2}, {32, 3}, {4, 0},  {5, 0},  {6, 0},  {22, 0},
     {9, 0},  {7, 0},  {8, 0},  {10, 0}, {11, 0}, {12, 0}, {14, 0}, {16, 0}, {17, 0},
     {18, 0}, {19, 0}, {20, 0}, {21, 0}, {23, 0}, {24, 0}, {25, 0}, {26, 0}, {27, 4},
     {28, 4}, {33, 4}, {37, 5}, {34, 5}, {35, 5}, {36, 5}, {13, 0}}};

}  // namespace

FirmwareMessage device_ui(BytesView screen) {
    FirmwareMessage message = message_of(compot_firmware_pb_FromRadio_device_ui_tag);
    copy_bytes(message.payload_variant.device_ui, screen);
    return message;
}

FirmwareMessage config(const Section& section) {
    FirmwareMessage message = message_of(compot_firmware_pb_FromRadio_config_tag);
    copy_bytes(message.payload_variant.config, encode(section));
    return message;
}

FirmwareMessage module_config(const Section& section) {
    FirmwareMessage message = message_of(compot_firmware_pb_FromRadio_module_config_tag);
    copy_bytes(message.payload_variant.module_config, encode(section));
    return message;
}

FirmwareMessage region_presets() {
    FirmwareMessage message = message_of(compot_firmware_pb_FromRadio_region_presets_tag);
    auto& presets = message.payload_variant.region_presets;
    const std::array<Group, 6> groups{
        group({0, 1, 3, 4, 5, 6, 7, 8, 9, 16}, 0, false),
        group({0, 1, 3, 4, 5, 6, 7, 10, 11, 12, 13}, 0, false),
        group({0, 1, 3, 4, 5, 6, 7, 10, 11, 12, 13}, 10, false),
        group({0, 1, 3, 4, 5, 6, 7, 10, 11, 12, 13}, 13, false),
        group({14, 15}, 14, true),
        group({12, 13}, 13, true),
    };
    presets.groups_count = groups.size();
    std::copy(groups.begin(), groups.end(), std::begin(presets.groups));
    presets.regions_count = kRules.size();
    std::copy(kRules.begin(), kRules.end(), std::begin(presets.regions));
    return message;
}

FirmwareMessage file_info(const char* name, std::size_t bytes) {
    FirmwareMessage message = message_of(compot_firmware_pb_FromRadio_file_info_tag);
    auto& info = message.payload_variant.file_info;
    const std::size_t length = std::strlen(name);
    COMPOT_CHECK(length < sizeof info.file_name);
    std::copy_n(name, length, std::begin(info.file_name));
    info.size_bytes = static_cast<std::uint32_t>(bytes);
    return message;
}

Result<BytesView> encode(const FirmwareMessage& message, MutableBytes out) {
    pb_ostream_t stream = pb_ostream_from_buffer(out.data(), out.size());
    if (!pb_encode(&stream, compot_firmware_pb_FromRadio_fields, &message)) return Error::TooBig;
    return BytesView{out.data(), stream.bytes_written};
}

}  // namespace compot::client_api
