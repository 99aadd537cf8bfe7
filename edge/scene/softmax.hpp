#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

/// How sure an int8 net is of a class, in integers: the softmax share without floating point.

namespace compot::scene {

/// The share of `logits[index]` in permille, rounded; within one of the exact one. `step_q16` is
/// what a step of a logit is worth in nats, in 1/65536. REQUIRES: index < logits.size().
[[nodiscard]] std::uint16_t share_permille(std::span<const std::int8_t> logits, std::size_t index,
                                           std::uint32_t step_q16);

}  // namespace compot::scene
