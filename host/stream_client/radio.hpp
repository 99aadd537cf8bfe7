#pragma once

#include <memory>
#include <string>

#include "host/stream_client/address.hpp"
#include "host/stream_client/client.hpp"

/// A radio on the network or on a serial line: keeps the line open, however often it breaks, on a
/// thread of its own. What is said over it is the client's.

namespace compot::stream_client {

/// Called on the radio's thread.
class Listener {
public:
    virtual ~Listener() = default;
    virtual void news(const News& news) = 0;
    /// The line can't be opened or has broken: one sentence. It is tried again.
    virtual void trouble(const std::string& sentence) = 0;
};

class Radio {
public:
    /// Begins to connect and goes on trying. `listener` outlives the radio.
    Radio(const Address& address, const Terms& terms, Listener& listener);
    Radio(const Radio&) = delete;
    Radio& operator=(const Radio&) = delete;
    /// Says goodbye if somebody is there.
    ~Radio();

    // From any thread.

    /// How it went comes as Taken; at once with Timeout when too many wait.
    void send(const radio::Packet& packet);
    /// As Client::inject(); what a radio that is not there would have heard is lost.
    void inject(const mesh::MeshPacket& packet);
    [[nodiscard]] RadioFacts facts() const;

    struct Counters {
        Client::Counters packets;
        Frames::Counters frames;
        std::uint64_t connections = 0;
    };

    [[nodiscard]] Counters counters() const;

private:
    class Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace compot::stream_client
