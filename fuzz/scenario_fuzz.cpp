// A scenario out of any text: what is refused says why in one line, and what is accepted can be
// enrolled and begun without a check going off.
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/base/check.hpp"
#include "sim/scenario/enrolment.hpp"
#include "sim/simulation.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace compot;
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto scenario = scenario::parse(text, "x.toml", {});
    if (!scenario.ok()) {
        COMPOT_CHECK(!scenario.error().sentence.empty());
        return 0;
    }
    COMPOT_CHECK(scenario::enrol(*scenario).nodes.size() == scenario->nodes.size());
    constexpr std::size_t kStationsMax = 16;  // links grow with the square; time is for texts
    if (scenario->foreign.load_permille > 0 && scenario->foreign.stations > kStationsMax) return 0;
    auto world = sim::Simulation::create(*scenario, {});
    if (!world.ok()) return 0;
    for (int events = 0; events < 50; ++events) (void)(*world)->step();
    return 0;
}
