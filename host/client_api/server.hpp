#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "host/client_api/mesh.hpp"
#include "radio/radio.hpp"

/// A TCP port for each radio, where Meshtastic's own clients connect as to a device on the network.
/// It carries bytes on a thread of its own; what they mean is the session's.

namespace compot::client_api {

/// One more, and the one that asked for nothing or was silent for longest is cut off.
inline constexpr std::size_t kClientsPerRadio = 4;

class Server {
public:
    /// Radio n of `radios` gets port `base_port` + n; with base port 0 each gets a free one.
    /// `mesh` must outlive the server. ERRORS: one sentence, e.g. that a port is in use; then none
    /// is served.
    [[nodiscard]] static Result<std::unique_ptr<Server>, std::string> start(
        Mesh& mesh, const std::vector<NodeId>& radios, std::uint16_t base_port,
        const std::string& address = "127.0.0.1");
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    ~Server();

    [[nodiscard]] std::uint16_t port(NodeId radio) const;

    /// From any thread: what a radio has for its clients.
    void deliver(NodeId radio, const radio::Packet& packet);
    void settled(NodeId radio, const radio::Settled& settled);

    /// Of all connections there have been, at all radios.
    struct Counters {
        std::uint64_t connections = 0;
        std::uint64_t turned_away = 0;  ///< clients that gave way to a newer one
        std::uint64_t heard = 0;        ///< frames that were understood
        std::uint64_t told = 0;         ///< frames for clients, some of which may be gone
        std::uint64_t malformed = 0;    ///< frames that were not understood
        std::uint64_t skipped = 0;      ///< bytes between frames
        std::uint64_t refused = 0;      ///< requests that no radio could meet
        std::uint64_t dropped = 0;      ///< packets for clients that did not read
        std::uint64_t silenced = 0;     ///< clients that were cut off: they took nothing, or slept
    };

    /// From any thread but the server's own.
    [[nodiscard]] Counters counters() const;

    struct Inside;

private:
    explicit Server(std::shared_ptr<Inside> inside);
    std::shared_ptr<Inside> inside_;
};

}  // namespace compot::client_api
