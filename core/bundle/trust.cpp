#include "core/bundle/trust.hpp"

#include <algorithm>

#include "core/base/bytes.hpp"

namespace compot::bundle {

namespace {

constexpr std::uint8_t kFormat = 0xB2;

std::array<std::uint8_t, TrustOrder::kBodyBytes> body_of(const TrustOrder& order) {
    std::array<std::uint8_t, TrustOrder::kBodyBytes> body{};
    ByteWriter out(body);
    out.u8(kFormat);
    out.u32(order.sequence);
    out.u8(order.roles);
    out.u16(order.era_min);
    out.bytes(order.publisher);
    COMPOT_CHECK(out.size() == TrustOrder::kBodyBytes);
    return body;
}

}  // namespace

const char* to_string(Verdict verdict) {
    switch (verdict) {
        case Verdict::Accepted: return "accepted";
        case Verdict::UnknownPublisher: return "its publisher is not trusted here";
        case Verdict::BadSignature: return "its signature does not hold";
        case Verdict::Revoked: return "its publisher was revoked";
        case Verdict::WrongRole: return "its publisher may not sign this kind";
        case Verdict::OldEra: return "it is of an era that its publisher ended";
        case Verdict::WrongHardware: return "it is for other hardware";
        case Verdict::WrongBase: return "it is for another base";
        case Verdict::OldVersion: return "this version or a later one was installed before";
        case Verdict::NotYet: return "it is not valid yet";
        case Verdict::Expired: return "it has expired";
    }
    return "unknown";
}

Result<TrustOrder> TrustOrder::parse(BytesView bytes) {
    ByteReader in(bytes);
    TrustOrder order;
    const std::uint8_t format = in.u8();
    order.sequence = in.u32();
    order.roles = in.u8();
    order.era_min = in.u16();
    in.copy_to(order.publisher);
    in.copy_to(order.signature);
    const Status whole = in.finish();
    if (!whole) return whole.error();
    if (format != kFormat) return Error::Unsupported;
    if (order.roles > kEveryRole) return Error::Malformed;
    return order;
}

std::array<std::uint8_t, TrustOrder::kBytes> TrustOrder::serialise() const {
    std::array<std::uint8_t, kBytes> wire{};
    const auto body = body_of(*this);
    std::copy(body.begin(), body.end(), wire.begin());
    std::copy(signature.begin(), signature.end(), wire.begin() + kBodyBytes);
    return wire;
}

TrustOrder TrustOrder::make(std::uint32_t sequence, std::uint8_t roles, std::uint16_t era_min,
                            const crypto::Key& publisher, const crypto::Key& root_seed) {
    TrustOrder order;
    order.sequence = sequence;
    order.roles = roles;
    order.era_min = era_min;
    order.publisher = publisher;
    order.signature = crypto::sign(root_seed, crypto::signing_public(root_seed), body_of(order));
    return order;
}

Status Trust::obey(const TrustOrder& order) {
    if (!crypto::verify(root_, body_of(order), order.signature)) return Error::Forged;
    if (order.sequence <= sequence_) return Error::Stale;
    for (Publisher& known : publishers_) {
        if (known.key != order.publisher) continue;
        if (known.roles == 0) return Error::Refused;
        known.roles = order.roles;
        known.era_min = std::max(known.era_min, order.era_min);
        sequence_ = order.sequence;
        return {};
    }
    if (!publishers_.try_push({order.publisher, order.roles, order.era_min})) return Error::NoRoom;
    sequence_ = order.sequence;
    return {};
}

Verdict Trust::judge(const SignedManifest& signed_manifest, const Device& device) const {
    const Manifest& manifest = signed_manifest.manifest;
    const Publisher* publisher = nullptr;
    for (const Publisher& known : publishers_)
        if (publisher_id(known.key) == manifest.publisher) publisher = &known;
    if (publisher == nullptr) return Verdict::UnknownPublisher;
    if (!signed_manifest.is_signed_by(publisher->key)) return Verdict::BadSignature;
    if (publisher->roles == 0) return Verdict::Revoked;
    if ((publisher->roles & role_of(manifest.kind)) == 0) return Verdict::WrongRole;
    if (manifest.era < publisher->era_min) return Verdict::OldEra;
    if (manifest.hardware != 0 && manifest.hardware != device.hardware)
        return Verdict::WrongHardware;
    if (manifest.base != ShortDigest{} && manifest.base != device.installed)
        return Verdict::WrongBase;
    for (const Floor& floor : floors_)
        if (floor.component == manifest.component && manifest.version <= floor.version)
            return Verdict::OldVersion;
    if (device.now && *device.now < manifest.not_before) return Verdict::NotYet;
    if (device.now && manifest.not_after != 0 && *device.now > manifest.not_after)
        return Verdict::Expired;
    return Verdict::Accepted;
}

Status Trust::installed(const Manifest& manifest) {
    for (Floor& floor : floors_) {
        if (floor.component != manifest.component) continue;
        floor.version = std::max(floor.version, manifest.version);
        return {};
    }
    if (!floors_.try_push({manifest.component, manifest.version})) return Error::NoRoom;
    return {};
}

}  // namespace compot::bundle
