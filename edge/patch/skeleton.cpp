#include "edge/patch/skeleton.hpp"

#include "core/bundle/source.hpp"
#include "core/bundle/thumb.hpp"

namespace compot::patch {

namespace {

using bundle::Relative;

/// Stand-ins for an address in flash and one in RAM; any value does that code seldom has.
constexpr std::uint32_t kSomeFlash = 0x7EF1A5F0;
constexpr std::uint32_t kSomeRam = 0x7E4A4A40;

class Blanker {
public:
    Blanker(BytesView image, std::uint32_t base)
        : image_(image, {}),
          base_(base),
          out_(image.begin(), image.end()),
          pool_(image.size() / 4 + 2048) {}

    std::vector<std::uint8_t> run() {
        const std::uint32_t size = image_.old_size();
        for (std::uint32_t at = 0; at + 1 < size;) {
            if (at % 4 == 0 && at + 4 <= size && blank_word(at)) {
                at += 4;
                continue;
            }
            at += blank_instruction(at);
        }
        return std::move(out_);
    }

private:
    void put(std::uint32_t at, std::uint32_t value) {
        for (std::uint32_t i = 0; i < 4 && at + i < out_.size(); ++i)
            out_[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
    }

    /// True if a word stands here that is no code.
    bool blank_word(std::uint32_t at) {
        const std::uint32_t word = image_.word(at);
        const bool flash = word >= base_ + 0x400 && word - base_ <= image_.old_size();
        const bool ram = word - 0x1FFF0000U < 0x110000U;
        // Small numbers and "movs r0, #0" after anything look like addresses too.
        const bool likely = (flash && word >= 0x1000) || (ram && (word & 0xFFFFU) != 0);
        if (!pool_[at / 4] && !likely) return false;
        if (flash) put(at, kSomeFlash);
        if (ram) put(at, kSomeRam);
        return true;
    }

    std::uint32_t blank_instruction(std::uint32_t at) {
        std::uint32_t code = image_.half(at);
        const bool wide = bundle::is_wide(code);
        if (wide) code |= image_.half(at + 2) << 16U;
        const auto names = bundle::reference(code, at);
        if (names) {
            if (bundle::names_data(names->kind) && names->target / 4 < pool_.size())
                pool_[names->target / 4] = true;
            // Nearer references seldom change.
            if (names->kind == Relative::Call || names->kind == Relative::Jump)
                put(at, code & 0xD000F800U);
            if (names->kind == Relative::FarCondition) put(at, code & 0xD000FBC0U);
        }
        return wide ? 4 : 2;
    }

    bundle::Source image_;
    std::uint32_t base_;
    std::vector<std::uint8_t> out_;
    std::vector<bool> pool_;  ///< words that literal loads name
};

}  // namespace

std::vector<std::uint8_t> skeleton(BytesView image, std::uint32_t base) {
    return Blanker(image, base).run();
}

}  // namespace compot::patch
