#pragma once

#include <cstdint>
#include <vector>

#include "core/base/containers.hpp"
#include "core/base/result.hpp"

/// One section of a radio's configuration as bytes: which one it is, and what is in it, unread.
/// Meshtastic's Config and ModuleConfig are each one of these.

namespace compot::client_api {

/// What an admin message can carry, less what surrounds it.
inline constexpr std::size_t kSectionBytesMax = 224;

struct Section {
    std::uint32_t kind = 0;  ///< Meshtastic's number: 1 device .. 10 device_ui; 1 mqtt .. 17
    std::vector<std::uint8_t> bytes;

    [[nodiscard]] bool operator==(const Section&) const = default;
};

[[nodiscard]] std::vector<std::uint8_t> encode(const Section& section);

/// ERRORS: Malformed when it is not exactly one section with well-formed fields; TooBig.
[[nodiscard]] Result<Section> parse_section(BytesView bytes);

/// Every field has its whole length; what they mean is not looked at.
[[nodiscard]] bool well_formed(BytesView message);

}  // namespace compot::client_api
