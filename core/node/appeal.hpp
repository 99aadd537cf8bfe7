#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/containers.hpp"
#include "core/learn/grid.hpp"
#include "core/node/config.hpp"

/// What a person is told when the swarm can't go on by itself: a plain text on the swarm's channel
/// that any stock Meshtastic app shows. Nothing is read back: a text has no author that
/// could be held to it, so an answer by text changes nothing.

namespace compot::node {

inline constexpr std::size_t kAppealBytesMax = 100;

using Appeal = Bytes<kAppealBytesMax>;

/// An edge node has looked and is too unsure to sign anything: "Unsure what stands on 5,6 (41 %,
/// DANGEROUS?). beta waits. Send a picture, or look.", or "Nothing to be seen on 5,6 where
/// something stands. beta waits. ..." when the guess is CLEAR.
[[nodiscard]] Appeal unsure(learn::Cell at, learn::TileClass guess,
                            std::uint16_t confidence_permille, const Member& asker);

/// A Cat has asked for so long, and nobody could help.
inline constexpr Duration kUnhelpedFor = 20min;

[[nodiscard]] Appeal unhelped(learn::Cell before);

}  // namespace compot::node
