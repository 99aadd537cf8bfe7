#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/mesh/data.hpp"
#include "host/client_api/settings.hpp"

/// What a radio answers to a client that reads or writes its settings (Meshtastic's AdminMessage).
/// It changes the settings and nothing else: what follows from that is the session's.

namespace compot::client_api {

struct AdminAnswer {
    mesh::RoutingError error = mesh::RoutingError::NoError;
    std::string words;                  ///< why it was refused, for people; empty otherwise
    std::vector<std::uint8_t> message;  ///< an AdminMessage; empty after a write
    bool new_channels = false;
    bool new_owner = false;
    std::optional<std::int32_t> reboot_s;
};

[[nodiscard]] AdminAnswer answer_admin(Settings& settings, BytesView message);

}  // namespace compot::client_api
