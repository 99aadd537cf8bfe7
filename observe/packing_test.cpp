#include "observe/packing.hpp"

#include <gtest/gtest.h>

#include "core/base/doc_bytes_test.hpp"
#include "observe/memory_bytes.hpp"

namespace compot::observe {
namespace {

/// Lines that are alike, as a recording's are.
std::string lines(int count) {
    std::string text;
    for (int i = 0; i < count; ++i)
        text += "{\"e\":\"node\",\"t\":" + std::to_string(i * 7919) + ",\"mood\":\"working\"}\n";
    return text;
}

std::string packed(const std::string& text) {
    MemoryBytes memory;
    Packer packer(memory);
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t end = text.find('\n', at) + 1;
        EXPECT_TRUE(packer.write(std::string_view(text).substr(at, end - at)));
        at = end;
    }
    EXPECT_TRUE(packer.finish());
    return memory.text;
}

/// The fenced block "json NAME".
std::string doc_text(const std::string& path, const std::string& name) {
    std::ifstream file(path);
    std::string text;
    bool inside = false;
    for (std::string line; std::getline(file, line);) {
        if (inside && line == "```") return text;
        if (inside) text += line + '\n';
        inside = inside || line == "```json " + name;
    }
    return "no such block";
}

TEST(Packing, gives_back_what_it_was_given_and_is_small) {
    const std::string text = lines(5000);
    const std::string bytes = packed(text);
    EXPECT_TRUE(is_packed(bytes));
    EXPECT_LT(bytes.size() * 8, text.size());
    const Unpacked unpacked = unpack(bytes, text.size());
    EXPECT_EQ(unpacked.end, Unpacked::End::Whole);
    EXPECT_TRUE(unpacked.text == text);
    EXPECT_EQ(packed(text), bytes) << "the same text gives the same bytes";
    EXPECT_FALSE(is_packed(text));
    EXPECT_FALSE(is_packed(""));
}

TEST(Packing, is_what_its_document_shows) {
    MemoryBytes plain;
    Recorder recorder(plain, {"tiny", 7, "", 25, Source::Live, {}});
    recorder.finish(Time{1s}, "done", "");
    const std::string bytes = packed(plain.text);
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): text as bytes
    const auto* begin = reinterpret_cast<const std::uint8_t*>(bytes.data());
    EXPECT_EQ(hex({begin, bytes.size()}), doc_bytes("doc/recording.md", "tiny"));
    EXPECT_EQ(plain.text, doc_text("doc/recording.md", "tiny"));
}

TEST(Packing, cut_anywhere_whole_lines_from_the_beginning_are_left) {
    const std::string text = lines(3000);
    const std::string bytes = packed(text);
    std::size_t most = 0;
    for (std::size_t size = 4; size < bytes.size(); size += 11) {
        const Unpacked unpacked = unpack(bytes.substr(0, size), text.size());
        EXPECT_EQ(unpacked.end, Unpacked::End::CutOff) << size;
        EXPECT_EQ(text.compare(0, unpacked.text.size(), unpacked.text), 0) << size;
        EXPECT_TRUE(unpacked.text.empty() || unpacked.text.back() == '\n') << size;
        EXPECT_GE(unpacked.text.size(), most) << "more bytes, more text";
        most = unpacked.text.size();
    }
    EXPECT_GT(most + 40'000, text.size());
}

TEST(Packing, says_where_it_is_damaged) {
    const std::string text = lines(3000);
    std::string bytes = packed(text);
    EXPECT_EQ(unpack(bytes, text.size() - 1).end, Unpacked::End::Damaged) << "too long";
    EXPECT_EQ(unpack(bytes + "x", text.size()).end, Unpacked::End::Damaged) << "something follows";
    int noticed = 0;
    for (std::size_t at = 4; at < bytes.size(); at += 97) {
        std::string hurt = bytes;
        hurt[at] = static_cast<char>(hurt[at] ^ 0x55);
        const Unpacked unpacked = unpack(hurt, 2 * text.size());
        if (unpacked.end != Unpacked::End::Whole) ++noticed;
        EXPECT_TRUE(unpacked.end != Unpacked::End::Whole || unpacked.text == text) << at;
    }
    EXPECT_GT(noticed, 10);
}

TEST(Packing, stops_at_a_full_disk) {
    MemoryBytes memory;
    memory.room = 500;
    Packer packer(memory);
    bool kept = true;
    for (int i = 0; i < 3000 && kept; ++i) kept = packer.write(lines(40));
    EXPECT_FALSE(kept);
    EXPECT_FALSE(packer.write("more"));
    EXPECT_FALSE(packer.finish());
    EXPECT_LE(memory.text.size(), 500U);
}

}  // namespace
}  // namespace compot::observe
