#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/crypto/crypto.hpp"

/// The first bytes of a patch: for which base it is, and the seal by which one believes what comes
/// out. See doc/patch-format.md.

namespace compot::bundle {

struct PatchHeader {
    static constexpr std::size_t kBytesMax = 24;

    std::uint32_t base = 0;  ///< address at which the image runs, a multiple of 256
    std::uint32_t new_size = 0;
    std::array<std::uint8_t, 4> old_check{};  ///< of the old image's BLAKE2b-256
    std::array<std::uint8_t, 8> seal{};       ///< ends the header

    /// Takes the header off `in`. ERRORS: Truncated, Unsupported (another format), TooBig.
    [[nodiscard]] static Result<PatchHeader> read(ByteReader& in);
    void write(ByteWriter& out) const;
};

/// The seal of a patch: over both images and over the patch's own bytes before and after it, so
/// that nothing in a patch can be altered.
[[nodiscard]] std::array<std::uint8_t, 8> seal_of(const crypto::Digest& old_image,
                                                  const crypto::Digest& new_image, BytesView head,
                                                  BytesView body);

}  // namespace compot::bundle
