#pragma once

#include <cstddef>
#include <functional>

#include "apps/sweep_folder.hpp"

/// Runs a sweep's cells on several threads. What comes out does not depend on how many.

namespace compot::apps {

/// `done` cells of `all` have a result now. Called by one thread at a time.
using SweepProgress = std::function<void(std::size_t done, std::size_t all)>;

/// Runs every cell without a result and keeps its result. Throws what the folder throws, after all
/// workers have stopped; what was kept until then stays. REQUIRES: workers > 0.
void run_cells(SweepFolder& folder, std::size_t workers, const SweepProgress& progress);

}  // namespace compot::apps
