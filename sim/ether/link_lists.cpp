#include "sim/ether/link_lists.hpp"

#include <algorithm>
#include <utility>

namespace compot::ether {
namespace {

/// Places that a list gets more than it has links: few, for once packed it needs none.
constexpr std::uint32_t kSpare = 4;

}  // namespace

void LinkLists::add_station() {
    if (given_up_ > links_.size() / 2) pack();
    rows_.emplace_back();
    packed_ = false;
}

/// Of the first one that is not before `to`.
std::uint32_t LinkLists::place_in(const Row& row, std::uint32_t to) const {
    const auto begin = links_.begin() + row.first;
    const auto place = std::lower_bound(begin, begin + row.size, to,
                                        [](const Link& a, std::uint32_t b) { return a.to < b; });
    return static_cast<std::uint32_t>(place - links_.begin());
}

void LinkLists::make_room(Row& row) {
    if (row.size < row.room) return;
    const auto first = static_cast<std::uint32_t>(links_.size());
    const std::uint32_t room = row.size + row.size / 4 + kSpare;
    links_.resize(links_.size() + room);
    std::copy_n(links_.begin() + row.first, row.size, links_.begin() + first);
    given_up_ += row.room;
    row.first = first;
    row.room = room;
}

void LinkLists::set(std::uint32_t from, Link link) {
    Row& row = rows_[from];
    std::uint32_t place = place_in(row, link.to);
    if (place < row.first + row.size && links_[place].to == link.to) {
        links_[place] = link;
        return;
    }
    const std::uint32_t before = place - row.first;
    make_room(row);
    place = row.first + before;
    std::copy_backward(links_.begin() + place, links_.begin() + row.first + row.size,
                       links_.begin() + row.first + row.size + 1);
    links_[place] = link;
    ++row.size;
}

void LinkLists::remove(std::uint32_t from, std::uint32_t to) {
    Row& row = rows_[from];
    const std::uint32_t place = place_in(row, to);
    const std::uint32_t end = row.first + row.size;
    if (place == end || links_[place].to != to) return;
    std::copy(links_.begin() + place + 1, links_.begin() + end, links_.begin() + place);
    --row.size;
}

void LinkLists::pack() {
    std::vector<Link> packed;
    packed.reserve(size());
    for (Row& row : rows_) {
        const auto first = static_cast<std::uint32_t>(packed.size());
        const std::span<const Link> list{links_.data() + row.first, row.size};
        packed.insert(packed.end(), list.begin(), list.end());
        row.first = first;
        row.room = row.size;
    }
    links_ = std::move(packed);
    rows_.shrink_to_fit();
    given_up_ = 0;
    packed_ = true;
}

std::size_t LinkLists::size() const {
    std::size_t count = 0;
    for (const Row& row : rows_) count += row.size;
    return count;
}

std::size_t LinkLists::bytes() const {
    return links_.capacity() * sizeof(Link) + rows_.capacity() * sizeof(Row);
}

}  // namespace compot::ether
