#pragma once

#include <cstdint>
#include <vector>

#include "core/bundle/pieces.hpp"
#include "edge/patch/align.hpp"

/// Finds where an image holds the numbers of nets, so that they are coded as such: nets in the
/// format of doc/net-format.md wherever they lie, and otherwise stretches that changed often and by
/// little.

namespace compot::patch {

/// The tables of each net in `image`: of each layer its scales and its weights. Steps are left
/// at 1.
[[nodiscard]] std::vector<bundle::Zone> find_nets(BytesView image);

/// Where copied bytes changed often, in none of `nets`, with the row length that explains best
/// which did.
[[nodiscard]] std::vector<bundle::Zone> find_tuned(BytesView old_image, BytesView new_image,
                                                   const Pieces& pieces,
                                                   const std::vector<bundle::Zone>& nets);

/// Stretches that no piece explains, long enough to have a distribution of their own.
[[nodiscard]] std::vector<bundle::Zone> find_strange(BytesView new_image, const Pieces& pieces);

/// In order, without overlap, with their steps; what has no difference is left out, and what is
/// shortest when there are too many.
[[nodiscard]] bundle::Zones arranged(BytesView old_image, BytesView new_image, const Pieces& pieces,
                                     const std::vector<bundle::Zone>& nets,
                                     const std::vector<bundle::Zone>& others);

}  // namespace compot::patch
