#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "host/links/post.hpp"
#include "host/mqtt/client.hpp"

/// A node that reaches the mesh through Meshtastic's gateways at an MQTT broker, and has no radio.
/// The broker sees what any radio in reach sees: who sends, when and how much.

namespace compot::links {

/// A broker's URL whose path is Meshtastic's root topic: mqtt://HOST/msh/REGION. ERRORS: one
/// sentence.
[[nodiscard]] Result<mqtt::Broker, std::string> parse_mesh_broker(const std::string& text);

class MqttLink final : public mqtt::Listener {
public:
    /// Begins to connect and goes on trying. REQUIRES: a broker from parse_mesh_broker().
    MqttLink(const mqtt::Broker& broker, const mqtt::Credentials& credentials,
             const Identity& identity, stream_client::Listener& listener);
    MqttLink(const MqttLink&) = delete;
    MqttLink& operator=(const MqttLink&) = delete;
    ~MqttLink() override;

    /// From any thread, as stream_client::Radio's.
    void send(const radio::Packet& packet) { post_.send(packet); }

    struct Counters {
        Post::Counters post;
        mqtt::Client::Counters broker;
        std::uint64_t echoes = 0;  ///< of what we published ourselves
    };

    [[nodiscard]] Counters counters() const;

private:
    void up() override;
    void down() override;
    void trouble(const std::string& sentence) override;
    void heard(const mqtt::Message& message) override;
    bool carry(const Carried& carried);

    Identity identity_;
    std::string root_;
    std::atomic<std::uint64_t> echoes_{0};
    Post post_;
    std::unique_ptr<mqtt::Client> client_;  // before post_ goes, it has gone
};

}  // namespace compot::links
