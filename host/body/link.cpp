#include "host/body/link.hpp"

#include <fmt/format.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <thread>

#include "host/body/conversation.hpp"

namespace compot::body {

namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using ErrorCode = boost::system::error_code;

constexpr auto kAgainAfter = std::chrono::seconds(1);

/// A thread that runs an io_context until it is told to stop; handlers hold their owner by `this`,
/// which outlives the thread.
class Loop {
public:
    void start() {
        thread_ = std::thread([this] { io.run(); });
    }

    void stop() {
        io.stop();
        if (thread_.joinable()) thread_.join();
    }

    asio::io_context io{1};

private:
    asio::executor_work_guard<asio::io_context::executor_type> work_{io.get_executor()};
    std::thread thread_;
};

}  // namespace

class Body::Inside {
public:
    explicit Inside(OnLine on_line) : on_line_(std::move(on_line)) {}

    ~Inside() { loop_.stop(); }

    /// An empty sentence is success.
    std::string open(const std::string& address, std::uint16_t port) {
        ErrorCode error;
        const auto where = asio::ip::make_address(address, error);
        if (error) return fmt::format("{} is no address of this machine", address);
        acceptor_.open(where.is_v6() ? tcp::v6() : tcp::v4(), error);
        if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
        if (!error) acceptor_.bind({where, port}, error);
        if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
        if (error == asio::error::address_in_use)
            return fmt::format("port {} of {} is in use: give another --body-api port", port,
                               address);
        if (error)
            return fmt::format("cannot serve on {} port {}: {}", address, port, error.message());
        port_ = acceptor_.local_endpoint(error).port();
        accept();
        loop_.start();
        return "";
    }

    [[nodiscard]] std::uint16_t port() const { return port_; }

    void say(const std::string& line) {
        asio::post(loop_.io, [this, line] {
            if (node_ != nullptr) node_->say(line);
        });
    }

private:
    void accept() {
        acceptor_.async_accept([this](ErrorCode error, tcp::socket socket) {
            if (error == asio::error::operation_aborted) return;
            if (!error) {
                if (node_ != nullptr) node_->end();
                node_ = std::make_shared<Conversation>(stream_client::line_over(std::move(socket)),
                                                       on_line_, [this] { node_ = nullptr; });
                node_->start();
            }
            accept();
        });
    }

    OnLine on_line_;
    Loop loop_;
    tcp::acceptor acceptor_{loop_.io};
    std::uint16_t port_ = 0;
    std::shared_ptr<Conversation> node_;
};

Body::Body(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}

Body::~Body() = default;

Result<std::unique_ptr<Body>, std::string> Body::start(const std::string& address,
                                                       std::uint16_t port, OnLine on_line) {
    auto inside = std::make_unique<Inside>(std::move(on_line));
    const std::string problem = inside->open(address, port);
    if (!problem.empty()) return problem;
    return std::unique_ptr<Body>(new Body(std::move(inside)));
}

std::uint16_t Body::port() const { return inside_->port(); }

void Body::say(const std::string& line) { inside_->say(line); }

class Mind::Inside {
public:
    Inside(stream_client::Address address, OnLine on_line,
           std::function<void(const std::string&)> on_trouble)
        : address_(std::move(address)),
          on_line_(std::move(on_line)),
          on_trouble_(std::move(on_trouble)) {
        asio::post(loop_.io, [this] { open(); });
        loop_.start();
    }

    ~Inside() { loop_.stop(); }

    void say(const std::string& line) {
        asio::post(loop_.io, [this, line] {
            if (body_ != nullptr) body_->say(line);
        });
    }

private:
    void open() {
        stream_client::open_line(
            loop_.io, address_,
            [this](std::shared_ptr<stream_client::Line> line, const std::string& why) {
                if (line == nullptr) return later(why);
                on_trouble_("");
                body_ = std::make_shared<Conversation>(std::move(line), on_line_, [this] {
                    body_ = nullptr;
                    later(stream_client::to_string(address_) + ": the line is cut");
                });
                body_->start();
            });
    }

    void later(const std::string& why) {
        on_trouble_(why);
        again_.expires_after(kAgainAfter);
        again_.async_wait([this](ErrorCode error) {
            if (!error) open();
        });
    }

    stream_client::Address address_;
    OnLine on_line_;
    std::function<void(const std::string&)> on_trouble_;
    Loop loop_;
    asio::steady_timer again_{loop_.io};
    std::shared_ptr<Conversation> body_;
};

Mind::Mind(const stream_client::Address& address, OnLine on_line,
           std::function<void(const std::string&)> on_trouble)
    : inside_(std::make_unique<Inside>(address, std::move(on_line), std::move(on_trouble))) {}

Mind::~Mind() = default;

void Mind::say(const std::string& line) { inside_->say(line); }

}  // namespace compot::body
