#include "edge/bundle/suit.hpp"

#include <sodium/crypto_hash_sha256.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace compot::bundles {

namespace {

using Bytes = std::vector<std::uint8_t>;

/// Writes CBOR (RFC 8949), always in the shortest form.
class Cbor {
public:
    Cbor& number(std::uint64_t value) { return head(0, value); }

    Cbor& negative(std::uint64_t minus_one_minus) { return head(1, minus_one_minus); }

    Cbor& bytes(BytesView value) {
        head(2, value.size());
        out_.insert(out_.end(), value.begin(), value.end());
        return *this;
    }

    Cbor& text(std::string_view value) {
        head(3, value.size());
        out_.insert(out_.end(), value.begin(), value.end());
        return *this;
    }

    Cbor& array(std::size_t size) { return head(4, size); }

    Cbor& map(std::size_t size) { return head(5, size); }

    Cbor& tag(std::uint64_t value) { return head(6, value); }

    Cbor& nil() {
        out_.push_back(0xF6);
        return *this;
    }

    [[nodiscard]] const Bytes& done() const { return out_; }

private:
    Cbor& head(std::uint8_t major, std::uint64_t value) {
        const auto type = static_cast<std::uint8_t>(major << 5U);
        unsigned size = 0;  // bytes that follow
        if (value >= 24) size = 1;
        if (value > 0xFF) size = 2;
        if (value > 0xFFFF) size = 4;
        if (value > 0xFFFFFFFF) size = 8;
        constexpr std::array<std::uint8_t, 9> kInfo = {0, 24, 25, 0, 26, 0, 0, 0, 27};
        out_.push_back(size == 0 ? static_cast<std::uint8_t>(type | value)
                                 : static_cast<std::uint8_t>(type | kInfo[size]));
        for (unsigned i = size; i-- > 0;)
            out_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
        return *this;
    }

    Bytes out_;
};

// Keys and commands of draft-ietf-suit-manifest.
constexpr std::uint8_t kAuthentication = 2;
constexpr std::uint8_t kManifest = 3;
constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kSequence = 2;
constexpr std::uint8_t kCommon = 3;
constexpr std::uint8_t kValidate = 7;
constexpr std::uint8_t kInstall = 20;
constexpr std::uint8_t kComponents = 2;
constexpr std::uint8_t kShared = 4;

constexpr std::uint8_t kVendorIs = 1;
constexpr std::uint8_t kClassIs = 2;
constexpr std::uint8_t kImageMatches = 3;
constexpr std::uint8_t kSet = 20;
constexpr std::uint8_t kFetch = 21;

constexpr std::uint8_t kVendor = 1;
constexpr std::uint8_t kClass = 2;
constexpr std::uint8_t kDigest = 3;
constexpr std::uint8_t kSize = 14;
constexpr std::uint8_t kUri = 21;

constexpr std::uint8_t kReportAll = 15;
constexpr std::uint64_t kEnvelopeTag = 107;
constexpr std::uint64_t kSign1Tag = 18;
constexpr std::string_view kPayloadName = "#payload";

/// [SHA-256, its bytes]
Bytes digest_of(BytesView bytes) {
    std::array<std::uint8_t, crypto_hash_sha256_BYTES> digest{};
    crypto_hash_sha256(digest.data(), bytes.data(), bytes.size());
    constexpr std::uint64_t kSha256 = 15;  // -16
    return Cbor().array(2).negative(kSha256).bytes(digest).done();
}

/// Identifiers are 16 bytes that nobody else has.
BytesView identifier(const crypto::Digest& digest) { return BytesView(digest).first(16); }

crypto::Digest digest_of_text(std::string_view text) {
    const Bytes bytes(text.begin(), text.end());
    return crypto::digest(bytes);
}

Bytes shared_sequence(const bundle::Manifest& manifest, BytesView payload) {
    const bool classed = manifest.hardware != 0;
    const crypto::Digest vendor = digest_of_text("compotastic");
    std::array<std::uint8_t, 4> hardware{};
    for (std::size_t i = 0; i < hardware.size(); ++i)
        hardware[i] = static_cast<std::uint8_t>(manifest.hardware >> (8 * i));
    const crypto::Digest board = crypto::digest(hardware);
    Cbor out;
    out.array(classed ? 6 : 4).number(kSet).map(classed ? 4 : 3);
    out.number(kVendor).bytes(identifier(vendor));
    if (classed) out.number(kClass).bytes(identifier(board));
    out.number(kDigest).bytes(digest_of(payload));
    out.number(kSize).number(payload.size());
    out.number(kVendorIs).number(kReportAll);
    if (classed) out.number(kClassIs).number(kReportAll);
    return out.done();
}

Bytes manifest_of(const bundle::Manifest& manifest, BytesView payload) {
    const std::array<std::uint8_t, 1> component{manifest.component};
    Cbor common;
    common.map(2).number(kComponents).array(1).array(1).bytes(component);
    common.number(kShared).bytes(shared_sequence(manifest, payload));
    Cbor validate;
    validate.array(2).number(kImageMatches).number(kReportAll);
    Cbor install;
    install.array(6).number(kSet).map(1).number(kUri).text(kPayloadName);
    install.number(kFetch).number(kReportAll).number(kImageMatches).number(kReportAll);
    Cbor out;
    out.map(5).number(kVersion).number(1).number(kSequence).number(manifest.version);
    out.number(kCommon).bytes(common.done());
    out.number(kValidate).bytes(validate.done());
    out.number(kInstall).bytes(install.done());
    return out.done();
}

/// COSE_Sign1 over bytes that travel beside it.
Bytes signature_of(BytesView payload, const crypto::Key& seed) {
    constexpr std::uint64_t kAlgorithm = 1;
    constexpr std::uint64_t kEdDsa = 7;  // -8
    const Bytes header = Cbor().map(1).number(kAlgorithm).negative(kEdDsa).done();
    Cbor to_sign;
    to_sign.array(4).text("Signature1").bytes(header).bytes({}).bytes(payload);
    const auto signature = crypto::sign(seed, crypto::signing_public(seed), to_sign.done());
    return Cbor().tag(kSign1Tag).array(4).bytes(header).map(0).nil().bytes(signature).done();
}

}  // namespace

std::vector<std::uint8_t> suit_envelope(const Bundle& bundle, const crypto::Key& seed) {
    const Bytes manifest = manifest_of(bundle.manifest.manifest, bundle.payload);
    // The digest is of the manifest as it stands in the envelope, its length in front.
    const Bytes digest = digest_of(Cbor().bytes(manifest).done());
    const Bytes authentication =
        Cbor().array(2).bytes(digest).bytes(signature_of(digest, seed)).done();
    Cbor out;
    out.tag(kEnvelopeTag).map(3);
    out.number(kAuthentication).bytes(authentication);
    out.number(kManifest).bytes(manifest);
    out.text(kPayloadName).bytes(bundle.payload);
    return out.done();
}

}  // namespace compot::bundles
