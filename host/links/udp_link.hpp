#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "host/links/post.hpp"

/// A node that reaches the mesh through radios of the local network which have Meshtastic's UDP
/// broadcast enabled: encrypted packets to 224.0.0.69, port 4403. It has no radio itself.
/// SOURCE: research notes on firmware 2.8.

namespace compot::links {

inline constexpr std::uint16_t kUdpPort = 4403;

struct UdpAddress {
    std::string interface;  ///< by name or IPv4 address; empty: the one with the route there
    std::uint16_t port = kUdpPort;
};

/// udp, udp:INTERFACE or udp:INTERFACE:PORT. ERRORS: one sentence.
[[nodiscard]] Result<UdpAddress, std::string> parse_udp(const std::string& text);

class UdpLink final {
public:
    /// Opens the socket and goes on trying. What it sends reaches this network alone (TTL 1).
    UdpLink(const UdpAddress& address, const Identity& identity, stream_client::Listener& listener);
    UdpLink(const UdpLink&) = delete;
    UdpLink& operator=(const UdpLink&) = delete;
    ~UdpLink();

    /// From any thread, as stream_client::Radio's.
    void send(const radio::Packet& packet);

    [[nodiscard]] Post::Counters counters() const;

private:
    class Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace compot::links
