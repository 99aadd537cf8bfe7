#pragma once

#include <array>
#include <string_view>

#include "observe/sink.hpp"

/// The words of the feed for our enumerators, in the enumerators' order.

namespace compot::observe {

inline constexpr std::array<std::string_view, 10> kMoodWords{
    "off",      "idle",      "working", "streaming", "patrolling",
    "en_route", "assisting", "resumed", "waiting",   "blocked"};

inline constexpr std::array<std::string_view, 6> kFateWords{"decoded", "duplicate", "collided",
                                                            "weak",    "deaf",      "off"};

inline constexpr std::array<std::string_view, 3> kWayWords{"radio", "mqtt", "network"};

inline constexpr std::string_view kActionLetters = "NESWXO";

[[nodiscard]] constexpr std::string_view word(Mood mood) {
    return kMoodWords[static_cast<std::size_t>(mood)];
}

[[nodiscard]] constexpr std::string_view word(Fate fate) {
    return kFateWords[static_cast<std::size_t>(fate)];
}

[[nodiscard]] constexpr std::string_view word(Hearing::Way way) {
    return kWayWords[static_cast<std::size_t>(way)];
}

}  // namespace compot::observe
