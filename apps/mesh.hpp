#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "apps/serve.hpp"
#include "sim/scenario/scenario.hpp"

/// `compotastic sim` of a mesh of plain radios: a scenario with a [mesh].

namespace compot::apps {

struct MeshRun {
    std::string file;
    std::string text;  ///< of the file
    std::vector<scenario::Override> overrides;
    std::uint64_t seed = 1;
    double until_s = 0;  ///< 0: the scenario's own
    double speed = 0;    ///< times real time; 0: as fast as it goes
    bool json = false;
    std::string record{};
    std::string report{};
    std::string pcap{};
    ServeOptions serve{};
};

/// The exit status; what went wrong is one line on stderr.
[[nodiscard]] int run_mesh(const MeshRun& run);

}  // namespace compot::apps
