#pragma once

#include <cstdint>
#include <string>

#include "core/base/result.hpp"

/// Where an MQTT broker is, as a person writes it, and what it wants to see of whoever comes.
/// Nothing is looked up or opened here.

namespace compot::mqtt {

inline constexpr std::uint16_t kPort = 1883;
inline constexpr std::uint16_t kPortTls = 8883;

struct Broker {
    std::string host;
    std::uint16_t port = kPort;
    bool tls = false;
    std::string path;  ///< what follows the first slash; whoever asks gives it a meaning
};

/// mqtt://HOST[:PORT][/PATH], or mqtts:// for TLS; an IPv6 address stands in brackets. ERRORS: one
/// sentence; a user name or a password in the address is refused, because addresses are logged.
[[nodiscard]] Result<Broker, std::string> parse_broker(const std::string& text);

/// Without the path.
[[nodiscard]] std::string to_string(const Broker& broker);

struct Credentials {
    std::string user;  ///< empty: none
    std::string password;
    std::string ca_file;  ///< PEM; empty: the certificates that this machine trusts
};

/// COMPOTASTIC_MQTT_USER, and COMPOTASTIC_MQTT_PASSWORD or a file that
/// COMPOTASTIC_MQTT_PASSWORD_FILE names (its first line); COMPOTASTIC_MQTT_CA. ERRORS: one
/// sentence: the file can't be read, or others can read it.
[[nodiscard]] Result<Credentials, std::string> credentials_from_environment();

}  // namespace compot::mqtt
