#pragma once

#include <string>
#include <vector>

#include "observe/happening.hpp"

/// For tests: a made-up swarm whose script touches every kind of event. It is no simulation:
/// nothing here follows from a rule, and nothing of it may be shown as a result.

namespace compot::observe {

inline constexpr NodeId kAlpha{0xA1FA0001};
inline constexpr NodeId kBeta{0xBE7A0002};
inline constexpr NodeId kGamma{0x6A33A003};
inline constexpr NodeId kCompot{0xC0390074};

inline constexpr Time kStoryEnd{120s};

/// Two minutes: Beta is blocked, asks, is helped and resumes. `png` is what the camera sees.
[[nodiscard]] std::vector<Event> scripted_story(const std::vector<std::uint8_t>& png);

}  // namespace compot::observe
