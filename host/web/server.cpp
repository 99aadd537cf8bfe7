#include "host/web/server.hpp"

#include <fmt/format.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <charconv>
#include <chrono>
#include <set>
#include <thread>

namespace compot::web {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using tcp = asio::ip::tcp;
using ErrorCode = boost::system::error_code;

/// What the page may load and who may show it in a frame: itself, nobody.
constexpr const char* kContentPolicy =
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "connect-src 'self' data: blob:; worker-src 'self' blob:; frame-ancestors 'none'";

/// After a refusal a client may still be sending; it is heard out this long, so that it gets to
/// read the answer before the connection is reset.
constexpr auto kDrainTime = std::chrono::seconds(2);
constexpr auto kGoodbyeTime = std::chrono::seconds(1);

std::string text(beast::string_view view) { return {view.data(), view.size()}; }

}  // namespace

/// A client, for the server's list of them.
class ServerSession {
public:
    virtual ~ServerSession() = default;
    virtual void wake() = 0;
    virtual void say_goodbye() = 0;
    virtual void cut() = 0;
};

struct Server::Inside : std::enable_shared_from_this<Server::Inside> {
    Inside(Api& made_for, const ServerLimits& limits_) : api(made_for), limits(limits_) {}

    /// Carries an answer from whatever thread made it to the server's.
    template <typename Work>
    void later(Work work) {
        if (!stopping) asio::post(io, std::move(work));
    }

    void accept();
    void accepted(ErrorCode error, tcp::socket socket);
    template <typename Work>
    void each_session(Work work);
    void wake_all();
    void stop();
    void gone(ServerSession* session);

    Api& api;
    const ServerLimits limits;
    asio::io_context io{1};
    tcp::acceptor acceptor{io};
    asio::steady_timer pause{io};
    std::set<ServerSession*> sessions;  // of the server's thread, as all but the atomics
    std::atomic<std::uint64_t> refused{0};
    std::atomic<bool> waking{false};
    std::atomic<bool> stopping{false};
    std::thread thread;
};

namespace {

using Inside = Server::Inside;

Request request_of(const http::request<http::string_body>& from) {
    Request request;
    request.method = text(from.method_string());
    request.target = text(from.target());
    request.host = text(from[http::field::host]);
    request.origin = text(from[http::field::origin]);
    request.content_type = text(from[http::field::content_type]);
    request.body = from.body();
    return request;
}

/// One page on the feed.
class Socket final : public ServerSession, public std::enable_shared_from_this<Socket> {
public:
    Socket(std::shared_ptr<Inside> server, beast::tcp_stream stream)
        : server_(std::move(server)), stream_(std::move(stream)) {
        server_->sessions.insert(this);
    }

    ~Socket() override { server_->gone(this); }

    void start(const http::request<http::string_body>& request) {
        const std::string target = text(request.target());
        const std::string_view resume = query_value(target, "resume");
        std::uint64_t seq = 0;
        const auto parsed = std::from_chars(resume.data(), resume.data() + resume.size(), seq);
        const bool asked = !resume.empty() && parsed.ec == std::errc{} &&
                           parsed.ptr == resume.data() + resume.size();
        reader_ = server_->api.swarm().reader(asked ? std::optional(seq) : std::nullopt,
                                              std::string(query_value(target, "run")));
        beast::get_lowest_layer(stream_).expires_never();
        websocket::stream_base::timeout timeout{};
        timeout.handshake_timeout = std::chrono::seconds(server_->limits.request_timeout_s);
        timeout.idle_timeout = std::chrono::seconds(server_->limits.silence_timeout_s);
        timeout.keep_alive_pings = true;
        stream_.set_option(timeout);
        stream_.read_message_max(server_->limits.frame_bytes);
        stream_.text(true);
        stream_.async_accept(request, [self = shared_from_this()](ErrorCode error) {
            if (error) return self->broken(error);
            self->open_ = true;
            self->read();
            self->pump();
        });
    }

    void wake() override { pump(); }

    void cut() override { beast::get_lowest_layer(stream_).close(); }

    void say_goodbye() override {
        if (!open_) return cut();
        stream_.async_close(websocket::close_code::going_away,
                            [self = shared_from_this()](ErrorCode) {});
    }

private:
    void read() {
        stream_.async_read(buffer_, [self = shared_from_this()](ErrorCode error, std::size_t) {
            if (error) return self->broken(error);
            self->heard();
        });
    }

    /// The next frame is read when this one is answered, so a flood of controls waits in the
    /// client's own buffers.
    void heard() {
        const std::string frame = beast::buffers_to_string(buffer_.data());
        buffer_.consume(buffer_.size());
        server_->api.hear(frame, [self = shared_from_this()](const std::string& answer) {
            self->server_->later([self, answer] {
                self->answer_ = std::make_shared<const std::string>(answer);
                self->pump();
                self->read();
            });
        });
    }

