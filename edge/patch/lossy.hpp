#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "edge/patch/maker.hpp"

/// Patches of nets that are allowed to be inexact: what a fine-tune changed is rounded so coarsely
/// that the patch fits a budget of bytes, and what that costs in accuracy is measured, not guessed.
/// The patch itself is an ordinary one, from the old net to one that nobody trained.

namespace compot::patch {

struct LossyOptions {
    std::size_t budget_bytes = 0;  ///< of the whole patch
    /// Right answers of a net, of 1, on data that shall decide between ways of rounding.
    std::function<double(BytesView net)> accuracy;
};

struct LossyPatch {
    Patch patch;
    std::vector<std::uint8_t> net;     ///< what comes out
    std::vector<std::uint32_t> steps;  ///< of each layer's weights
    double dead_zone = 0;              ///< in steps: smaller changes are dropped
    double accuracy = 0;               ///< of `net`
    double exact_accuracy = 0;         ///< of the new net
    double old_accuracy = 0;
};

/// Changes of weights become multiples of a step, a step for each layer, small ones none (a dead
/// zone); changes of biases multiples of what shows in an output. ERRORS: Unsupported (no net of
/// doc/net-format.md), Refused (nets of different shape, or equal), NoRoom (the budget is too small
/// for any change). COST: about a hundred patches and as many measurements.
[[nodiscard]] Result<LossyPatch> make_lossy_patch(BytesView old_net, BytesView new_net,
                                                  const LossyOptions& options);

}  // namespace compot::patch
