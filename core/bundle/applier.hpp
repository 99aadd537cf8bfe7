#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/base/containers.hpp"
#include "core/base/result.hpp"
#include "core/bundle/delta_codec.hpp"
#include "core/bundle/patch_header.hpp"
#include "core/bundle/range_coder.hpp"

/// Makes the new image from the old one and a patch, strictly in sequence, in the memory of this
/// object whatever the patch says. Believes nothing before finish(): until then the bytes are worth
/// nothing. It writes nowhere itself; after a power cut the caller begins again and gets the same
/// bytes.

namespace compot::bundle {

class Applier {
public:
    /// `slot` is where the caller puts the blocks and where they can be read back, and at least as
    /// big as the new image. All three stay in place until finish().
    /// ERRORS: Truncated, Malformed, Unsupported, TooBig (also: for the slot), Unknown (the patch
    /// is for another base).
    /// COST: 40 instructions for each byte of the old image (its digest).
    [[nodiscard]] Status begin(BytesView old_image, BytesView patch, BytesView slot);

    [[nodiscard]] std::uint32_t new_size() const { return header_.new_size; }

    /// Fills `block` with the next bytes, fewer only at the end; 0 when all are made.
    /// REQUIRES: begin() succeeded; `block` has 4 bytes or more; earlier blocks stand in the slot.
    /// ERRORS: Truncated, Malformed.
    [[nodiscard]] Result<std::size_t> next(MutableBytes block);

    /// Success when the slot holds what the patch's maker saw, and the patch is as it left its
    /// maker. REQUIRES: next() returned 0.
    /// ERRORS: Forged.
    [[nodiscard]] Status finish() const;

private:
    PatchHeader header_;
    crypto::Digest old_digest_{};
    BytesView head_;  ///< of the patch, before the seal
    BytesView body_;  ///< after it
    BytesView slot_;
    std::optional<RangeDecoder> decoder_;
    std::optional<DeltaCodec<RangeDecoder>> codec_;
    std::array<std::uint8_t, 4> held_{};  ///< of a unit that did not fit the last block
    std::uint32_t held_size_ = 0;
    std::uint32_t held_at_ = 0;
};

}  // namespace compot::bundle