    void pump() {
        if (!open_ || sending_) return;
        sending_ = answer_ ? std::exchange(answer_, nullptr) : server_->api.swarm().next(reader_);
        if (!sending_) return;
        stream_.async_write(asio::buffer(*sending_),
                            [self = shared_from_this()](ErrorCode error, std::size_t) {
                                if (error) return self->broken(error);
                                self->sending_ = nullptr;
                                self->pump();
                            });
    }

    void broken(ErrorCode error) {
        if (error != websocket::error::closed && error != asio::error::operation_aborted)
            ++server_->refused;
        open_ = false;
        cut();
    }

    std::shared_ptr<Inside> server_;
    websocket::stream<beast::tcp_stream> stream_;
    beast::flat_buffer buffer_;
    observe::Feed::Reader reader_;
    observe::Message sending_;
    observe::Message answer_;
    bool open_ = false;
};

/// One connection that asks and is answered, until it upgrades or is closed.
class Connection final : public ServerSession, public std::enable_shared_from_this<Connection> {
public:
    Connection(std::shared_ptr<Inside> server, tcp::socket socket)
        : server_(std::move(server)), stream_(std::move(socket)) {
        server_->sessions.insert(this);
    }

    ~Connection() override { server_->gone(this); }

    void read() {
        parser_.emplace();
        parser_->header_limit(static_cast<std::uint32_t>(server_->limits.header_bytes));
        parser_->body_limit(server_->limits.body_bytes);
        stream_.expires_after(std::chrono::seconds(server_->limits.request_timeout_s));
        http::async_read_header(stream_, buffer_, *parser_,
                                [self = shared_from_this()](ErrorCode error, std::size_t) {
                                    if (error) return self->broken(error);
                                    self->header_read();
                                });
    }

    void wake() override {}

    void say_goodbye() override { cut(); }

    void cut() override { stream_.close(); }

private:
    void header_read() {
        const auto& request = parser_->get();
        if (websocket::is_upgrade(request) && path_of(text(request.target())) == "/ws")
            return upgrade();
        if (text(request[http::field::expect]) == "100-continue") return say_continue();
        read_body();
    }

    void upgrade() {
        const std::string problem = server_->api.refuse(request_of(parser_->get()));
        if (!problem.empty()) return send(refusal(403, problem), false);
        std::make_shared<Socket>(server_, std::move(stream_))->start(parser_->get());
    }

    void say_continue() {
        auto response =
            std::make_shared<http::response<http::empty_body>>(http::status::continue_, 11);
        http::async_write(stream_, *response,
                          [self = shared_from_this(), response](ErrorCode error, std::size_t) {
                              if (error) return self->broken(error);
                              self->read_body();
                          });
    }

    void read_body() {
        http::async_read(stream_, buffer_, *parser_,
                         [self = shared_from_this()](ErrorCode error, std::size_t) {
                             if (error) return self->broken(error);
                             self->answer();
                         });
    }

    void answer() {
        stream_.expires_never();  // a picture may wait for its turn
        const bool keep = parser_->get().keep_alive();
        server_->api.handle(request_of(parser_->get()), [self = shared_from_this(),
                                                         keep](const Response& response) {
            self->server_->later([self, keep, response] { self->send(response, keep); });
        });
    }

    void send(const Response& from, bool keep) {
        if (from.status >= 400) ++server_->refused;
        http::response<http::string_body> response{static_cast<http::status>(from.status), 11};
        response.set(http::field::content_type, from.content_type);
        response.set(http::field::cache_control, "no-cache");
        response.set("X-Content-Type-Options", "nosniff");
        response.set("Content-Security-Policy", kContentPolicy);
        response.keep_alive(keep);
        response.content_length(from.body.size());
        if (parser_->get().method() != http::verb::head) response.body() = from.body;
        stream_.expires_after(std::chrono::seconds(server_->limits.request_timeout_s));
        beast::async_write(stream_, http::message_generator{std::move(response)},
                           [self = shared_from_this(), keep](ErrorCode error, std::size_t) {
                               if (error) return self->broken(error);
                               if (keep) return self->read();
                               self->drain();
                           });
    }

    void drain() {
        ErrorCode ignored;
        stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
        stream_.expires_after(kDrainTime);
        read_away();
    }

    void read_away() {
        buffer_.consume(buffer_.size());
        stream_.async_read_some(buffer_.prepare(64 * 1024),
                                [self = shared_from_this()](ErrorCode error, std::size_t) {
                                    if (!error) self->read_away();
                                });
    }

