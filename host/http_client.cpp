// The only unit of the client side that sees Beast and OpenSSL: it takes long to compile.
#include "host/http_client.hpp"

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <charconv>
#include <chrono>
#include <exception>
#include <optional>

namespace compot::host {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using scene::Failure;
using scene::HttpRequest;
using scene::HttpResponse;

/// One question on its way. Each step runs the loop until its one operation is done or the deadline
/// has passed, so that the code reads from top to bottom.
class Exchange {
public:
    Exchange(http::verb verb, const Url& url, const HttpRequest& request)
        : verb_(verb),
          url_(url),
          request_(request),
          deadline_(std::chrono::steady_clock::now() +
                    std::chrono::microseconds(to_us(request.timeout))) {}

    Result<HttpResponse, Failure> run() { return url_.tls ? over_tls() : over_tcp(); }

private:
    Result<HttpResponse, Failure> over_tcp() {
        beast::tcp_stream stream(loop_);
        if (const auto failure = connect(stream)) return *failure;
        return ask(stream, stream);
    }

    Result<HttpResponse, Failure> over_tls() {
        asio::ssl::context tls(asio::ssl::context::tls_client);
        error_code error;
        tls.set_default_verify_paths(error);
        tls.set_verify_mode(asio::ssl::verify_peer);
        tls.set_verify_callback(asio::ssl::host_name_verification(url_.host));
        SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_2_VERSION);
        beast::ssl_stream<beast::tcp_stream> stream(loop_, tls);
        // An address is no name: the extension must not carry one (RFC 6066, section 3).
        error_code no_address;
        static_cast<void>(asio::ip::make_address(url_.host, no_address));
        std::string name = url_.host;  // OpenSSL's macro for this casts as C does
        if (no_address && SSL_ctrl(stream.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME,
                                   TLSEXT_NAMETYPE_host_name, name.data()) != 1) {
            return failed("cannot name the host to TLS");
        }
        if (const auto failure = connect(beast::get_lowest_layer(stream))) return *failure;
        error =
            step([&](auto done) { stream.async_handshake(asio::ssl::stream_base::client, done); });
        if (error) return failed("TLS: " + error.message());
        return ask(stream, beast::get_lowest_layer(stream));
    }

    std::optional<Failure> connect(beast::tcp_stream& tcp) {
        asio::ip::tcp::resolver resolver(loop_);
        asio::ip::tcp::resolver::results_type addresses;
        error_code error = asio::error::timed_out;
        resolver.async_resolve(url_.host, url_.port, [&](error_code result, auto found) {
            error = result;
            addresses = found;
        });
        // A name server may keep silent for long: the loop is left at the deadline.
        loop_.restart();
        loop_.run_until(deadline_);
        if (error) {
            resolver.cancel();
            loop_.restart();
            loop_.poll();
            return failed("the name cannot be resolved: " + error.message());
        }
        tcp.expires_at(deadline_);  // for everything that follows on this connection
        error = step([&](auto done) {
            tcp.async_connect(addresses, [done](error_code result, const auto&) { done(result); });
        });
        if (error) return failed(error.message());
        return std::nullopt;
    }

    template <typename Stream>
    Result<HttpResponse, Failure> ask(Stream& stream, beast::tcp_stream& tcp) {
        http::request<http::string_body> question{verb_, url_.target, 11};
        question.set(http::field::host, url_.authority());
        question.set(http::field::user_agent, "compotastic");
        question.set(http::field::connection, "close");
        for (const auto& [name, value] : request_.headers) question.set(name, value);
        if (verb_ == http::verb::post) question.body() = request_.body;
        question.prepare_payload();
        error_code error = step([&](auto done) {
            http::async_write(stream, question,
                              [done](error_code result, std::size_t) { done(result); });
        });
        if (error) return failed(error.message());

        beast::flat_buffer buffer;
        http::response_parser<http::string_body> parser;
        parser.body_limit(HttpClient::kAnswerMax);
        error = step([&](auto done) {
            http::async_read(stream, buffer, parser,
                             [done](error_code result, std::size_t) { done(result); });
        });
        if (error == http::error::body_limit) {
            return Failure{Error::TooBig, url_.authority() + ": the answer is longer than 1 MB"};
        }
        if (error) return failed(error.message());
        error_code ignored;  // the answer is whole: how the connection ends is of no interest
        tcp.socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
        return response_of(parser.release());
    }

    static HttpResponse response_of(const http::response<http::string_body>& answer) {
        HttpResponse response{static_cast<int>(answer.result_int()), answer.body(), {}};
        const auto field = answer[http::field::retry_after];
        unsigned seconds = 0;
        const auto [end, error] = std::from_chars(field.begin(), field.end(), seconds);
        if (!field.empty() && error == std::errc{} && end == field.end() && seconds < 86'400) {
            response.retry_after = std::chrono::seconds(seconds);
        }
        return response;
    }

    /// Starts an operation, runs it to its end and gives its result.
    template <typename Start>
    error_code step(Start&& start) {
        error_code result = asio::error::timed_out;
        start([&result](error_code error) { result = error; });
        loop_.restart();
        loop_.run();
        return result;
    }

    [[nodiscard]] Failure failed(const std::string& why) const {
        return {Error::NotReady, url_.authority() + ": " + why};
    }

    http::verb verb_;
    Url url_;
    const HttpRequest& request_;
    std::chrono::steady_clock::time_point deadline_;
    asio::io_context loop_;
};

bool can_be_sent(const HttpRequest& request) {
    const auto plain = [](const std::string& text) {
        return text.find_first_of("\r\n") == std::string::npos;
    };
    return std::all_of(request.headers.begin(), request.headers.end(), [&](const auto& header) {
        return plain(header.first) && plain(header.second);
    });
}

Result<HttpResponse, Failure> exchange(http::verb verb, const HttpRequest& request) {
    const auto url = parse_url(request.url);
    if (!url) return url.error();
    if (!can_be_sent(request)) return Failure{Error::Malformed, "a header holds a line break"};
    try {
        return Exchange(verb, *url, request).run();
    } catch (const std::exception&) {  // what it says may hold what was sent
        return Failure{Error::NotReady, url->authority() + ": the exchange failed"};
    }
}

}  // namespace

Result<HttpResponse, Failure> HttpClient::post(const HttpRequest& request) {
    return exchange(http::verb::post, request);
}

Result<HttpResponse, Failure> HttpClient::get(const HttpRequest& request) {
    return exchange(http::verb::get, request);
}

}  // namespace compot::host
