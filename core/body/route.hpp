#pragma once

#include <array>
#include <bitset>
#include <optional>

#include "core/learn/facts.hpp"
#include "core/learn/grid.hpp"

/// The way from tile to tile for a body that drives to a place it was told, around what is barred
/// by facts and around what stands there unclassified. It plans for a driver; a Cat follows its
/// policy.

namespace compot::body {

using Tiles = std::bitset<learn::kCells>;

/// The first move of a shortest way, Stay when already there, when no way exists or when something
/// stands on the goal itself.
[[nodiscard]] learn::Action step_towards(const learn::FactMap& facts, const Tiles& occupied,
                                         learn::Cell from, learn::Cell goal);

/// Tiles of a shortest way; nothing when there is none.
[[nodiscard]] std::optional<unsigned> way_length(const learn::FactMap& facts, const Tiles& occupied,
                                                 learn::Cell from, learn::Cell goal);

}  // namespace compot::body
