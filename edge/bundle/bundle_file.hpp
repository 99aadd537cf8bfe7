#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/containers.hpp"
#include "core/base/result.hpp"
#include "core/bundle/manifest.hpp"

/// Bundles as the edge keeps and signs them: a manifest in front of its payload. See doc/bundle.md.

namespace compot::bundles {

struct Bundle {
    bundle::SignedManifest manifest;
    std::vector<std::uint8_t> payload;

    /// ERRORS: Truncated, Malformed, Unsupported; Forged when the payload isn't the manifest's.
    [[nodiscard]] static Result<Bundle> parse(BytesView bytes);
    [[nodiscard]] std::vector<std::uint8_t> serialise() const;
};

/// What a person decides about a bundle; the rest follows from the payload.
struct Terms {
    bundle::Kind kind = bundle::Kind::FirmwareImage;
    std::string hardware;
    std::uint8_t component = 0;
    std::uint32_t version = 0;
    std::uint16_t era = 0;
    bundle::Minutes not_before = 0;
    bundle::Minutes not_after = 0;
    std::uint8_t battery_min_percent = 0;
    std::uint8_t window_from = 0;
    std::uint8_t window_to = 0;
    std::uint8_t piece_bytes = 180;
};

/// The manifest of `payload` under these terms. For a patch, `base` and `result` are the images
/// before and after; otherwise `base` may be empty and `result` is the payload.
/// ERRORS: TooBig (more pieces than 65535).
[[nodiscard]] Result<bundle::Manifest> describe(const Terms& terms, BytesView payload,
                                                BytesView base, BytesView result,
                                                const crypto::Key& publisher);

/// Frames on the air for a payload and its manifest, none lost.
[[nodiscard]] constexpr std::size_t frames_of(std::size_t payload_bytes, std::size_t piece_bytes) {
    return 1 + (payload_bytes + piece_bytes - 1) / piece_bytes;
}

}  // namespace compot::bundles
