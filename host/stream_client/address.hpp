#pragma once

#include <cstdint>
#include <string>

#include "core/base/result.hpp"

/// Where a radio is, as a person writes it: tcp:HOST, tcp:HOST:PORT, tcp:[IPV6]:PORT, serial:DEVICE
/// or serial:DEVICE@BAUD. Nothing is looked up or opened here.

namespace compot::stream_client {

inline constexpr std::uint16_t kMeshtasticPort = 4403;
inline constexpr std::uint32_t kMeshtasticBaud = 115'200;

struct Address {
    enum class Kind : std::uint8_t { Tcp, Serial };
    Kind kind = Kind::Tcp;
    std::string place;  ///< host name or address, or the device's path
    std::uint16_t port = kMeshtasticPort;
    std::uint32_t baud = kMeshtasticBaud;
};

/// ERRORS: one sentence that says what is wrong and what to write.
[[nodiscard]] Result<Address, std::string> parse_address(const std::string& text);

[[nodiscard]] std::string to_string(const Address& address);

}  // namespace compot::stream_client
