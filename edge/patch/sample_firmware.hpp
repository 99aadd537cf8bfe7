#pragma once

#include <cstdint>
#include <vector>

#include "core/base/random.hpp"
#include "core/bundle/thumb.hpp"

/// Something like firmware, for tests: functions that call each other and load literals. It runs
/// nowhere.

namespace compot::patch {

struct SampleFirmware {
    std::uint32_t base = 0x8000000;
    std::uint32_t functions = 60;
    /// Halfwords that stand in the middle, so that everything behind them moves.
    std::uint32_t extra = 0;
    std::uint64_t seed = 1;

    static constexpr std::uint32_t kFunctionBytes = 64;

    [[nodiscard]] std::uint32_t start(std::uint32_t function) const {
        return 64 + function * kFunctionBytes + (function >= functions / 2 ? extra * 2 : 0);
    }

    [[nodiscard]] std::vector<std::uint8_t> image() const {
        Random random(seed);
        std::vector<std::uint8_t> made;
        const auto append = [&](std::uint32_t value, unsigned size) {
            for (unsigned i = 0; i < size; ++i)
                made.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
        };
        append(0x20008000, 4);
        for (std::uint32_t i = 1; i < 16; ++i) append(base + start(i) + 1, 4);
        for (std::uint32_t function = 0; function < functions; ++function) {
            if (function == functions / 2)
                for (std::uint32_t i = 0; i < extra; ++i) append(0x3100U + i, 2);
            append(0xB510, 2);
            append(0x480D, 2);  // ldr r0, the literal at offset 56
            for (int i = 0; i < 6; ++i) {
                const auto at = static_cast<std::uint32_t>(made.size());
                const std::uint32_t callee = start(random.below(functions));
                append(bundle::retarget(0xF800F000U, bundle::Relative::Call, at, callee)
                           .value_or(0xBF00BF00U),
                       4);
                append(0x2000U + random.below(0x700), 2);
            }
            while (made.size() < start(function) + 56) append(0x46C0, 2);
            append(base + start(random.below(functions)) + 1, 4);
            append(0x20000000U + random.below(0x1000) * 4, 4);
        }
        return made;
    }
};

}  // namespace compot::patch
