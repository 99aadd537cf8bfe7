#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/containers.hpp"
#include "core/base/result.hpp"
#include "edge/scene/failure.hpp"
#include "edge/scene/image.hpp"

/// Files that hold a picture, to and from memory: JPEG and PNG, in and out. The decoders are
/// libturbojpeg and libspng; what a file claims about itself is checked against the limits before
/// any memory is taken for it.

namespace compot::scene {

inline constexpr std::size_t kFileBytesMax = 8 * 1024 * 1024;
inline constexpr std::uint64_t kPixelsMax = 16'000'000;

/// The first frame of a JPEG or PNG file as RGB; what is transparent in a PNG is blended on white.
///
/// ERRORS: TooBig past the limits; Unsupported for a file that is neither JPEG nor PNG, or a CMYK
/// JPEG; Malformed for one that is damaged or cut short.
[[nodiscard]] Result<Image, Failure> decode(BytesView file);

/// REQUIRES: image.whole() and at most kPixelsMax pixels.
[[nodiscard]] std::vector<std::uint8_t> encode_png(const Image& image);

/// `quality` as libjpeg's, 1..100; colours in half the resolution. REQUIRES: as encode_png().
[[nodiscard]] std::vector<std::uint8_t> encode_jpeg(const Image& image, int quality);

}  // namespace compot::scene
