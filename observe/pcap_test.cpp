#include "observe/pcap.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "observe/memory_bytes.hpp"

namespace compot::observe {
namespace {

constexpr LoraTapTerms kLongFast{869'525'000, 250'000, 11};
constexpr std::size_t kFileHeader = 24;
constexpr std::size_t kRecordHeader = 16;

std::string hex(std::string_view bytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

TEST(Pcap, begins_with_the_magic_version_2_4_and_link_type_270) {
    MemoryBytes memory;
    const PcapWriter writer(memory, kLongFast);
    EXPECT_EQ(hex(memory.text), "d4c3b2a1020004000000000000000000ffff00000e010000");
    EXPECT_FALSE(writer.failed());
}

TEST(Pcap, a_frame_has_its_time_its_length_twice_and_the_tap_before_its_bytes) {
    MemoryBytes memory;
    PcapWriter writer(memory, kLongFast);
    const std::array<std::uint8_t, 3> frame = {0xff, 0x00, 0x2a};
    writer.frame(Time{3'000'007us}, frame);
    const std::string record = memory.text.substr(kFileHeader);
    EXPECT_EQ(hex(record.substr(0, kRecordHeader)), "03000000070000001200000012000000");
    EXPECT_EQ(hex(record.substr(kRecordHeader)), "0000000f33d3e608020bffffff002bff002a");
}

TEST(Pcap, a_narrow_band_is_told_as_one_step_rather_than_none) {
    MemoryBytes memory;
    PcapWriter writer(memory, {433'000'000, 62'500, 7});
    writer.frame(Time{}, {});
    EXPECT_EQ(memory.text.at(kFileHeader + kRecordHeader + 8), 1);
}

TEST(Pcap, says_when_bytes_could_not_be_kept_and_writes_none_after) {
    MemoryBytes memory;
    memory.room = kFileHeader + 10;
    PcapWriter writer(memory, kLongFast);
    writer.frame(Time{1s}, {});
    EXPECT_TRUE(writer.failed());
    memory.room = SIZE_MAX;
    writer.frame(Time{2s}, {});
    EXPECT_EQ(memory.text.size(), kFileHeader);
}

}  // namespace
}  // namespace compot::observe
