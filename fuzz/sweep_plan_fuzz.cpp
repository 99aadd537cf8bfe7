#include <cstdint>
#include <string>

#include "sim/sweep/plan.hpp"

/// A plan is read or refused; one that is read is written and read again unchanged.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace compot::sweep;
    const std::string text(data, data + size);
    (void)parse_seeds(text.substr(0, 40));
    (void)parse_axis(text);
    const auto plan = from_json(text);
    if (!plan) return 0;
    const auto again = from_json(to_json(*plan));
    if (!again || to_json(*again) != to_json(*plan)) __builtin_trap();
    return 0;
}
