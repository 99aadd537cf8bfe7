#include "edge/scene/decode.hpp"

#include <gtest/gtest.h>
#include <turbojpeg.h>

#include <cstdlib>
#include <string>

#include "core/base/random.hpp"

namespace compot::scene {
namespace {

Image noise(int width, int height, std::uint64_t seed) {
    Random random{seed};
    Image image{width, height, {}};
    for (int i = 0; i < width * height * 3; ++i) {
        image.rgb.push_back(static_cast<std::uint8_t>(random.below(256)));
    }
    return image;
}

std::vector<std::uint8_t> jpeg_of(const Image& image) {
    const tjhandle handle = tjInitCompress();
    unsigned char* bytes = nullptr;
    unsigned long size = 0;
    tjCompress2(handle, image.rgb.data(), image.width, 0, image.height, TJPF_RGB, &bytes, &size,
                TJSAMP_444, 95, 0);
    std::vector<std::uint8_t> file(bytes, bytes + size);
    tjFree(bytes);
    tjDestroy(handle);
    return file;
}

void set_png_size(std::vector<std::uint8_t>& png, std::uint32_t width) {
    for (std::size_t i = 0; i < 4; ++i) {
        png[16 + i] = static_cast<std::uint8_t>(width >> (24 - 8 * i));
    }
    // The chunk's CRC covers its type and data: 17 bytes from offset 12.
    std::uint32_t crc = 0xFFFFFFFF;
    for (std::size_t i = 12; i < 29; ++i) {
        crc ^= png[i];
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) * 0xEDB88320U);
    }
    crc = ~crc;
    for (std::size_t i = 0; i < 4; ++i) {
        png[29 + i] = static_cast<std::uint8_t>(crc >> (24 - 8 * i));
    }
}

TEST(Decode, gives_a_png_back_pixel_by_pixel) {
    for (const auto& [width, height] : {std::pair{1, 1}, {3, 7}, {96, 96}, {257, 5}}) {
        const Image image = noise(width, height, 7);
        const auto back = decode(encode_png(image));
        ASSERT_TRUE(back.ok()) << back.error().sentence;
        EXPECT_EQ(back->width, width);
        EXPECT_EQ(back->height, height);
        EXPECT_EQ(back->rgb, image.rgb);
    }
}

TEST(Decode, reads_a_jpeg_nearly_as_it_was) {
    Image image{32, 16, {}};
    for (int y = 0; y < 16; ++y) {
        for (int x = 0; x < 32; ++x) {
            for (const int level : {x * 8, y * 16, 128}) {
                image.rgb.push_back(static_cast<std::uint8_t>(level));
            }
        }
    }
    const auto back = decode(jpeg_of(image));
    ASSERT_TRUE(back.ok()) << back.error().sentence;
    ASSERT_TRUE(back->whole());
    EXPECT_EQ(back->width, 32);
    for (std::size_t i = 0; i < image.rgb.size(); ++i) EXPECT_NEAR(back->rgb[i], image.rgb[i], 12);
}

TEST(Decode, says_why_it_refuses_what_is_no_picture) {
    const std::string text = "GIF89a, or so it says";
    const std::vector<std::uint8_t> gif(text.begin(), text.end());
    EXPECT_EQ(decode(gif).error().cause, Error::Unsupported);
    EXPECT_EQ(decode(gif).error().sentence, "file is neither JPEG nor PNG");
    EXPECT_EQ(decode({}).error().cause, Error::Malformed);
}

TEST(Decode, refuses_a_file_past_the_limit_whatever_it_holds) {
    std::vector<std::uint8_t> file = encode_png(noise(4, 4, 1));
    file.resize(kFileBytesMax + 1);
    EXPECT_EQ(decode(file).error().cause, Error::TooBig);
}

TEST(Decode, refuses_a_header_that_claims_too_many_pixels_before_taking_memory) {
    std::vector<std::uint8_t> png = encode_png(noise(4, 4, 1));
    set_png_size(png, 0x00FFFFFF);
    EXPECT_EQ(decode(png).error().cause, Error::TooBig);
    EXPECT_NE(decode(png).error().sentence.find("16777215 x 4"), std::string::npos);

    std::vector<std::uint8_t> jpeg = jpeg_of(noise(16, 16, 1));
    for (std::size_t at = 2; at + 9 < jpeg.size(); ++at) {
        if (jpeg[at] == 0xFF && jpeg[at + 1] == 0xC0) {  // start of frame: height, then width
            jpeg[at + 5] = jpeg[at + 6] = jpeg[at + 7] = jpeg[at + 8] = 0xF0;
            break;
        }
    }
    EXPECT_EQ(decode(jpeg).error().cause, Error::TooBig);
}

TEST(Decode, refuses_every_truncation) {
    for (const auto& whole : {encode_png(noise(9, 9, 3)), jpeg_of(noise(9, 9, 3))}) {
        // The last four bytes are a PNG's last checksum, or a JPEG's end marker: the pixels are
        // complete without them.
        for (std::size_t size = 0; size + 4 < whole.size(); ++size) {
            const auto result = decode(BytesView{whole}.first(size));
            ASSERT_FALSE(result.ok()) << size << " of " << whole.size();
            EXPECT_EQ(result.error().sentence.find('\n'), std::string::npos);
        }
    }
}

TEST(Decode, survives_flipped_bits) {
    constexpr std::uint64_t kSeed = 11;
    RecordProperty("seed", static_cast<int>(kSeed));
    Random random{kSeed};
    for (const auto& whole : {encode_png(noise(12, 12, 3)), jpeg_of(noise(12, 12, 3))}) {
        for (int round = 0; round < 2000; ++round) {
            auto file = whole;
            const auto bit = random.below(static_cast<std::uint32_t>(file.size() * 8));
            file[bit / 8] = static_cast<std::uint8_t>(file[bit / 8] ^ (1U << (bit % 8)));
            const auto result = decode(file);
            EXPECT_TRUE(!result.ok() || result->whole());
        }
    }
}

TEST(Decode, blends_what_is_transparent_on_white) {
    // 1 x 1, RGBA (0, 0, 0, 0), made with Python's zlib: no encoder of ours is involved.
    const std::vector<std::uint8_t> png{
        0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00, 0x00, 0x00, 0x0D, 0x49, 0x48,
        0x44, 0x52, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x06, 0x00, 0x00,
        0x00, 0x1F, 0x15, 0xC4, 0x89, 0x00, 0x00, 0x00, 0x0B, 0x49, 0x44, 0x41, 0x54, 0x78,
        0x9C, 0x63, 0x60, 0x00, 0x02, 0x00, 0x00, 0x05, 0x00, 0x01, 0x7A, 0x5E, 0xAB, 0x3F,
        0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82};
    const auto image = decode(png);
    ASSERT_TRUE(image.ok()) << image.error().sentence;
    EXPECT_EQ(image->rgb, (std::vector<std::uint8_t>{255, 255, 255}));
}

}  // namespace
}  // namespace compot::scene
