#include "edge/bundle/bundle_file.hpp"

#include <algorithm>

#include "core/crypto/crypto.hpp"

namespace compot::bundles {

Result<Bundle> Bundle::parse(BytesView bytes) {
    if (bytes.size() < bundle::Manifest::kBytes) return Error::Truncated;
    const auto manifest = bundle::SignedManifest::parse(bytes.first(bundle::Manifest::kBytes));
    if (!manifest) return manifest.error();
    const BytesView payload = bytes.subspan(bundle::Manifest::kBytes);
    if (payload.size() < manifest->manifest.payload_size) return Error::Truncated;
    if (payload.size() > manifest->manifest.payload_size) return Error::Malformed;
    if (bundle::short_digest(payload) != manifest->manifest.payload) return Error::Forged;
    return Bundle{*manifest, {payload.begin(), payload.end()}};
}

std::vector<std::uint8_t> Bundle::serialise() const {
    const auto wire = manifest.serialise();
    // Sized once: g++ 12 takes a vector that grows from 149 known bytes for an overrun.
    std::vector<std::uint8_t> bytes(wire.size() + payload.size());
    std::copy(wire.begin(), wire.end(), bytes.begin());
    std::copy(payload.begin(), payload.end(),
              bytes.begin() + static_cast<std::ptrdiff_t>(wire.size()));
    return bytes;
}

Result<bundle::Manifest> describe(const Terms& terms, BytesView payload, BytesView base,
                                  BytesView result, const crypto::Key& publisher) {
    const std::size_t pieces = (payload.size() + terms.piece_bytes - 1) / terms.piece_bytes;
    if (pieces > 0xFFFF || result.size() > 0xFFFFFFFF) return Error::TooBig;
    bundle::Manifest manifest;
    manifest.kind = terms.kind;
    if (!terms.hardware.empty()) {
        const std::vector<std::uint8_t> name(terms.hardware.begin(), terms.hardware.end());
        manifest.hardware = bundle::hardware_id(name);
    }
    manifest.component = terms.component;
    manifest.version = terms.version;
    manifest.era = terms.era;
    manifest.publisher = bundle::publisher_id(publisher);
    if (!base.empty()) manifest.base = bundle::short_digest(base);
    manifest.result_size = static_cast<std::uint32_t>(result.size());
    manifest.result = crypto::digest(result);
    manifest.payload_size = static_cast<std::uint32_t>(payload.size());
    manifest.payload = bundle::short_digest(payload);
    manifest.piece_bytes = terms.piece_bytes;
    manifest.pieces = static_cast<std::uint16_t>(pieces);
    manifest.not_before = terms.not_before;
    manifest.not_after = terms.not_after;
    manifest.battery_min_percent = terms.battery_min_percent;
    manifest.window_from = terms.window_from;
    manifest.window_to = terms.window_to;
    return manifest;
}

}  // namespace compot::bundles
