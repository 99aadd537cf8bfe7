#include "host/client_api/settings.hpp"

#include <fmt/format.h>
#include <pb_decode.h>
#include <pb_encode.h>

#include <algorithm>
#include <random>

#include "host/client_api/text.hpp"

namespace compot::client_api {

namespace {

// SOURCE: Meshtastic's enumerations HardwareModel and Channel.Role.
constexpr std::uint32_t kPortduino = 37;
constexpr std::uint32_t kDisabled = 0;
constexpr std::uint32_t kPrimary = 1;
constexpr std::uint32_t kSecondary = 2;

template <typename Message>
bool decode(BytesView bytes, const pb_msgdesc_t* fields, Message& message) {
    pb_istream_t stream = pb_istream_from_buffer(bytes.data(), bytes.size());
    return pb_decode(&stream, fields, &message);
}

compot_pb_LoraConfig lora_of(const Status& status) {
    compot_pb_LoraConfig lora{};
    lora.use_preset = true;
    lora.modem_preset = static_cast<std::uint32_t>(status.preset);
    lora.region = status.region;
    lora.hop_limit = status.hop_limit;
    lora.tx_enabled = true;
    return lora;
}

std::vector<std::uint8_t> encoded(const compot_pb_LoraConfig& lora) {
    std::vector<std::uint8_t> out(kSectionBytesMax);
    pb_ostream_t stream = pb_ostream_from_buffer(out.data(), out.size());
    COMPOT_CHECK(pb_encode(&stream, compot_pb_LoraConfig_fields, &lora));
    out.resize(stream.bytes_written);
    return out;
}

Section section_of(const std::map<std::uint32_t, std::vector<std::uint8_t>>& from,
                   std::uint32_t kind) {
    const auto found = from.find(kind);
    return {kind, found == from.end() ? std::vector<std::uint8_t>{} : found->second};
}

}  // namespace

Settings::Settings(const Status& status) : preset_(status.preset), lora_(lora_of(status)) {
    copy_text(owner_.id, fmt::format("!{:08x}", status.self.id.value));
    copy_text(owner_.long_name, status.self.name);
    copy_text(owner_.short_name, status.self.name.substr(0, 4));
    owner_.hw_model = kPortduino;
    for (std::uint8_t index = 0; index < kChannels; ++index) {
        channels_.at(index).index = index;
        channels_.at(index).has_settings = true;
    }
    channels_[0].role = kPrimary;
    copy_text(channels_[0].settings.name, status.channel_name);
    copy_bytes(channels_[0].settings.psk, status.channel_key);
    configs_[compot_pb_Config_lora_tag] = encoded(lora_);
    std::random_device device;
    for (std::uint8_t& byte : passkey_) byte = static_cast<std::uint8_t>(device());
}

Result<void> Settings::set_owner(BytesView user) {
    const auto wanted = mesh::decode_user(user);
    if (!wanted || wanted->long_name[0] == '\0') return Error::Malformed;
    // Its number and its board are not the owner's to choose.
    copy_text(owner_.long_name, &wanted->long_name[0]);
    copy_text(owner_.short_name, &wanted->short_name[0]);
    owner_.is_licensed = wanted->is_licensed;
    owner_.has_is_unmessagable = wanted->has_is_unmessagable;
    owner_.is_unmessagable = wanted->is_unmessagable;
    return {};
}

Result<void> Settings::set_channel(BytesView channel) {
    compot_pb_Channel wanted{};
    if (!decode(channel, compot_pb_Channel_fields, wanted)) return Error::Malformed;
    if (wanted.index < 0 || wanted.index >= kChannels) return Error::Unsupported;
    const bool first = wanted.index == 0;
    if (wanted.role > kSecondary || (wanted.role == kPrimary) != first) return Error::Unsupported;
    wanted.has_settings = true;
    channels_.at(static_cast<std::size_t>(wanted.index)) = wanted;
    return {};
}

bool Settings::enabled(std::uint32_t index) const {
    return index < kChannels && channels_.at(index).role != kDisabled;
}

std::vector<radio::Channel> Settings::channels() const {
    std::vector<radio::Channel> all;
    for (const compot_pb_Channel& from : channels_) {
        const auto& set = from.settings;
        BytesView key{set.psk.bytes, set.psk.size};
        // SOURCE: firmware 2.8.0, research of its channels: a secondary one without a key has the
        // primary's.
        const bool borrows = from.role == kSecondary && key.empty();
        if (borrows) key = {channels_[0].settings.psk.bytes, channels_[0].settings.psk.size};
        const std::string_view name =
            set.name[0] == '\0' ? air::name(preset_) : std::string_view(&set.name[0]);
        auto channel = radio::make_channel(name, key);
        COMPOT_CHECK(channel.ok());  // both fit by the message's own limits
        channel->enabled = from.role != kDisabled;
        all.push_back(*channel);
    }
    while (!all.back().enabled) all.pop_back();
    return all;
}

Section Settings::config(std::uint32_t kind) const { return section_of(configs_, kind); }

Section Settings::module_config(std::uint32_t kind) const {
    return section_of(module_configs_, kind);
}

Result<void> Settings::set_config(BytesView config) {
    const auto section = parse_section(config);
    if (!section) return section.error();
    if (section->kind == 0 || section->kind > kConfigs) return Error::Unsupported;
    if (section->kind == compot_pb_Config_lora_tag) {
        compot_pb_LoraConfig wanted{};
        if (!decode(section->bytes, compot_pb_LoraConfig_fields, wanted)) return Error::Malformed;
        if (!wanted.use_preset || wanted.modem_preset != lora_.modem_preset ||
            wanted.region != lora_.region)
            return Error::Unsupported;
    }
    configs_[section->kind] = section->bytes;
    return {};
}

Result<void> Settings::set_module_config(BytesView config) {
    const auto section = parse_section(config);
    if (!section) return section.error();
    if (section->kind == 0 || section->kind > kModuleConfigs) return Error::Unsupported;
    module_configs_[section->kind] = section->bytes;
    return {};
}

}  // namespace compot::client_api