    /// A request that can't be read is answered where that makes sense, then the line is cut.
    void broken(ErrorCode error) {
        if (error == http::error::body_limit)
            return send(refusal(413, "the request is larger than 8 MB"), false);
        if (error == http::error::header_limit)
            return send(refusal(431, "the request's headers are larger than 16 kB"), false);
        const bool quiet = error == http::error::end_of_stream || error == beast::error::timeout ||
                           error == asio::error::operation_aborted;
        if (!quiet) ++server_->refused;
        if (error.category() == make_error_code(http::error::bad_method).category() && !quiet &&
            error != http::error::partial_message)
            return send(refusal(400, "that is not HTTP"), false);
        stream_.close();
    }

    std::shared_ptr<Inside> server_;
    beast::tcp_stream stream_;
    beast::flat_buffer buffer_;
    std::optional<http::request_parser<http::string_body>> parser_;
};

}  // namespace

void Server::Inside::accept() {
    acceptor.async_accept([self = shared_from_this()](ErrorCode error, tcp::socket socket) {
        self->accepted(error, std::move(socket));
    });
}

void Server::Inside::accepted(ErrorCode error, tcp::socket socket) {
    if (error == asio::error::operation_aborted || stopping) return;
    if (error) {  // most likely out of file descriptors: others may give some back
        ++refused;
        pause.expires_after(std::chrono::milliseconds(100));
        pause.async_wait([self = shared_from_this()](ErrorCode) {
            if (!self->stopping) self->accept();
        });
        return;
    }
    if (sessions.size() < limits.connections) {
        ErrorCode ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        std::make_shared<Connection>(shared_from_this(), std::move(socket))->read();
    } else {
        ++refused;
    }
    accept();
}

template <typename Work>
void Server::Inside::each_session(Work work) {
    const std::set<ServerSession*> all = sessions;  // work on one may end another
    for (ServerSession* session : all) {
        if (sessions.count(session) != 0) work(*session);
    }
}

void Server::Inside::wake_all() {
    waking = false;
    each_session([](ServerSession& session) { session.wake(); });
}

/// The thread ends by itself when nothing is left to wait for.
void Server::Inside::stop() {
    stopping = true;
    ErrorCode ignored;
    acceptor.close(ignored);
    pause.cancel();
    each_session([](ServerSession& session) { session.say_goodbye(); });
    if (sessions.empty()) return;
    pause.expires_after(kGoodbyeTime);
    pause.async_wait([self = shared_from_this()](ErrorCode) {
        self->each_session([](ServerSession& session) { session.cut(); });
    });
}

void Server::Inside::gone(ServerSession* session) {
    sessions.erase(session);
    if (stopping && sessions.empty()) pause.cancel();  // nobody is left to say goodbye to
}

Server::Server(std::shared_ptr<Inside> inside) : inside_(std::move(inside)) {}

Result<std::unique_ptr<Server>, std::string> Server::start(Api& api, const std::string& address,
                                                           std::uint16_t port,
                                                           const ServerLimits& limits) {
    ErrorCode error;
    const auto where = asio::ip::make_address(address, error);
    if (error) return fmt::format("{} is no address of this machine: give ADDRESS:PORT", address);
    auto inside = std::make_shared<Inside>(api, limits);
    auto& acceptor = inside->acceptor;
    acceptor.open(where.is_v6() ? tcp::v6() : tcp::v4(), error);
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor.bind({where, port}, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error == asio::error::address_in_use)
        return fmt::format("port {} of {} is in use: stop who uses it, or give another port", port,
                           address);
    if (error) return fmt::format("cannot serve on {} port {}: {}", address, port, error.message());
    inside->accept();
    inside->thread = std::thread([inside] { inside->io.run(); });
    return std::unique_ptr<Server>(new Server(std::move(inside)));
}

Server::~Server() {
    asio::post(inside_->io, [inside = inside_] { inside->stop(); });
    inside_->thread.join();
}

std::uint16_t Server::port() const {
    ErrorCode ignored;
    return inside_->acceptor.local_endpoint(ignored).port();
}

void Server::wake() {
    if (!inside_->waking.exchange(true))
        asio::post(inside_->io, [inside = inside_] { inside->wake_all(); });
}

std::uint64_t Server::refused() const { return inside_->refused; }

Result<Endpoint, std::string> parse_endpoint(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    Endpoint endpoint;
    const char* const end = text.data() + text.size();
    const auto parsed = std::from_chars(colon == std::string::npos ? end : text.data() + colon + 1,
                                        end, endpoint.port);
    if (parsed.ec != std::errc{} || parsed.ptr != end)
        return fmt::format("{}: give ADDRESS:PORT, for example 127.0.0.1:8080", text);
    std::string address = text.substr(0, colon);
    if (address.size() > 2 && address.front() == '[' && address.back() == ']')
        address = address.substr(1, address.size() - 2);
    if (address == "localhost") address = "127.0.0.1";
    if (!address.empty()) endpoint.address = address;
    return endpoint;
}

}  // namespace compot::web
