#pragma once

#include <cstdint>

#include "core/mesh/data.hpp"
#include "radio/packet.hpp"
#include "radio/radio.hpp"

/// The rules by which a radio relays for others, each a question with a plain answer.

namespace compot::radio::policy {

/// As the firmware sets it when a role is chosen.
[[nodiscard]] RebroadcastMode effective_mode(const Identity& identity);

/// Takes part in relaying at all.
[[nodiscard]] bool relays(const Identity& identity);

/// Never gives up a relay because somebody else was quicker.
[[nodiscard]] bool insists(const Identity& identity, const Header& header);

/// Relays in the window before all others.
[[nodiscard]] bool goes_first(const Identity& identity, const Header& header);

/// The port may pass where only the firmware's own ports do.
[[nodiscard]] bool core_port(std::uint32_t portnum);

/// Relays what it cannot read. `known_hash`: one of our channels has its hash, yet it did not open.
[[nodiscard]] bool relays_opaque(RebroadcastMode mode, Firmware firmware, bool known_hash);

/// A hop between routers that know each other costs nothing.
[[nodiscard]] bool hop_is_free(const Identity& identity, const Header& header);

/// At most two hops are left, and as many taken off the start: how far it has come still shows.
void cap_hops(Header& header);

/// Sent under the reader's key rather than the channel's, when it can be.
[[nodiscard]] bool wants_pkc(const Packet& packet);

}  // namespace compot::radio::policy
