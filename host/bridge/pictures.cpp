#include "host/bridge/pictures.hpp"

#include <algorithm>

#include "core/base/check.hpp"
#include "core/crypto/crypto.hpp"

namespace compot::bridge {

namespace {

constexpr std::uint16_t kCertain = 1000;

/// A name goes into logs and pages.
bool is_plain(std::uint8_t byte) { return byte >= 0x20 && byte < 0x7F; }

BytesView part_of(const Description& description, BytesView jpeg, std::size_t number) {
    const std::size_t from = number * description.piece_bytes;
    return jpeg.subspan(from, std::min<std::size_t>(description.piece_bytes, jpeg.size() - from));
}

}  // namespace

Description describe(BytesView jpeg, std::size_t piece_bytes) {
    COMPOT_CHECK(!jpeg.empty() && jpeg.size() <= kPictureBytesMax);
    COMPOT_CHECK(piece_bytes >= kPieceBytesMin && piece_bytes <= kPieceBytesMax);
    return {static_cast<std::uint32_t>(jpeg.size()), crypto::digest64(jpeg),
            static_cast<std::uint16_t>(piece_bytes)};
}

Result<Description> parse_description(BytesView body) {
    const auto description = parse<Description>(body);
    if (!description) return description;
    if (description->bytes > kPictureBytesMax) return Error::TooBig;
    if (description->bytes == 0 || description->piece_bytes < kPieceBytesMin ||
        description->piece_bytes > kPieceBytesMax)
        return Error::Malformed;
    return description;
}

std::size_t pieces_of(const Description& description) {
    return (description.bytes + std::size_t{description.piece_bytes} - 1) / description.piece_bytes;
}

ByteString piece_of(const Description& description, BytesView jpeg, std::size_t number) {
    COMPOT_CHECK(jpeg.size() == description.bytes && number < pieces_of(description));
    const BytesView part = part_of(description, jpeg, number);
    return {part.begin(), part.end()};
}

bool looks_like_jpeg(BytesView file) {
    return file.size() > 3 && file[0] == 0xFF && file[1] == 0xD8 && file[2] == 0xFF;
}

Parcel::Parcel(const Description& description)
    : description_(description),
      bytes_(description.bytes),
      come_(pieces_of(description)),
      missing_(come_.size()) {}

Status Parcel::put(std::size_t number, BytesView bytes) {
    if (number >= come_.size()) return Error::Malformed;
    if (bytes.size() != part_of(description_, bytes_, number).size()) return Error::Malformed;
    if (come_[number]) return {};
    std::copy(bytes.begin(), bytes.end(),
              bytes_.begin() + static_cast<std::ptrdiff_t>(number * description_.piece_bytes));
    come_[number] = true;
    --missing_;
    return {};
}

ByteString Parcel::lacking() const {
    ByteString numbers;
    for (std::size_t i = 0; i < come_.size(); ++i) {
        if (!come_[i]) numbers.push_back(static_cast<std::uint8_t>(i));
    }
    return numbers;
}

Result<ByteString> Parcel::open() const {
    COMPOT_CHECK(whole());
    if (crypto::digest64(bytes_) != description_.digest) return Error::Forged;
    if (!looks_like_jpeg(bytes_)) return Error::Unsupported;
    return bytes_;
}

ByteString encode_scene(const scene::Scene& scene) {
    Sight sight;
    sight.what = static_cast<std::uint8_t>(scene.what);
    sight.confidence_permille = std::min(scene.confidence_permille, kCertain);
    for (const char letter : scene.backend.substr(0, kBackendBytesMax)) {
        const auto byte = static_cast<std::uint8_t>(letter);
        sight.backend.push_back(is_plain(byte) ? byte : std::uint8_t{'?'});
    }
    return encode(sight);
}

Result<scene::Scene> parse_scene(BytesView answer) {
    const auto sight = parse<Sight>(answer);
    if (!sight) return sight.error();
    const bool sane = sight->what < learn::kTileClasses && sight->confidence_permille <= kCertain &&
                      !sight->backend.empty() && sight->backend.size() <= kBackendBytesMax &&
                      std::all_of(sight->backend.begin(), sight->backend.end(), is_plain);
    if (!sane) return Error::Malformed;
    scene::Scene scene;
    scene.what = static_cast<learn::TileClass>(sight->what);
    scene.confidence_permille = sight->confidence_permille;
    scene.backend.assign(sight->backend.begin(), sight->backend.end());
    return scene;
}

}  // namespace compot::bridge
