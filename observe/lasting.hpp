#pragma once

#include <cstddef>
#include <vector>

#include "observe/feed.hpp"

/// Which of many events still show in a feed's state, so that somebody who moves in a long
/// recording need not be told all that came before.

namespace compot::observe {

/// Places, in order, of those among the first `count` events that a Feed with these limits needs to
/// come to the same state as by all of them. COST: one look at each; no JSON is made.
/// REQUIRES: count <= events.size().
[[nodiscard]] std::vector<std::size_t> lasting(const std::vector<Event>& events, std::size_t count,
                                               const FeedLimits& limits = {});

}  // namespace compot::observe
