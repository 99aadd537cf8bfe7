// Applies a patch on the emulated Cat and tells what it cost. Whoever starts it has put the old
// image and the patch into the board's external RAM; the slot is there too, as a second flash bank
// is on a Cat.

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/base/check.hpp"
#include "core/bundle/applier.hpp"
#include "firmware/board/semihosting.hpp"
#include "firmware/probe/meter.hpp"

namespace {

using namespace compot;

/// Where tests/acceptance/m4_applier.py has QEMU put things.
constexpr std::uintptr_t kSizes = 0x21000000;  ///< of the old image and of the patch
constexpr std::uintptr_t kOld = 0x21010000;
constexpr std::uintptr_t kPatch = 0x21500000;
constexpr std::uintptr_t kSlot = 0x21A00000;
constexpr std::size_t kSlotBytes = 0x500000;
constexpr std::size_t kBlockBytes = 256;

bundle::Applier applier;

[[noreturn]] void broken(const char* file, int line, const char* /*condition*/) {
    board::print(file, static_cast<std::uint32_t>(line));
    board::exit(1);
}

BytesView memory(std::uintptr_t at, std::size_t size) {
    return {reinterpret_cast<const std::uint8_t*>(at), size};
}

}  // namespace

extern "C" int application() {
    set_check_handler(&broken);
    const auto* const sizes = reinterpret_cast<const volatile std::uint32_t*>(kSizes);
    const BytesView old_image = memory(kOld, sizes[0]);
    const BytesView patch = memory(kPatch, sizes[1]);
    const MutableBytes slot(reinterpret_cast<std::uint8_t*>(kSlot), kSlotBytes);
    probe::calibrate();
    probe::measure("begin",
                   [&] { probe::expect("begin", applier.begin(old_image, patch, slot).ok()); });
    std::size_t made = 0;
    probe::measure("apply", [&] {
        std::array<std::uint8_t, kBlockBytes> block{};
        for (;;) {
            const auto size = applier.next(block);
            probe::expect("next", size.ok());
            if (*size == 0) break;
            std::copy_n(block.begin(), *size, slot.begin() + static_cast<std::ptrdiff_t>(made));
            made += *size;
        }
    });
    probe::measure("finish", [&] { probe::expect("finish", applier.finish().ok()); });
    board::print("made", static_cast<std::uint32_t>(made));
    board::print("object", sizeof applier);
    board::print("done\n");
    return 0;
}
