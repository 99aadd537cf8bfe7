#pragma once

#include <functional>
#include <string>
#include <vector>

#include "host/web/files.hpp"
#include "host/web/message.hpp"
#include "host/web/metrics.hpp"
#include "host/web/swarm.hpp"
#include "host/web/tasks.hpp"

/// Which request gets which answer (doc/feed.md, "HTTP"), and who may ask at all. No sockets: the
/// server hands requests in.

namespace compot::web {

/// Whoever may talk to the server. A page from elsewhere can make a browser send requests here, by
/// its own origin or by a name that it lets point at this machine; both are told apart by headers
/// that a page can't forge.
struct Access {
    /// Names besides localhost and plain addresses under which the server is reached.
    std::vector<std::string> names;
};

/// Empty when the request may pass, else a sentence.
[[nodiscard]] std::string refuse_stranger(const Access& access, const Request& request);

class Api {
public:
    /// Adds figures to those of the nodes and the process; from the server's thread.
    using Measure = std::function<void(Metrics&)>;

    /// All must outlive the Api. Without `tasks` no pictures are taken.
    Api(Swarm& swarm, Tasks* tasks, Files files, Access access, Measure measure = {})
        : swarm_(swarm),
          tasks_(tasks),
          files_(std::move(files)),
          access_(std::move(access)),
          measure_(std::move(measure)) {}

    void handle(const Request& request, Answer answer);

    /// For the WebSocket, whose handshake is a request like any other.
    [[nodiscard]] std::string refuse(const Request& request) const {
        return refuse_stranger(access_, request);
    }

    /// One text frame from the page; the answer is the frame to send back.
    void hear(std::string_view text, const std::function<void(std::string)>& answer);

    [[nodiscard]] Swarm& swarm() { return swarm_; }

private:
    void get(const Request& request, std::string_view path, const Answer& answer);
    void post(const Request& request, std::string_view path, const Answer& answer);
    void cancel(std::string_view nonce, const Answer& answer);
    [[nodiscard]] std::string metrics();

    Swarm& swarm_;
    Tasks* tasks_;
    Files files_;
    Access access_;
    Measure measure_;
};

}  // namespace compot::web
