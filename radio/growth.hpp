#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

/// Lists that each of ten thousand radios has: doubling, as std::vector grows, would waste a
/// quarter of them on average.

namespace compot::radio {

/// Room for one more element: for an eighth of what is there, and for `least` at least.
template <typename T>
void make_room(std::vector<T>& list, std::size_t least) {
    if (list.size() < list.capacity()) return;
    list.reserve(list.size() + std::max(least, list.size() / 8));
}

}  // namespace compot::radio
