#pragma once

#include <mqtt/async_client.h>

#include <cstdint>
#include <string>

#include "host/mqtt/client.hpp"

/// Our words in Paho's, and the other way. For the client's own sources only.

namespace compot::mqtt {

namespace paho = ::mqtt;

inline constexpr int kRefused = 0x80;  ///< MQTT 5: reason codes from here on are failures

[[nodiscard]] std::string random_id();
[[nodiscard]] std::string uri_of(const Broker& broker);
[[nodiscard]] paho::connect_options options_of(const Broker& broker, const Terms& terms);

[[nodiscard]] paho::message_ptr letter_of(const Message& message);
[[nodiscard]] Message message_of(const paho::message& letter);

/// A ticket as what Paho carries back, and from there.
[[nodiscard]] void* context_of(Ticket ticket);
[[nodiscard]] Ticket ticket_of(const paho::token& token);

/// For people.
[[nodiscard]] std::string words_of(paho::ReasonCode code);
[[nodiscard]] std::string reason_of(const paho::token& token);

/// What the broker has said, when it let us in, that it takes; 0: it named no limit.
[[nodiscard]] std::uint32_t packet_bytes_max_of(const paho::token& token);

}  // namespace compot::mqtt
