#include "edge/scene/decode.hpp"

#include <spng.h>
#include <turbojpeg.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <string>

namespace compot::scene {

namespace {

constexpr std::array<std::uint8_t, 8> kPngMagic{0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
constexpr std::array<std::uint8_t, 3> kJpegMagic{0xFF, 0xD8, 0xFF};

template <std::size_t Size>
bool starts_with(BytesView file, const std::array<std::uint8_t, Size>& magic) {
    return file.size() >= Size && std::equal(magic.begin(), magic.end(), file.begin());
}

struct FreePng {
    void operator()(spng_ctx* context) const { spng_ctx_free(context); }
};

using Png = std::unique_ptr<spng_ctx, FreePng>;

struct FreeJpeg {
    void operator()(void* handle) const { tjDestroy(handle); }
};

using Jpeg = std::unique_ptr<void, FreeJpeg>;

Failure broken(const char* kind, const char* why) {
    return {Error::Malformed, std::string("damaged ") + kind + ": " + why};
}

Failure too_many_pixels(std::uint64_t width, std::uint64_t height) {
    return {Error::TooBig, "picture of " + std::to_string(width) + " x " + std::to_string(height) +
                               " pixels: at most 16 megapixels are accepted"};
}

/// 255 * 255 / 255 exactly, and the same on every machine.
std::uint8_t on_white(std::uint8_t colour, std::uint8_t alpha) {
    const unsigned blended = colour * unsigned{alpha} + 255U * (255U - alpha);
    return static_cast<std::uint8_t>((blended + 127U) / 255U);
}

Image without_alpha(int width, int height, const std::vector<std::uint8_t>& rgba) {
    Image image{width, height, {}};
    image.rgb.reserve(rgba.size() / 4 * 3);
    for (std::size_t at = 0; at < rgba.size(); at += 4) {
        for (std::size_t i = 0; i < 3; ++i) {
            image.rgb.push_back(on_white(rgba[at + i], rgba[at + 3]));
        }
    }
    return image;
}

Result<Image, Failure> decode_png(BytesView file) {
    const Png png{spng_ctx_new(0)};
    if (!png) return broken("PNG", "no memory for a decoder");
    // Profiles and texts are of no use here: one that unpacks to more than a file may hold is a
    // bomb.
    spng_set_chunk_limits(png.get(), kFileBytesMax, kFileBytesMax);
    spng_set_png_buffer(png.get(), file.data(), file.size());
    spng_ihdr header{};
    if (const int error = spng_get_ihdr(png.get(), &header); error != SPNG_OK) {
        return broken("PNG", spng_strerror(error));
    }
    const std::uint64_t pixels = std::uint64_t{header.width} * header.height;
    if (pixels > kPixelsMax) return too_many_pixels(header.width, header.height);
    std::vector<std::uint8_t> rgba(pixels * 4);
    if (const int error = spng_decode_image(png.get(), rgba.data(), rgba.size(), SPNG_FMT_RGBA8,
                                            SPNG_DECODE_TRNS);
        error != SPNG_OK) {
        return broken("PNG", spng_strerror(error));
    }
    if (const int error = spng_decode_chunks(png.get()); error != SPNG_OK) {
        return broken("PNG", spng_strerror(error));
    }
    return without_alpha(static_cast<int>(header.width), static_cast<int>(header.height), rgba);
}

Result<Image, Failure> decode_jpeg(BytesView file) {
    const Jpeg jpeg{tjInitDecompress()};
    if (!jpeg) return broken("JPEG", "no memory for a decoder");
    int width = 0;
    int height = 0;
    int subsampling = 0;
    int colours = 0;
    if (tjDecompressHeader3(jpeg.get(), file.data(), file.size(), &width, &height, &subsampling,
                            &colours) != 0) {
        return broken("JPEG", tjGetErrorStr2(jpeg.get()));
    }
    if (width <= 0 || height <= 0) return broken("JPEG", "no size in its header");
    const auto columns = static_cast<std::uint64_t>(width);
    const auto rows = static_cast<std::uint64_t>(height);
    if (columns * rows > kPixelsMax) return too_many_pixels(columns, rows);
    if (colours == TJCS_CMYK || colours == TJCS_YCCK) {
        return Failure{Error::Unsupported, "CMYK JPEG: save it as RGB"};
    }
    Image image{width, height, {}};
    image.rgb.resize(columns * rows * 3);
    // The accurate transform is the one that gives the same pixels with and without SIMD; a
    // warning means that the file is cut short, and a tower of scans is a bomb.
    constexpr int kFlags = TJFLAG_ACCURATEDCT | TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS;
    if (tjDecompress2(jpeg.get(), file.data(), file.size(), image.rgb.data(), width, 0, height,
                      TJPF_RGB, kFlags) != 0) {
        return broken("JPEG", tjGetErrorStr2(jpeg.get()));
    }
    return image;
}

}  // namespace

Result<Image, Failure> decode(BytesView file) {
    if (file.empty()) return Failure{Error::Malformed, "empty file: send a JPEG or PNG picture"};
    if (file.size() > kFileBytesMax) {
        return Failure{Error::TooBig, "file of " + std::to_string(file.size()) +
                                          " bytes: at most 8 MB are accepted"};
    }
    if (starts_with(file, kPngMagic)) return decode_png(file);
    if (starts_with(file, kJpegMagic)) return decode_jpeg(file);
    return Failure{Error::Unsupported, "file is neither JPEG nor PNG"};
}

std::vector<std::uint8_t> encode_png(const Image& image) {
    COMPOT_CHECK(image.whole());
    COMPOT_CHECK(image.rgb.size() <= kPixelsMax * 3);
    const Png png{spng_ctx_new(SPNG_CTX_ENCODER)};
    COMPOT_CHECK(png != nullptr);
    spng_ihdr header{};
    header.width = static_cast<std::uint32_t>(image.width);
    header.height = static_cast<std::uint32_t>(image.height);
    header.bit_depth = 8;
    header.color_type = SPNG_COLOR_TYPE_TRUECOLOR;
    spng_set_option(png.get(), SPNG_ENCODE_TO_BUFFER, 1);
    COMPOT_CHECK(spng_set_ihdr(png.get(), &header) == SPNG_OK);
    COMPOT_CHECK(spng_encode_image(png.get(), image.rgb.data(), image.rgb.size(), SPNG_FMT_PNG,
                                   SPNG_ENCODE_FINALIZE) == SPNG_OK);
    std::size_t size = 0;
    int error = 0;
    const std::unique_ptr<void, decltype(&std::free)> bytes{
        spng_get_png_buffer(png.get(), &size, &error), &std::free};
    COMPOT_CHECK(bytes != nullptr);
    const auto* first = static_cast<const std::uint8_t*>(bytes.get());
    return {first, first + size};
}

std::vector<std::uint8_t> encode_jpeg(const Image& image, int quality) {
    COMPOT_CHECK(image.whole());
    COMPOT_CHECK(image.rgb.size() <= kPixelsMax * 3);
    const Jpeg jpeg{tjInitCompress()};
    COMPOT_CHECK(jpeg != nullptr);
    std::vector<std::uint8_t> file(tjBufSize(image.width, image.height, TJSAMP_420));
    unsigned char* bytes = file.data();
    unsigned long size = file.size();
    // The accurate transform gives the same bytes with and without SIMD.
    COMPOT_CHECK(tjCompress2(jpeg.get(), image.rgb.data(), image.width, 0, image.height, TJPF_RGB,
                             &bytes, &size, TJSAMP_420, quality,
                             TJFLAG_ACCURATEDCT | TJFLAG_NOREALLOC) == 0);
    file.resize(size);
    return file;
}

}  // namespace compot::scene
