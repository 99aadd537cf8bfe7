#include <cstdint>
#include <string>

#include "sim/meshtasticator/model.hpp"

/// A kept run is read or refused, and a small one that is read can be run.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace compot::meshtasticator;
    const auto scenario = parse(std::string(data, data + size));
    if (!scenario || scenario->messages.size() > 20 ||
        scenario->until > compot::Duration{3'600'000'000})
        return 0;
    const Outcome outcome = run(*scenario, {}, size);
    if (outcome.useful > outcome.received) __builtin_trap();
    return 0;
}
