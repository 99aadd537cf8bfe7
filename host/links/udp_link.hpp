#pragma once

#include <memory>

#include "host/links/multicast.hpp"
#include "host/links/post.hpp"

/// A node that reaches the mesh through radios of the local network which have Meshtastic's UDP
/// broadcast enabled. It has no radio itself.

namespace compot::links {

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
