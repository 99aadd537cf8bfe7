#include "edge/patch/maker.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string_view>

#include "core/base/random.hpp"
#include "core/bundle/applier.hpp"
#include "edge/patch/sample_firmware.hpp"

namespace compot::patch {
namespace {

using Image = std::vector<std::uint8_t>;

Image firmware(std::uint32_t base, std::uint32_t extra, std::uint64_t seed = 1) {
    SampleFirmware sample;
    sample.base = base;
    sample.extra = extra;
    sample.seed = seed;
    return sample.image();
}

TEST(Maker, a_function_that_grew_costs_little_more_than_its_new_code) {
    const Image old_image = firmware(0x8000000, 0);
    const Image new_image = firmware(0x8000000, 6);
    const auto patch = make_patch(old_image, new_image);
    ASSERT_TRUE(patch.ok());
    EXPECT_LT(patch->bytes.size(), patch->header_bytes + 12 + 20);
    EXPECT_EQ(*apply_patch(old_image, patch->bytes), new_image);
}

TEST(Maker, guesses_where_an_image_runs) {
    EXPECT_EQ(guess_base(firmware(0x8000000, 0)), 0x8000000U);
    EXPECT_EQ(guess_base(firmware(0x26000, 0)), 0x26000U);
    EXPECT_EQ(guess_base(Image(100, 7)), 0U);
}

TEST(Maker, round_trips_whatever_it_is_given) {
    constexpr std::uint64_t kSeed = 3;
    Random random(kSeed);
    for (int round = 0; round < 15; ++round) {
        Image old_image(1 + random.below(3000));
        for (auto& byte : old_image) byte = static_cast<std::uint8_t>(random.next32());
        Image new_image = old_image;
        for (std::uint32_t edits = random.below(12); edits > 0; --edits) {
            const auto at = static_cast<std::ptrdiff_t>(
                random.below(static_cast<std::uint32_t>(new_image.size())));
            const auto size = static_cast<std::ptrdiff_t>(std::min<std::size_t>(
                random.below(200), new_image.size() - static_cast<std::size_t>(at)));
            if (random.chance(300'000)) {
                new_image.erase(new_image.begin() + at, new_image.begin() + at + size);
            } else if (random.chance(500'000)) {
                const Image copy(new_image.begin() + at, new_image.begin() + at + size);
                new_image.insert(
                    new_image.begin() + static_cast<std::ptrdiff_t>(random.below(
                                            static_cast<std::uint32_t>(new_image.size()))),
                    copy.begin(), copy.end());
            } else {
                for (std::ptrdiff_t i = at; i < at + size; ++i)
                    new_image[static_cast<std::size_t>(i)] =
                        static_cast<std::uint8_t>(random.below(256));
            }
            if (new_image.empty()) new_image.push_back(1);
        }
        new_image.push_back(static_cast<std::uint8_t>(round));
        const auto patch = make_patch(old_image, new_image);
        ASSERT_TRUE(patch.ok()) << "seed=" << kSeed << " round=" << round;
        ASSERT_EQ(*apply_patch(old_image, patch->bytes), new_image);
    }
}

TEST(Maker, what_can_not_be_predicted_costs_no_more_than_itself) {
    Random random(5);
    Image old_image(20000);
    Image new_image(20000);
    for (auto& byte : old_image) byte = static_cast<std::uint8_t>(random.next32());
    for (auto& byte : new_image) byte = static_cast<std::uint8_t>(random.next32());
    const auto patch = make_patch(old_image, new_image);
    ASSERT_TRUE(patch.ok());
    EXPECT_LT(patch->bytes.size(), new_image.size() * 21 / 20);
}

TEST(Maker, weights_that_moved_a_little_cost_a_few_bits_each) {
    Random random(6);
    Image old_image(8000);
    for (auto& byte : old_image) byte = static_cast<std::uint8_t>(random.next32());
    Image new_image = old_image;
    for (auto& byte : new_image) byte = static_cast<std::uint8_t>(byte + random.below(3) - 1);
    const auto patch = make_patch(old_image, new_image);
    ASSERT_TRUE(patch.ok());
    EXPECT_GT(patch->zone_bytes, 7000U);
    EXPECT_LT(patch->bytes.size(), 8000U * 17 / 80);  // log2(3) = 1.58 bits a weight
}

/// Bytes that say nothing about each other.
Image noise(std::size_t size, std::uint64_t seed) {
    Random random(seed);
    Image image(size);
    for (auto& byte : image) byte = static_cast<std::uint8_t>(random.next32());
    return image;
}

TEST(Maker, weights_that_moved_in_a_few_columns_cost_what_those_do) {
    const Image old_image = noise(96 * 100, 7);
    Image new_image = old_image;
    Random random(8);
    for (std::size_t i = 0; i < new_image.size(); ++i)
        if (i % 96 % 12 == 5)
            new_image[i] = static_cast<std::uint8_t>(new_image[i] + random.below(15) - 7);
    const auto patch = make_patch(old_image, new_image);
    ASSERT_TRUE(patch.ok());
    // 800 weights of log2(15) bits, and a tenth of a bit for each of the others.
    EXPECT_LT(patch->bytes.size(), 800U * 4 / 8 + 8800 / 80 + 100);
    EXPECT_EQ(*apply_patch(old_image, patch->bytes), new_image);
}

TEST(Maker, differences_that_are_multiples_of_a_step_cost_no_more_than_small_ones) {
    const Image old_image = noise(8000, 9);
    Image fine = old_image;
    Image coarse = old_image;
    Random random(10);
    for (std::size_t i = 0; i < fine.size(); ++i) {
        const auto by = static_cast<int>(random.below(3)) - 1;
        fine[i] = static_cast<std::uint8_t>(fine[i] + by);
        coarse[i] = static_cast<std::uint8_t>(coarse[i] + by * 13);
    }
    const auto small = make_patch(old_image, fine);
    const auto large = make_patch(old_image, coarse);
    ASSERT_TRUE(small.ok() && large.ok());
    EXPECT_LT(large->bytes.size(), small->bytes.size() + 16);
    EXPECT_EQ(*apply_patch(old_image, large->bytes), coarse);
}

TEST(Maker, refuses_what_makes_no_patch) {
    const Image image(100, 1);
    EXPECT_EQ(make_patch(image, image).error(), Error::Refused);
    EXPECT_EQ(make_patch({}, image).error(), Error::Refused);
    EXPECT_EQ(make_patch(image, {}).error(), Error::Refused);
    const Image enormous(bundle::kImageBytesMax + 1);
    EXPECT_EQ(make_patch(image, enormous).error(), Error::TooBig);
}

TEST(Applier, refuses_another_base_a_short_patch_and_a_small_slot) {
    const Image old_image = firmware(0x8000000, 0);
    const auto patch = make_patch(old_image, firmware(0x8000000, 6));
    ASSERT_TRUE(patch.ok());
    Image other = old_image;
    other[1000] ^= 1;
    EXPECT_EQ(apply_patch(other, patch->bytes).error(), Error::Unknown);
    const auto applier = std::make_unique<bundle::Applier>();
    Image slot(100);
    EXPECT_EQ(applier->begin(old_image, patch->bytes, slot).error(), Error::TooBig);
    for (std::size_t size = 0; size < patch->bytes.size(); ++size) {
        const auto made = apply_patch(old_image, BytesView(patch->bytes).first(size));
        EXPECT_FALSE(made.ok()) << size;
    }
}

TEST(Applier, reads_the_example_of_the_format) {
    const auto bytes_of = [](std::string_view text) { return Image(text.begin(), text.end()); };
    const Image patch = {0xD0, 0x80, 0x80, 0x20, 0x23, 0x87, 0x40, 0x7B, 0x36, 0x04,
                         0xEF, 0x96, 0xA8, 0xF1, 0xEA, 0x54, 0x9C, 0xFF, 0xC3, 0xF9,
                         0xF0, 0xE8, 0x57, 0x01, 0x34, 0xCC, 0x79, 0x64};
    const auto made = apply_patch(bytes_of("Nobody reads this.\nNobody at all.\n"), patch);
    ASSERT_TRUE(made.ok());
    EXPECT_EQ(*made, bytes_of("Nobody reads this.\nNobody at Home.\n"));
}

TEST(Applier, accepts_no_altered_patch) {
    constexpr std::uint64_t kSeed = 11;
    Random random(kSeed);
    const Image old_image = firmware(0x8000000, 0);
    const Image new_image = firmware(0x8000000, 6, 2);
    const auto patch = make_patch(old_image, new_image);
    ASSERT_TRUE(patch.ok());
    for (int round = 0; round < 300; ++round) {
        Image altered = patch->bytes;
        for (std::uint32_t i = 0; i <= random.below(3); ++i)
            altered[random.below(static_cast<std::uint32_t>(altered.size()))] ^=
                static_cast<std::uint8_t>(1 + random.below(255));
        if (altered == patch->bytes) continue;
        ASSERT_FALSE(apply_patch(old_image, altered).ok())
            << "seed=" << kSeed << " round=" << round;
    }
}

TEST(Applier, any_block_size_and_a_cut_anywhere_give_the_same_image) {
    const Image old_image = firmware(0x8000000, 0);
    const Image new_image = firmware(0x8000000, 6, 2);
    const auto patch = make_patch(old_image, new_image);
    ASSERT_TRUE(patch.ok());
    const auto applier = std::make_unique<bundle::Applier>();
    Image slot(new_image.size(), 0xFF);
    for (std::size_t cut = 0; cut <= new_image.size(); cut += 37) {
        const std::size_t block_size = 4 + cut % 300;
        for (const std::size_t stop : {cut, new_image.size() + 1}) {
            ASSERT_TRUE(applier->begin(old_image, patch->bytes, slot).ok());
            Image block(block_size);
            std::size_t at = 0;
            while (at < stop) {
                const auto size = applier->next(block);
                ASSERT_TRUE(size.ok());
                if (*size == 0) break;
                std::copy_n(block.begin(), *size, slot.begin() + static_cast<std::ptrdiff_t>(at));
                at += *size;
            }
        }
        ASSERT_TRUE(applier->finish().ok());
        ASSERT_EQ(slot, new_image) << cut;
    }
}

}  // namespace
}  // namespace compot::patch
