#include <cstddef>
#include <cstdint>
#include <string>

#include "host/body/words.hpp"

/// A line from a body or from a mind; what is understood says itself the same way again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace compot;
    const std::string line(data, data + size);
    if (const auto sensed = body::parse_sensed(line)) {
        const auto again = body::parse_sensed(body::to_line(*sensed));
        if (!again || body::to_line(*again) != body::to_line(*sensed)) __builtin_trap();
    }
    if (const auto action = body::parse_action(line)) {
        const auto again = body::parse_action(body::to_line(*action));
        if (!again || *again != *action) __builtin_trap();
    }
    (void)body::is_picture(line);
    (void)body::is_look(line);
    if (const auto picture = body::parse_picture(line)) {
        const auto again = body::parse_picture(body::to_line(*picture));
        if (!again || again->png != picture->png) __builtin_trap();
    }
    if (const auto way = body::parse_look(line)) {
        const auto again = body::parse_look(body::look_line(*way));
        if (!again || *again != *way) __builtin_trap();
    }
    return 0;
}
