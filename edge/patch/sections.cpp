#include "edge/patch/sections.hpp"

#include <algorithm>
#include <array>

#include "core/base/bytes.hpp"
#include "edge/patch/zones.hpp"

namespace compot::patch {

namespace {

constexpr std::array<std::uint8_t, 6> kElf32 = {0x7F, 'E', 'L', 'F', 1, 1};
constexpr std::size_t kSectionsMax = 4096;

// SOURCE: Tool Interface Standard, "Executable and Linking Format", version 1.2.
struct Header {
    std::uint32_t segments_at, sections_at;
    std::uint16_t segment_size, segments, section_size, sections, names;
};

struct Segment {
    std::uint32_t type, offset, virtual_address, physical_address, file_size;
};

struct ElfSection {
    std::uint32_t name, type, flags, address, offset, size;
};

Header read_header(BytesView elf) {
    constexpr std::size_t kBeforeOffsets = 28;
    ByteReader in(elf.subspan(kBeforeOffsets));
    Header header{};
    header.segments_at = in.u32();
    header.sections_at = in.u32();
    static_cast<void>(in.take(4 + 2));
    header.segment_size = in.u16();
    header.segments = in.u16();
    header.section_size = in.u16();
    header.sections = in.u16();
    header.names = in.u16();
    return header;
}

/// The words of one entry of a table; zeros where the file ends.
template <std::size_t Words>
std::array<std::uint32_t, Words> entry(BytesView elf, std::uint32_t at, std::size_t size,
                                       std::size_t index) {
    std::array<std::uint32_t, Words> words{};
    const std::size_t start = at + size * index;
    if (start > elf.size()) return words;
    ByteReader in(elf.subspan(start));
    for (std::uint32_t& word : words) word = in.u32();
    return words;
}

std::string name_at(BytesView elf, std::size_t at) {
    std::string name;
    while (at < elf.size() && elf[at] != 0 && name.size() < 64)
        name.push_back(static_cast<char>(elf[at++]));
    return name;
}

}  // namespace

Result<std::vector<Section>> sections_of_elf(BytesView elf) {
    constexpr std::size_t kHeaderBytes = 52;
    if (elf.size() < kElf32.size() || !std::equal(kElf32.begin(), kElf32.end(), elf.begin()))
        return Error::Unsupported;
    if (elf.size() < kHeaderBytes) return Error::Truncated;
    const Header header = read_header(elf);
    if (header.sections > kSectionsMax || header.sections == 0) return Error::Unsupported;
    if (std::size_t{header.sections_at} + std::size_t{header.section_size} * header.sections >
        elf.size())
        return Error::Truncated;
    const std::uint32_t names =
        entry<5>(elf, header.sections_at, header.section_size, header.names)[4];
    std::vector<Section> found;
    for (std::size_t i = 0; i < header.sections; ++i) {
        const auto words = entry<6>(elf, header.sections_at, header.section_size, i);
        const ElfSection section{words[0], words[1], words[2], words[3], words[4], words[5]};
        constexpr std::uint32_t kNoBits = 8;
        constexpr std::uint32_t kAllocated = 2;
        if (section.type == kNoBits || (section.flags & kAllocated) == 0 || section.size == 0)
            continue;
        std::uint32_t address = section.address;
        for (std::size_t j = 0; j < header.segments; ++j) {
            const auto fields = entry<5>(elf, header.segments_at, header.segment_size, j);
            const Segment segment{fields[0], fields[1], fields[2], fields[3], fields[4]};
            if (segment.type == 1 && section.offset >= segment.offset &&
                section.offset - segment.offset < segment.file_size)
                address = segment.physical_address + (section.offset - segment.offset);
        }
        found.push_back({name_at(elf, std::size_t{names} + section.name), address, section.size});
    }
    if (found.empty()) return Error::Unsupported;
    std::sort(found.begin(), found.end(),
              [](const Section& a, const Section& b) { return a.start < b.start; });
    const std::uint32_t first = found.front().start;
    for (Section& section : found) section.start -= first;
    return found;
}

std::vector<Section> guess_sections(BytesView image) {
    std::vector<Section> found;
    std::uint32_t end = 0;
    const auto add = [&](const char* name, std::uint32_t until) {
        if (until > end) found.push_back({name, end, until - end});
        end = std::max(end, until);
    };
    constexpr std::uint32_t kNear = 64;  // what stands between tables of one net is part of it
    for (const bundle::Zone& table : find_nets(image)) {
        if (table.start > end + kNear || found.empty() || found.back().name != "net")
            add("code and data", table.start);
        add("net", table.start + table.length);
    }
    add("code and data", static_cast<std::uint32_t>(image.size()));
    return found;
}

}  // namespace compot::patch
