#include "core/bundle/copy_map.hpp"

#include <algorithm>

namespace compot::bundle {

bool CopyMap::try_push(const Copy& copy) {
    if (size_ == kCopiesMax) return false;
    const std::uint32_t end =
        size_ == 0 ? 0 : entries_[size_ - 1].new_start + entries_[size_ - 1].length;
    entries_[size_++] = {copy.old_start, end + copy.gap, copy.length};
    return true;
}

Copy CopyMap::operator[](std::size_t index) const {
    const Entry& entry = entries_[index];
    const std::uint32_t end =
        index == 0 ? 0 : entries_[index - 1].new_start + entries_[index - 1].length;
    return {entry.new_start - end, entry.length, entry.old_start};
}

bool CopyMap::is_shadowed(std::size_t index) const {
    const Entry& own = entries_[index];
    const std::uint32_t start = own.old_start;
    const std::uint32_t length = own.length;
    for (std::size_t i = 0; i < size_; ++i) {
        const Entry& other = entries_[i];
        if (i == index || other.length < length || (other.length == length && i > index)) continue;
        const std::uint32_t first = std::max<std::uint32_t>(start, other.old_start);
        const std::uint32_t last = std::min(start + length, other.old_start + other.length);
        if (last > first && (last - first) * 2 >= length) return true;
    }
    return false;
}

void CopyMap::sort() {
    mapped_ = 0;
    for (std::size_t i = 0; i < size_; ++i)
        if (!is_shadowed(i)) by_old_[mapped_++] = static_cast<std::uint16_t>(i);
    std::sort(by_old_.begin(), by_old_.begin() + static_cast<std::ptrdiff_t>(mapped_),
              [this](std::uint16_t a, std::uint16_t b) {
                  const std::uint32_t at_a = entries_[a].old_start;
                  const std::uint32_t at_b = entries_[b].old_start;
                  return at_a != at_b ? at_a < at_b : a < b;
              });
}

std::uint32_t CopyMap::to_new(std::uint32_t old_at) const {
    const auto* const end = by_old_.data() + mapped_;
    const auto* const after = std::upper_bound(
        by_old_.data(), end, old_at,
        [this](std::uint32_t at, std::uint16_t index) { return at < entries_[index].old_start; });
    if (after == by_old_.data()) return old_at;
    const Entry& entry = entries_[*(after - 1)];
    return old_at - entry.old_start + entry.new_start;
}

}  // namespace compot::bundle
