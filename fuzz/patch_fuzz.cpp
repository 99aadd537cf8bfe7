#include <array>
#include <memory>
#include <vector>

#include "core/bundle/applier.hpp"
#include "core/crypto/crypto.hpp"

/// Any bytes as a patch for an image that they pretend to know: no check fails, nothing is written
/// past the slot, and what is made is never longer than the header said.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace compot;
    static const std::vector<std::uint8_t> old_image = [] {
        std::vector<std::uint8_t> made(4096);
        for (std::size_t i = 0; i < made.size(); ++i)
            made[i] = static_cast<std::uint8_t>(i * 37 + i / 64);
        return made;
    }();
    static const crypto::Digest digest = crypto::digest(old_image);
    // The rest of a header that the applier believes: where it runs, a size below 16 kB in two
    // bytes, the base's check.
    if (size < 4) return 0;
    std::vector<std::uint8_t> patch{0xD0, static_cast<std::uint8_t>(data[0] & 0x7FU),
                                    static_cast<std::uint8_t>(data[1] | 0x80U),
                                    static_cast<std::uint8_t>(data[2] & 0x7FU)};
    patch.insert(patch.end(), digest.begin(), digest.begin() + 4);
    patch.insert(patch.end(), data + 3, data + size);
    static const auto applier = std::make_unique<bundle::Applier>();
    std::vector<std::uint8_t> slot(1U << 14U);
    if (!applier->begin(old_image, patch, slot)) return 0;
    std::array<std::uint8_t, 64> block{};
    std::size_t at = 0;
    for (;;) {
        const auto made = applier->next(block);
        if (!made || *made == 0) break;
        COMPOT_CHECK(at + *made <= applier->new_size());
        for (std::size_t i = 0; i < *made; ++i) slot[at++] = block[i];
    }
    return 0;
}
