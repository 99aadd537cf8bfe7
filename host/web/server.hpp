#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/base/result.hpp"
#include "host/web/api.hpp"

/// HTTP and WebSocket on one port, on a thread of its own. It carries bytes: what they mean is the
/// Api's. The only file that knows Boost.Beast is server.cpp.
///
/// A client that reads slowly costs one message in flight; one that stops reading is closed after a
/// minute. Nobody else notices, the world least of all.

namespace compot::web {

struct ServerLimits {
    std::size_t connections = 64;
    std::size_t body_bytes = 8 * 1024 * 1024 + 64 * 1024;  ///< a picture and what surrounds it
    std::size_t header_bytes = 16 * 1024;
    std::size_t frame_bytes = 64 * 1024;  ///< from a page
    unsigned request_timeout_s = 30;
    unsigned silence_timeout_s = 60;  ///< of a WebSocket, in which it answers a ping
};

class Server {
public:
    /// Port 0 takes a free one. ERRORS: one sentence, e.g. that the port is in use.
    [[nodiscard]] static Result<std::unique_ptr<Server>, std::string> start(
        Api& api, const std::string& address, std::uint16_t port, const ServerLimits& limits = {});
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    /// Says goodbye to every client and waits for the thread.
    ~Server();

    [[nodiscard]] std::uint16_t port() const;

    /// The feed has something new. From any thread, as often as one likes.
    void wake();

    /// Requests and connections that were refused or broken, for the log.
    [[nodiscard]] std::uint64_t refused() const;

    struct Inside;

private:
    explicit Server(std::shared_ptr<Inside> inside);
    std::shared_ptr<Inside> inside_;
};

struct Endpoint {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;
};

/// "127.0.0.1:8080", "[::1]:8080" or ":8080" (loopback). ERRORS: one sentence.
[[nodiscard]] Result<Endpoint, std::string> parse_endpoint(const std::string& text);

}  // namespace compot::web
