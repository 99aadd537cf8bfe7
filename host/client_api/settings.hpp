#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/mesh/client.hpp"
#include "host/client_api/mesh.hpp"
#include "host/client_api/section.hpp"

/// What clients of one simulated radio set and read back: its owner, its channels, the sections of
/// its configuration. Kept for the run, and forgotten with it. Only the channels and the owner's
/// name change what the radio does: its modem and its place are the world's.

namespace compot::client_api {

inline constexpr std::uint8_t kConfigs = 10;
inline constexpr std::uint8_t kModuleConfigs = 17;
inline constexpr std::uint8_t kChannels = 8;
inline constexpr std::size_t kMarkedMax = 256;  ///< favourites, and nodes that are ignored

class Settings {
public:
    /// As a radio of the world begins: its own name, its one channel.
    explicit Settings(const Status& status);

    [[nodiscard]] const compot_pb_User& owner() const { return owner_; }

    /// ERRORS: Malformed for bytes that are no User or one without a name.
    [[nodiscard]] Result<void> set_owner(BytesView user);

    /// REQUIRES: index < kChannels.
    [[nodiscard]] const compot_pb_Channel& channel(std::uint8_t index) const {
        return channels_.at(index);
    }

    /// ERRORS: Malformed for bytes that are no Channel; Unsupported for an index that is not there,
    /// another primary channel than the first, or a first one that is disabled.
    [[nodiscard]] Result<void> set_channel(BytesView channel);

    [[nodiscard]] bool enabled(std::uint32_t index) const;

    /// All up to the last enabled one, for the radio.
    [[nodiscard]] std::vector<radio::Channel> channels() const;

    /// Kinds as in Section. REQUIRES: 1..kConfigs, 1..kModuleConfigs.
    [[nodiscard]] Section config(std::uint32_t kind) const;
    [[nodiscard]] Section module_config(std::uint32_t kind) const;

    /// ERRORS: Malformed; TooBig; Unsupported for an unknown kind, or a modem that is not the
    /// world's.
    [[nodiscard]] Result<void> set_config(BytesView config);
    [[nodiscard]] Result<void> set_module_config(BytesView config);

    /// What an answer carries, so that writes from afar can be told from replays.
    [[nodiscard]] const std::array<std::uint8_t, 8>& passkey() const { return passkey_; }

    // Kept and read back, and nothing else.
    std::vector<std::uint8_t> canned_messages;
    std::vector<std::uint8_t> ringtone;
    std::vector<std::uint8_t> screen;
    std::optional<compot_pb_Position> position;
    std::set<std::uint32_t> favourites;
    std::set<std::uint32_t> ignored;
    std::optional<Time> introduced_at;  ///< last, to the mesh

private:
    air::Preset preset_;
    compot_pb_User owner_{};
    std::array<compot_pb_Channel, kChannels> channels_{};
    compot_pb_LoraConfig lora_{};  ///< the world's
    std::map<std::uint32_t, std::vector<std::uint8_t>> configs_;
    std::map<std::uint32_t, std::vector<std::uint8_t>> module_configs_;
    std::array<std::uint8_t, 8> passkey_{};
};

}  // namespace compot::client_api
