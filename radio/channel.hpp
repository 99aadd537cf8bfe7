#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/containers.hpp"
#include "core/base/result.hpp"

/// A Meshtastic channel: a name and a key, and the one byte by which its packets are told from
/// others on the air. Different channels can share that byte; then only decryption tells.

namespace compot::radio {

inline constexpr std::size_t kChannelsMax = 8;
inline constexpr std::size_t kChannelNameMax = 11;

using ChannelKey = Bytes<32>;  ///< 0 (no encryption), 16 or 32 bytes

struct Channel {
    std::string name;  ///< "" is the preset's display name
    ChannelKey key;
    std::uint8_t hash = 0;
    bool enabled = true;  ///< one that is not keeps its place among the indices and nothing else
};

/// Expands a pre-shared key as the firmware does: none, the numbered default key (one byte; 0 is
/// none), or zero-padded to 16 or 32 bytes. ERRORS: TooBig above 32 bytes.
[[nodiscard]] Result<ChannelKey> expand_psk(BytesView psk);

[[nodiscard]] std::uint8_t channel_hash(std::string_view name, BytesView key);

/// REQUIRES nothing of `name` but its length. ERRORS: TooBig for a name above 11 bytes or a key
/// above 32.
[[nodiscard]] Result<Channel> make_channel(std::string_view name, BytesView psk);

/// The channel that a fresh radio has: the preset's name and the public default key.
[[nodiscard]] Channel default_channel(std::string_view preset_name);

}  // namespace compot::radio
