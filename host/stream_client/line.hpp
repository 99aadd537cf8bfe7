#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>
#include <string>

#include "core/base/containers.hpp"
#include "host/stream_client/address.hpp"

/// An open connection to a radio, TCP or serial alike. All of it happens on the thread that runs
/// the io_context.

namespace compot::stream_client {

class Line {
public:
    Line() = default;
    Line(const Line&) = delete;
    Line& operator=(const Line&) = delete;
    virtual ~Line() = default;

    /// `done` gets how many bytes came, or 0 when the line is broken or closed.
    virtual void read(MutableBytes into, std::function<void(std::size_t)> done) = 0;
    /// All of `bytes`, which must stay until `done`; false when the line is broken or closed.
    virtual void write(BytesView bytes, std::function<void(bool)> done) = 0;
    virtual void close() = 0;
};

[[nodiscard]] std::shared_ptr<Line> line_over(boost::asio::ip::tcp::socket socket);

/// Gets the open line, or none and one sentence.
using Opened = std::function<void(std::shared_ptr<Line>, std::string)>;

/// `opened` is called once, later, on the thread that runs `io`.
void open_line(boost::asio::io_context& io, const Address& address, Opened opened);

}  // namespace compot::stream_client
