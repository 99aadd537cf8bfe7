#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "edge/scene/failure.hpp"

/// One question over HTTP and its answer. The edge only says what it wants; who opens sockets is
/// plugged in from above.

namespace compot::scene {

struct HttpRequest {
    std::string url;  ///< http:// or https://
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    Duration timeout{};  ///< from resolving the name to the last byte of the answer
};

struct HttpResponse {
    int status = 0;
    std::string body;
    std::optional<Duration> retry_after;  ///< what the server asks for
};

class HttpExchange {
public:
    HttpExchange() = default;
    HttpExchange(const HttpExchange&) = delete;
    HttpExchange& operator=(const HttpExchange&) = delete;
    virtual ~HttpExchange() = default;

    /// Any status is an answer. ERRORS: NotReady when there is none, in a sentence that names the
    /// host and never a header; Malformed for a URL that is none; TooBig for an endless answer.
    [[nodiscard]] virtual Result<HttpResponse, Failure> post(const HttpRequest& request) = 0;
};

}  // namespace compot::scene
