#pragma once

#include "core/learn/envelope.hpp"
#include "sim/scenario/section.hpp"

/// The safety envelope of a node as its enrolment writes it: `[node.envelope]` of a scenario, and
/// `[envelope]` of the daemon's file. Who it is for, and who signs it, is said elsewhere.

namespace compot::scenario {

/// What facts from the air may open to the node; everything where a key is absent. A mistake is an
/// error of the section's file.
[[nodiscard]] learn::Envelope read_envelope(Section section);

}  // namespace compot::scenario
