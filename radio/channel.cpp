#include "radio/channel.hpp"

#include <algorithm>
#include <array>

namespace compot::radio {
namespace {

/// The key that every Meshtastic radio knows; number n > 1 has its last byte higher by n - 1.
constexpr std::array<std::uint8_t, 16> kDefaultKey{0xD4, 0xF1, 0xBB, 0x3A, 0x20, 0x29, 0x07, 0x59,
                                                   0xF0, 0xBC, 0xFF, 0xAB, 0xCF, 0x4E, 0x69, 0x01};

std::uint8_t fold(std::uint8_t start, BytesView bytes) {
    for (const std::uint8_t byte : bytes) start = static_cast<std::uint8_t>(start ^ byte);
    return start;
}

}  // namespace

Result<ChannelKey> expand_psk(BytesView psk) {
    ChannelKey key;
    if (psk.size() > 32) return Error::TooBig;
    if (psk.empty()) return key;
    if (psk.size() == 1) {
        if (psk[0] == 0) return key;
        COMPOT_CHECK(key.assign(kDefaultKey));
        key.back() = static_cast<std::uint8_t>(key.back() + psk[0] - 1);
        return key;
    }
    COMPOT_CHECK(key.assign(psk));
    key.resize(psk.size() <= 16 ? 16 : 32);
    return key;
}

std::uint8_t channel_hash(std::string_view name, BytesView key) {
    std::uint8_t hash = fold(0, key);
    for (const char letter : name) {
        hash = static_cast<std::uint8_t>(hash ^ static_cast<unsigned char>(letter));
    }
    return hash;
}

Result<Channel> make_channel(std::string_view name, BytesView psk) {
    if (name.size() > kChannelNameMax) return Error::TooBig;
    const Result<ChannelKey> key = expand_psk(psk);
    if (!key.ok()) return key.error();
    return Channel{std::string(name), *key, channel_hash(name, key->view())};
}

Channel default_channel(std::string_view preset_name) {
    const std::array<std::uint8_t, 1> first{1};
    const Result<Channel> channel = make_channel(preset_name, first);
    COMPOT_CHECK(channel.ok());
    return *channel;
}

}  // namespace compot::radio
