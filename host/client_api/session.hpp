#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/containers.hpp"
#include "core/mesh/client.hpp"
#include "core/mesh/stream.hpp"
#include "host/client_api/mesh.hpp"
#include "host/client_api/settings.hpp"
#include "radio/radio.hpp"

/// One client at one radio: Meshtastic's client API as the firmware speaks it, without sockets.
/// Bytes go in, bytes and packets for the mesh come out. What a client may do wrong is counted and
/// costs it its own connection at most.

namespace compot::client_api {

/// Bytes that wait for a client that does not read. Past this, packets for it are dropped, and what
/// it asks for is not answered.
inline constexpr std::size_t kOutputBytesMax = 256 * 1024;
inline constexpr std::size_t kQueueLength = 16;  ///< of the radio, as the firmware tells it

class Session {
public:
    /// Clients of one radio share its settings; without them it has its own.
    Session(Mesh& mesh, NodeId radio, std::shared_ptr<Settings> settings = nullptr);

    void hear(BytesView bytes);

    /// The radio has a packet for its client.
    void deliver(const radio::Packet& packet);
    /// How a packet ended; only those of this client concern it.
    void settled(const radio::Settled& settled);
    void submitted(const Submitted& submitted);

    /// What is to be sent now; empty when nothing waits.
    [[nodiscard]] std::string take_output();
    /// Packets for the radio, in order.
    [[nodiscard]] std::vector<radio::Packet> take_packets();

    /// The client wants the radio to reboot after so long; once.
    [[nodiscard]] std::optional<std::chrono::seconds> take_reboot();

    /// It was told its radio's configuration.
    [[nodiscard]] bool configured() const { return configured_; }

    /// The client said goodbye.
    [[nodiscard]] bool finished() const { return finished_; }

    struct Counters {
        std::uint32_t frames = 0;     ///< heard and understood
        std::uint32_t told = 0;       ///< frames for the client
        std::uint32_t malformed = 0;  ///< heard and not understood
        std::uint32_t refused = 0;    ///< understood, and not possible
        std::uint32_t dropped = 0;    ///< for the client, which does not read
    };

    [[nodiscard]] const Counters& counters() const { return counters_; }

    /// Bytes between frames.
    [[nodiscard]] std::uint32_t skipped() const { return decoder_.skipped(); }

private:
    void hear_frame(BytesView frame);
    void configure(std::uint32_t nonce);
    void tell_configuration(const Status& status, bool with_others);
    void tell_others(const Status& status);
    void hear_packet(const mesh::MeshPacket& packet);
    void hear_admin(const mesh::MeshPacket& packet);
    /// Tells the mesh whose radio this is, as its owner named it.
    void introduce(Time now);
    void tell_self(radio::Packet answer);
    void tell_queue(std::int32_t result, std::uint32_t packet_id);
    void tell_routing(NodeId by, PacketId id, mesh::RoutingError error);
    /// How many bytes it is, without the stream's framing.
    template <typename Message>
    std::size_t tell(const Message& message);

    [[nodiscard]] bool is_own(PacketId id) const;

    [[nodiscard]] bool full() const { return output_.size() > kOutputBytesMax; }

    Mesh& mesh_;
    NodeId radio_;
    std::shared_ptr<Settings> settings_;
    mesh::StreamDecoder decoder_;
    std::string output_;
    std::vector<radio::Packet> packets_;
    Ring<std::uint32_t, 64> own_;  ///< ids of this client's last packets
    std::deque<radio::Packet> before_configured_;
    bool configured_ = false;
    bool finished_ = false;
    std::optional<std::chrono::seconds> reboot_in_;
    std::uint32_t answers_ = 0;
    Counters counters_;
};

}  // namespace compot::client_api
