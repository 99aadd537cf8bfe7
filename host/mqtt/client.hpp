#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/base/time.hpp"
#include "host/mqtt/broker.hpp"

/// A client of one MQTT 5 broker, on a thread of its own: it connects, connects again with longer
/// waits however often the line breaks, subscribes anew each time, and keeps what was published
/// meanwhile. It knows nothing of what the messages say. Eclipse Paho does the protocol.
///
///     Down --wait over--> Connecting --accepted--> Subscribing --all answered--> Up
///      ^--------------------- refused, lost ------------+------------------------'

namespace compot::mqtt {

enum class Quality : std::uint8_t {
    AtMostOnce = 0,   ///< may be lost on the way
    AtLeastOnce = 1,  ///< sent again until the broker confirms; may come twice
};

struct Message {
    std::string topic;
    std::string payload;  ///< any bytes
    Quality quality = Quality::AtLeastOnce;
    bool retained = false;  ///< kept by the broker for later subscribers; heard: was kept
    /// After which the broker drops it undelivered; zero: never. Not told of what is heard.
    std::chrono::seconds expires{0};
};

/// Of a published message, for confirmed(). Never 0.
using Ticket = std::uint64_t;

struct Terms {
    Credentials credentials;
    /// How the broker tells clients apart; two of one name throw each other out. Empty: a random
    /// one.
    std::string client_id;
    /// How long the broker keeps subscriptions and what comes for them (at least once) while we are
    /// away. Zero: not at all. REQUIRES: a client_id when it is not zero.
    std::chrono::seconds session{0};
    std::chrono::seconds keep_alive{30};
    std::size_t waiting_max = 256;              ///< messages not confirmed yet
    std::size_t waiting_bytes_max = 4U << 20U;  ///< ... and their payloads' bytes
    /// What the broker is asked not to exceed, with all that is around the payload.
    std::uint32_t packet_bytes_max = 256U << 10U;
    std::chrono::milliseconds again_first{500};  ///< between attempts, doubled each time up to
    std::chrono::milliseconds again_most{30'000};
};

/// Called on the client's thread, one at a time. May call the client.
class Listener {
public:
    virtual ~Listener() = default;
    /// Connected, and the broker has answered every subscription.
    virtual void up() = 0;
    /// One sentence: not reached, refused, lost, a subscription refused. The same one is told once
    /// until up() has come between.
    virtual void trouble(const std::string& sentence) = 0;
    virtual void heard(const Message& message) = 0;

    /// After up(): the connection is gone. Why is told by trouble().
    virtual void down() {}

    /// The broker has it; at most once: it has left this machine.
    virtual void confirmed(Ticket) {}
};

class Client {
public:
    /// Begins to connect and goes on trying. `listener` outlives the client.
    Client(const Broker& broker, const Terms& terms, Listener& listener);
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    /// Says goodbye if somebody is there; what waits is dropped.
    ~Client();

    // From any thread.

    /// A topic with + and #, or $share/GROUP/FILTER, of which each message reaches one member of
    /// the group. It holds from then on, over all connections.
    void subscribe(const std::string& filter, Quality quality);

    /// Sent in this order, as soon as the broker is there. 0, and nothing is sent, when too much
    /// waits.
    [[nodiscard]] Ticket publish(const Message& message);

    struct Counters {
        std::uint64_t connections = 0;
        std::uint64_t heard = 0;
        std::uint64_t dropped = 0;  ///< heard, but more than the listener could take waited
        std::uint64_t published = 0;
        std::uint64_t confirmed = 0;
        std::uint64_t refused = 0;  ///< by publish(), or by the broker
        std::uint64_t waiting = 0;  ///< now
    };

    [[nodiscard]] Counters counters() const;

private:
    class Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace compot::mqtt
