#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

/// The first bytes of a patch: for which base it is and what comes out. See
/// doc/patch-format.md.

namespace compot::bundle {

struct PatchHeader {
    static constexpr std::size_t kBytesMax = 24;

    std::uint32_t base = 0;  ///< address at which the image runs, a multiple of 256
    std::uint32_t new_size = 0;
    std::array<std::uint8_t, 4> old_check{};  ///< of the old image's BLAKE2b-256
    std::array<std::uint8_t, 8> new_check{};  ///< of the new one's

    /// Takes the header off `in`. ERRORS: Truncated, Unsupported (another format), TooBig.
    [[nodiscard]] static Result<PatchHeader> read(ByteReader& in);
    void write(ByteWriter& out) const;
};

}  // namespace compot::bundle
