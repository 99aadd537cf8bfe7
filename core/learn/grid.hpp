#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>

/// The field as a Cat knows it: 16 x 16 tiles, four moves and work. Nothing here knows about the
/// air.

namespace compot::learn {

inline constexpr std::uint8_t kGridSide = 16;
inline constexpr std::size_t kCells = std::size_t{kGridSide} * kGridSide;

/// A tile; x grows east, y grows south, both 0..15.
struct Cell {
    std::uint8_t x = 0;
    std::uint8_t y = 0;
    auto operator<=>(const Cell&) const = default;

    [[nodiscard]] constexpr std::uint8_t index() const {
        return static_cast<std::uint8_t>(y * kGridSide + x);
    }
};

[[nodiscard]] constexpr Cell cell_at(std::uint8_t index) {
    return Cell{static_cast<std::uint8_t>(index % kGridSide),
                static_cast<std::uint8_t>(index / kGridSide)};
}

/// What a body can do in one decision. The first five are learned; Stay is what a safety rule says.
enum class Action : std::uint8_t { North, East, South, West, Work, Stay };
inline constexpr std::size_t kActions = 5;

[[nodiscard]] constexpr bool is_move(Action action) { return action <= Action::West; }

/// One bit for each move: bit n for the Action with value n.
[[nodiscard]] constexpr std::uint8_t move_bit(Action move) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(move));
}

/// The tile that a move leads to; at the border the same tile.
[[nodiscard]] constexpr Cell neighbour(Cell from, Action move) {
    switch (move) {
        case Action::North:
            return from.y > 0 ? Cell{from.x, static_cast<std::uint8_t>(from.y - 1)} : from;
        case Action::East:
            return from.x + 1 < kGridSide ? Cell{static_cast<std::uint8_t>(from.x + 1), from.y}
                                          : from;
        case Action::South:
            return from.y + 1 < kGridSide ? Cell{from.x, static_cast<std::uint8_t>(from.y + 1)}
                                          : from;
        case Action::West:
            return from.x > 0 ? Cell{static_cast<std::uint8_t>(from.x - 1), from.y} : from;
        case Action::Work:
        case Action::Stay: break;
    }
    return from;
}

/// What stands on a tile. Values go on the air; their order is that of danger.
enum class TileClass : std::uint8_t {
    Clear = 0,      ///< nothing there
    Movable = 1,    ///< may be pushed aside; pays 15 once
    Immovable = 2,  ///< a wall; costs 3 to touch
    Dangerous = 3,  ///< costs 20, and its eight neighbours are barred too
};
inline constexpr std::size_t kTileClasses = 4;

[[nodiscard]] constexpr const char* to_string(TileClass what) {
    constexpr std::array<const char*, kTileClasses> kNames{"CLEAR", "MOVABLE", "IMMOVABLE",
                                                           "DANGEROUS"};
    return kNames[static_cast<std::size_t>(what)];
}

}  // namespace compot::learn
