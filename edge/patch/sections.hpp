#pragma once

#include <string>
#include <vector>

#include "core/base/containers.hpp"
#include "core/base/result.hpp"

/// Names for parts of an image, so that people see where a patch's bytes go.

namespace compot::patch {

struct Section {
    std::string name;
    std::uint32_t start = 0;  ///< in the image
    std::uint32_t length = 0;
};

/// The sections that `objcopy -O binary` put into the image, of its ELF file (32 bits, little
/// endian). ERRORS: Unsupported (no such ELF file), Truncated.
[[nodiscard]] Result<std::vector<Section>> sections_of_elf(BytesView elf);

/// Without an ELF file: the nets of doc/net-format.md, and what lies between them.
[[nodiscard]] std::vector<Section> guess_sections(BytesView image);

}  // namespace compot::patch
