#include <cstdint>
#include <string>

#include "sim/meshtasticator/model.hpp"
#include "sim/meshtasticator/node_config.hpp"

/// Meshtasticator's nodes in YAML are read or refused, and a few that are read can be run.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace compot::meshtasticator;
    const auto scenario = parse_node_config(std::string(data, data + size), size);
    if (!scenario || scenario->nodes > 3) return 0;
    const Outcome outcome = run(*scenario, {}, size);
    if (outcome.useful > outcome.received) __builtin_trap();
    return 0;
}
