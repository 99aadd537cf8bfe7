#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "host/links/carried.hpp"

/// The local network on which Meshtastic radios with UDP broadcast enabled tell each other their
/// packets: one socket that stays in their group. What is in the packets is not looked at here.
/// SOURCE: research notes on firmware 2.8: 224.0.0.69, port 4403, an encrypted MeshPacket a
/// datagram.

namespace boost::asio {
class io_context;
}

namespace compot::links {

inline constexpr std::uint16_t kUdpPort = 4403;

struct UdpAddress {
    std::string interface;  ///< by name or IPv4 address; empty: the one with the route there
    std::uint16_t port = kUdpPort;
};

/// udp, udp:INTERFACE or udp:INTERFACE:PORT. ERRORS: one sentence.
[[nodiscard]] Result<UdpAddress, std::string> parse_udp(const std::string& text);

class Multicast final {
public:
    /// Called on the thread that runs the io_context.
    struct Listener {
        std::function<void()> up;
        std::function<void()> down;
        std::function<void(const std::string& sentence)> trouble;
        /// ERRORS: Malformed, TooBig, Unsupported: no packet (carried.hpp). Levels in it are those
        /// at another radio and are left out. What was sent here comes back, too.
        std::function<void(const Result<Carried>&)> heard;
    };

    /// Joins from the io_context's thread, and again every five seconds where it can't.
    Multicast(boost::asio::io_context& io, UdpAddress address, Listener listener);
    Multicast(const Multicast&) = delete;
    Multicast& operator=(const Multicast&) = delete;
    /// REQUIRES: the io_context does not run any more.
    ~Multicast();

    /// To this network alone (TTL 1). False when it can't be sent now. From the io_context's
    /// thread.
    bool send(const Carried& carried);

private:
    class Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace compot::links
