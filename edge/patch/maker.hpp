#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "core/base/containers.hpp"
#include "core/base/result.hpp"
#include "core/bundle/unit_codec.hpp"
#include "edge/patch/sections.hpp"

/// Makes patches that core/bundle's Applier applies. Every patch that it returns has been applied
/// once. Knows nothing of signatures or radios.

namespace compot::patch {

/// Where the bits of a patch went.
struct Spending {
    static constexpr std::size_t kStretches = 64;  ///< of the new image
    static constexpr std::size_t kAccounts = 4;

    std::array<double, kAccounts> bits{};  ///< by bundle::Account
    std::array<std::array<double, kAccounts>, kStretches> stretches{};
    std::array<double, bundle::kUnits> surprises{};  ///< flags and corrections, by bundle::Unit

    struct Part {
        Section section;
        std::array<double, kAccounts> bits{};
    };

    std::vector<Part> sections;
};

struct Options {
    /// Address at which the images run; guessed from the vector table and pointers when absent.
    std::optional<std::uint32_t> base;
    /// Of the new image, for the books; guessed when empty.
    std::vector<Section> sections;
    /// Takes the first good way: a tenth of the work, and a few bytes more.
    bool quick = false;
    /// Told from 0 to 1 while the work goes on.
    std::function<void(double)> progress;
};

struct Patch {
    std::vector<std::uint8_t> bytes;
    std::uint32_t base = 0;
    std::size_t header_bytes = 0;
    std::size_t pieces = 0;   ///< mapped copies
    std::size_t borrows = 0;  ///< phrases inside gaps
    std::size_t fresh_bytes = 0;
    std::size_t zone_bytes = 0;  ///< coded as weights
    Spending spending;
};

/// ERRORS: TooBig (an image over 4 MiB), Refused (the images are equal, or one is empty).
/// COST: about a second for 240 kB.
[[nodiscard]] Result<Patch> make_patch(BytesView old_image, BytesView new_image,
                                       const Options& options = {});

/// Applies a patch in memory. ERRORS: see bundle::Applier.
[[nodiscard]] Result<std::vector<std::uint8_t>> apply_patch(
    BytesView old_image, BytesView patch, const std::function<void(double)>& progress = {});

/// Address at which a firmware image runs, or 0 when nothing in it tells.
[[nodiscard]] std::uint32_t guess_base(BytesView image);

}  // namespace compot::patch
