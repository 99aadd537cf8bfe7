#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "host/stream_client/client.hpp"

/// What a radio tells, as JSON and as lines for people. Keys and secrets stay out of both.

namespace compot::apps {

/// Text from the air as it may stand on a terminal: nothing in it moves the cursor.
[[nodiscard]] std::string harmless(const std::string& text);

[[nodiscard]] nlohmann::ordered_json to_json(const stream_client::RadioFacts& facts);
[[nodiscard]] std::string to_text(const stream_client::RadioFacts& facts);

[[nodiscard]] nlohmann::ordered_json to_json(const radio::Packet& packet);
[[nodiscard]] std::string to_text(const radio::Packet& packet);

}  // namespace compot::apps
