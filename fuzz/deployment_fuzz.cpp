// A mesh out of any text, with any text as its file of links: what is refused says why in one line,
// and what is accepted runs for a while without a check going off.
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/base/check.hpp"
#include "sim/deployment/world.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace compot;
    const std::string text(reinterpret_cast<const char*>(data), size);
    // What follows a NUL is the file of links.
    const std::size_t end = text.find('\0');
    const std::string links = end == std::string::npos ? "" : text.substr(end + 1);
    const auto deployment = deployment::parse(
        text.substr(0, end), "x.toml", {},
        [&](const std::string&) -> Result<std::string, deployment::Failure> { return links; });
    if (!deployment.ok()) {
        COMPOT_CHECK(!deployment.error().sentence.empty() &&
                     deployment.error().sentence.find('\n') == std::string::npos);
        return 0;
    }
    constexpr std::size_t kNodesMost = 16;  // links grow with the square; time is for texts
    if (deployment->nodes > kNodesMost || deployment->foreign.stations > kNodesMost) return 0;
    auto world = deployment::World::create(*deployment, {});
    if (!world.ok()) return 0;
    for (int events = 0; events < 100 && (*world)->next_at() != kNever; ++events) (*world)->step();
    const auto report = (*world)->report();
    COMPOT_CHECK(!to_json(report).empty() && !to_text(report).empty());
    return 0;
}
