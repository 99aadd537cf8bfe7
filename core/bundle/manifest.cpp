#include "core/bundle/manifest.hpp"

#include <algorithm>

#include "core/base/bytes.hpp"

namespace compot::bundle {

namespace {

constexpr std::uint8_t kFormat = 0xB1;
constexpr std::uint8_t kQuartersOfADay = 96;

void write_u24(ByteWriter& out, std::uint32_t value) {
    out.u16(static_cast<std::uint16_t>(value));
    out.u8(static_cast<std::uint8_t>(value >> 16U));
}

std::uint32_t read_u24(ByteReader& in) {
    const std::uint32_t low = in.u16();
    return low | (static_cast<std::uint32_t>(in.u8()) << 16U);
}

std::array<std::uint8_t, Manifest::kBodyBytes> body_of(const Manifest& manifest) {
    std::array<std::uint8_t, Manifest::kBodyBytes> body{};
    ByteWriter out(body);
    out.u8(kFormat);
    out.u8(static_cast<std::uint8_t>(manifest.kind));
    out.u32(manifest.hardware);
    out.u8(manifest.component);
    out.u32(manifest.version);
    out.u16(manifest.era);
    out.u32(manifest.publisher);
    out.bytes(manifest.base);
    out.u32(manifest.result_size);
    out.bytes(manifest.result);
    out.u32(manifest.payload_size);
    out.bytes(manifest.payload);
    out.u8(manifest.piece_bytes);
    out.u16(manifest.pieces);
    write_u24(out, manifest.not_before);
    write_u24(out, manifest.not_after);
    out.u8(manifest.battery_min_percent);
    out.u8(manifest.window_from);
    out.u8(manifest.window_to);
    COMPOT_CHECK(out.size() == Manifest::kBodyBytes && !out.failed());
    return body;
}

/// False if the terms contradict each other.
bool makes_sense(const Manifest& manifest) {
    const bool dates = manifest.not_after == 0 || manifest.not_before < manifest.not_after;
    const bool terms = manifest.battery_min_percent <= 100 &&
                       manifest.window_from < kQuartersOfADay &&
                       manifest.window_to < kQuartersOfADay;
    const std::uint64_t room = std::uint64_t{manifest.piece_bytes} * manifest.pieces;
    const bool pieces = manifest.payload_size > 0 && room >= manifest.payload_size &&
                        room - manifest.payload_size < manifest.piece_bytes;
    const bool patched = manifest.kind != Kind::FirmwarePatch || manifest.base != ShortDigest{};
    return dates && terms && pieces && patched;
}

}  // namespace

const char* to_string(Kind kind) {
    switch (kind) {
        case Kind::Facts: return "facts";
        case Kind::PolicyDelta: return "policy-delta";
        case Kind::NetWeights: return "net-weights";
        case Kind::FirmwareImage: return "firmware-image";
        case Kind::FirmwarePatch: return "firmware-patch";
        case Kind::Configuration: return "configuration";
    }
    return "unknown";
}

Result<SignedManifest> SignedManifest::parse(BytesView bytes) {
    ByteReader in(bytes);
    SignedManifest made;
    Manifest& manifest = made.manifest;
    const std::uint8_t format = in.u8();
    const std::uint8_t kind = in.u8();
    manifest.kind = static_cast<Kind>(kind);
    manifest.hardware = in.u32();
    manifest.component = in.u8();
    manifest.version = in.u32();
    manifest.era = in.u16();
    manifest.publisher = in.u32();
    in.copy_to(manifest.base);
    manifest.result_size = in.u32();
    in.copy_to(manifest.result);
    manifest.payload_size = in.u32();
    in.copy_to(manifest.payload);
    manifest.piece_bytes = in.u8();
    manifest.pieces = in.u16();
    manifest.not_before = read_u24(in);
    manifest.not_after = read_u24(in);
    manifest.battery_min_percent = in.u8();
    manifest.window_from = in.u8();
    manifest.window_to = in.u8();
    in.copy_to(made.signature);
    const Status whole = in.finish();
    if (!whole) return whole.error();
    if (format != kFormat || kind == 0 || kind > kKinds) return Error::Unsupported;
    if (!makes_sense(manifest)) return Error::Malformed;
    return made;
}

SignedManifest::Wire SignedManifest::serialise() const {
    Wire wire{};
    const auto body = body_of(manifest);
    std::copy(body.begin(), body.end(), wire.begin());
    std::copy(signature.begin(), signature.end(), wire.begin() + Manifest::kBodyBytes);
    return wire;
}

bool SignedManifest::is_signed_by(const crypto::Key& publisher) const {
    return crypto::verify(publisher, body_of(manifest), signature);
}

SignedManifest sign(const Manifest& manifest, const crypto::Key& seed) {
    SignedManifest made;
    made.manifest = manifest;
    made.signature = crypto::sign(seed, crypto::signing_public(seed), body_of(manifest));
    return made;
}

ShortDigest short_digest(BytesView bytes) {
    const crypto::Digest digest = crypto::digest(bytes);
    ShortDigest made{};
    std::copy_n(digest.begin(), made.size(), made.begin());
    return made;
}

std::uint32_t publisher_id(const crypto::Key& publisher) {
    return static_cast<std::uint32_t>(crypto::digest64(publisher));
}

std::uint32_t hardware_id(BytesView name) {
    COMPOT_CHECK(!name.empty());
    const auto id = static_cast<std::uint32_t>(crypto::digest64(name));
    return id == 0 ? 1 : id;
}

}  // namespace compot::bundle
