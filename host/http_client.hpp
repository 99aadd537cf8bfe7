#pragma once

#include <string>
#include <string_view>

#include "edge/scene/http_exchange.hpp"

/// HTTP/1.1 over TCP or TLS for whoever asks questions of a server elsewhere: one connection for
/// each question, certificates checked against the machine's roots (SSL_CERT_FILE and SSL_CERT_DIR
/// are honoured). It follows no redirects, and knows nothing of what is asked.

namespace compot::host {

struct Url {
    bool tls = false;
    std::string host;  ///< without the brackets of an IPv6 address
    std::string port;
    std::string target;  ///< path and query

    /// As it stands in a Host header and in an error.
    [[nodiscard]] std::string authority() const;
};

/// ERRORS: Malformed for what is no http:// or https:// URL; a user name or password in it counts
/// as such.
[[nodiscard]] Result<Url, scene::Failure> parse_url(std::string_view text);

class HttpClient final : public scene::HttpExchange {
public:
    static constexpr std::size_t kAnswerMax = 1024 * 1024;

    /// Blocks until the answer is there or the request's timeout is over.
    [[nodiscard]] Result<scene::HttpResponse, scene::Failure> post(
        const scene::HttpRequest& request) override;

    /// As post(), but asks for what is there; the request's body is not sent.
    [[nodiscard]] Result<scene::HttpResponse, scene::Failure> get(
        const scene::HttpRequest& request);
};

}  // namespace compot::host
