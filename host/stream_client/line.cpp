#include "host/stream_client/line.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/serial_port.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

namespace compot::stream_client {

namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using ErrorCode = boost::system::error_code;

constexpr auto kConnectWithin = std::chrono::seconds(10);

template <typename Stream>
class LineOf final : public Line {
public:
    explicit LineOf(Stream stream) : stream_(std::move(stream)) {}

    void read(MutableBytes into, std::function<void(std::size_t)> done) override {
        stream_.async_read_some(asio::buffer(into.data(), into.size()),
                                [done = std::move(done)](ErrorCode error, std::size_t bytes) {
                                    done(error ? 0 : bytes);
                                });
    }

    void write(BytesView bytes, std::function<void(bool)> done) override {
        asio::async_write(stream_, asio::buffer(bytes.data(), bytes.size()),
                          [done = std::move(done)](ErrorCode error, std::size_t) { done(!error); });
    }

    void close() override {
        ErrorCode ignored;
        stream_.close(ignored);
    }

private:
    Stream stream_;
};

/// One attempt to reach a host: looks it up, tries its addresses, gives up in time.
class Attempt final : public std::enable_shared_from_this<Attempt> {
public:
    Attempt(asio::io_context& io, Address address, Opened opened)
        : address_(std::move(address)),
          opened_(std::move(opened)),
          resolver_(io),
          socket_(io),
          patience_(io) {}

    void begin() {
        patience_.expires_after(kConnectWithin);
        patience_.async_wait([self = shared_from_this()](ErrorCode error) {
            if (!error) self->fail("it does not answer");
        });
        resolver_.async_resolve(
            address_.place, std::to_string(address_.port),
            [self = shared_from_this()](ErrorCode error, const tcp::resolver::results_type& found) {
                if (error) return self->fail("there is no such host");
                self->connect(found);
            });
    }

private:
    void connect(const tcp::resolver::results_type& found) {
        asio::async_connect(socket_, found,
                            [self = shared_from_this()](ErrorCode error, const tcp::endpoint&) {
                                if (error) return self->fail(error.message());
                                self->succeed();
                            });
    }

    void succeed() {
        if (!opened_) return;
        patience_.cancel();
        std::exchange(opened_, {})(line_over(std::move(socket_)), "");
    }

    void fail(const std::string& why) {
        if (!opened_) return;
        patience_.cancel();
        resolver_.cancel();
        ErrorCode ignored;
        socket_.close(ignored);
        std::exchange(opened_, {})(nullptr, fmt::format("{}: {}", to_string(address_), why));
    }

    Address address_;
    Opened opened_;
    tcp::resolver resolver_;
    tcp::socket socket_;
    asio::steady_timer patience_;
};

void open_serial(asio::io_context& io, const Address& address, const Opened& opened) {
    asio::serial_port port(io);
    ErrorCode error;
    port.open(address.place, error);
    if (!error) port.set_option(asio::serial_port::baud_rate(address.baud), error);
    if (!error) port.set_option(asio::serial_port::character_size(8), error);
    // Two programs at one radio would each get half of what it says.
    if (!error) ::ioctl(port.native_handle(), TIOCEXCL);
    if (error) return opened(nullptr, fmt::format("{}: {}", address.place, error.message()));
    opened(std::make_shared<LineOf<asio::serial_port>>(std::move(port)), "");
}

}  // namespace

std::shared_ptr<Line> line_over(tcp::socket socket) {
    ErrorCode ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    return std::make_shared<LineOf<tcp::socket>>(std::move(socket));
}

void open_line(asio::io_context& io, const Address& address, Opened opened) {
    if (address.kind == Address::Kind::Tcp)
        return std::make_shared<Attempt>(io, address, std::move(opened))->begin();
    asio::post(io,
               [&io, address, opened = std::move(opened)] { open_serial(io, address, opened); });
}

}  // namespace compot::stream_client
