#include "core/body/route.hpp"

namespace compot::body {

using learn::Action;
using learn::Cell;
using learn::kCells;

namespace {

constexpr std::array<Action, 4> kMoves{Action::North, Action::East, Action::South, Action::West};
constexpr std::uint16_t kFar = 0xFFFF;

using Distances = std::array<std::uint16_t, kCells>;

/// Breadth first from the goal outwards, so that the first move can be read off at `from`.
Distances distances_to(const learn::FactMap& facts, const Tiles& occupied, Cell goal) {
    Distances distance{};
    distance.fill(kFar);
    std::array<std::uint8_t, kCells> queue{};
    std::size_t head = 0;
    std::size_t tail = 0;
    distance[goal.index()] = 0;
    queue[tail++] = goal.index();
    while (head < tail) {
        const Cell here = learn::cell_at(queue[head++]);
        for (const Action move : kMoves) {
            const Cell next = learn::neighbour(here, move);
            if (distance[next.index()] != kFar || facts.barred(next) || occupied.test(next.index()))
                continue;
            distance[next.index()] = static_cast<std::uint16_t>(distance[here.index()] + 1);
            queue[tail++] = next.index();
        }
    }
    return distance;
}

}  // namespace

Action step_towards(const learn::FactMap& facts, const Tiles& occupied, Cell from, Cell goal) {
    // Nobody gets onto such a tile: a driver that tried would stand before it for good.
    if (facts.barred(goal) || occupied.test(goal.index())) return Action::Stay;
    const Distances distance = distances_to(facts, occupied, goal);
    Action best = Action::Stay;
    std::uint16_t shortest = distance[from.index()];
    for (const Action move : kMoves) {
        const Cell next = learn::neighbour(from, move);
        if (next == from || distance[next.index()] >= shortest) continue;
        shortest = distance[next.index()];
        best = move;
    }
    return best;
}

std::optional<unsigned> way_length(const learn::FactMap& facts, const Tiles& occupied, Cell from,
                                   Cell goal) {
    const std::uint16_t length = distances_to(facts, occupied, goal)[from.index()];
    if (length == kFar) return std::nullopt;
    return length;
}

}  // namespace compot::body
