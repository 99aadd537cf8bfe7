#include "edge/patch/inspect.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "edge/patch/sample_firmware.hpp"

namespace compot::patch {
namespace {

double sum(const std::array<double, Spending::kAccounts>& bits) {
    return std::accumulate(bits.begin(), bits.end(), 0.0);
}

TEST(Inspect, says_the_same_as_the_maker_and_all_bytes_are_accounted_for) {
    SampleFirmware sample;
    const auto old_image = sample.image();
    sample.extra = 30;
    const auto new_image = sample.image();
    const auto made = make_patch(old_image, new_image);
    ASSERT_TRUE(made.ok());
    const auto read = inspect_patch(old_image, made->bytes);
    ASSERT_TRUE(read.ok());
    for (std::size_t i = 0; i < Spending::kAccounts; ++i)
        EXPECT_NEAR(read->spending.bits[i], made->spending.bits[i], 0.01);
    EXPECT_EQ(read->pieces, made->pieces);
    EXPECT_EQ(read->fresh_bytes, made->fresh_bytes);
    EXPECT_EQ(read->header_bytes, made->header_bytes);
    const double bytes = sum(read->spending.bits) / 8 + static_cast<double>(read->header_bytes);
    EXPECT_NEAR(bytes, static_cast<double>(made->bytes.size()), 2);
}

TEST(Inspect, names_sections_and_refuses_another_base) {
    SampleFirmware sample;
    const auto old_image = sample.image();
    sample.extra = 30;
    const auto new_image = sample.image();
    const auto made = make_patch(old_image, new_image);
    const auto half = static_cast<std::uint32_t>(new_image.size() / 4);
    const auto rest = static_cast<std::uint32_t>(new_image.size()) - half;
    const auto read =
        inspect_patch(old_image, made->bytes, {{"first", 0, half}, {"rest", half, rest}});
    ASSERT_TRUE(read.ok());
    ASSERT_EQ(read->spending.sections.size(), 2U);
    // The new code stands in the middle.
    EXPECT_LT(sum(read->spending.sections[0].bits), sum(read->spending.sections[1].bits));
    EXPECT_EQ(inspect_patch(new_image, made->bytes).error(), Error::Unknown);
}

/// The least ELF file with two sections that objcopy would copy: .text and .data, whose load
/// address is behind .text.
std::vector<std::uint8_t> elf() {
    std::vector<std::uint8_t> file(52);
    const std::array<std::uint8_t, 6> magic = {0x7F, 'E', 'L', 'F', 1, 1};
    std::copy(magic.begin(), magic.end(), file.begin());
    const auto put = [&](std::size_t at, std::uint32_t value, unsigned size) {
        for (unsigned i = 0; i < size; ++i)
            file[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
    };
    const auto add = [&](std::initializer_list<std::uint32_t> words) {
        for (const std::uint32_t word : words)
            for (unsigned i = 0; i < 4; ++i)
                file.push_back(static_cast<std::uint8_t>(word >> (8 * i)));
    };
    // One segment of .data: file offset 0x2000, runs at 0x20000000, lies at 0x8000100.
    add({1, 0x2000, 0x20000000, 0x8000100, 0x40, 0x40, 6, 4});
    const auto names = static_cast<std::uint32_t>(file.size());
    for (const char letter :
         {'\0', '.', 't', 'e', 'x', 't', '\0', '.', 'd', 'a', 't', 'a', '\0', '\0', '\0', '\0'})
        file.push_back(static_cast<std::uint8_t>(letter));
    const auto sections = static_cast<std::uint32_t>(file.size());
    add({0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    add({1, 1, 6, 0x8000000, 0x1000, 0x100, 0, 0, 4, 0});
    add({7, 1, 3, 0x20000000, 0x2000, 0x40, 0, 0, 4, 0});
    add({0, 3, 0, 0, names, 16, 0, 0, 1, 0});
    put(28, 52, 4);
    put(32, sections, 4);
    put(42, 32, 2);
    put(44, 1, 2);
    put(46, 40, 2);
    put(48, 4, 2);
    put(50, 3, 2);
    return file;
}

TEST(Sections, of_an_elf_file_lie_where_objcopy_puts_them) {
    const auto sections = sections_of_elf(elf());
    ASSERT_TRUE(sections.ok());
    ASSERT_EQ(sections->size(), 2U);
    EXPECT_EQ((*sections)[0].name, ".text");
    EXPECT_EQ((*sections)[0].start, 0U);
    EXPECT_EQ((*sections)[0].length, 0x100U);
    EXPECT_EQ((*sections)[1].name, ".data");
    EXPECT_EQ((*sections)[1].start, 0x100U);
}

TEST(Sections, refuses_what_is_no_elf_file_and_every_cut) {
    const auto file = elf();
    for (std::size_t size = 0; size < file.size(); ++size)
        EXPECT_FALSE(sections_of_elf(BytesView(file).first(size)).ok());
    EXPECT_EQ(sections_of_elf(std::vector<std::uint8_t>(100, 1)).error(), Error::Unsupported);
}

}  // namespace
}  // namespace compot::patch
