#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/base/result.hpp"
#include "host/stream_client/address.hpp"

/// The line between a body and its node: text, line by line, over TCP or serial. Each end has a
/// thread of its own. What the lines say is not looked at here.

namespace compot::body {

/// A longer one is dropped. A small picture fits.
inline constexpr std::size_t kLineBytesMax = std::size_t{64} * 1024;

/// Called on the link's thread, with a whole line without its end.
using OnLine = std::function<void(const std::string&)>;

/// The body's end: whoever connects to the port is its node. A second one replaces the first.
class Body {
public:
    /// With port 0 a free one. ERRORS: one sentence.
    [[nodiscard]] static Result<std::unique_ptr<Body>, std::string> start(
        const std::string& address, std::uint16_t port, OnLine on_line);
    Body(const Body&) = delete;
    Body& operator=(const Body&) = delete;
    ~Body();

    [[nodiscard]] std::uint16_t port() const;
    /// From any thread; nobody gets it when nobody is there.
    void say(const std::string& line);

    class Inside;

private:
    explicit Body(std::unique_ptr<Inside> inside);
    std::unique_ptr<Inside> inside_;
};

/// The node's end: connects, and connects again when the line breaks.
class Mind {
public:
    /// `on_trouble` gets one sentence when the body can't be reached, or "" when it is there.
    Mind(const stream_client::Address& address, OnLine on_line,
         std::function<void(const std::string&)> on_trouble);
    Mind(const Mind&) = delete;
    Mind& operator=(const Mind&) = delete;
    ~Mind();

    /// From any thread; lost when the body is not there.
    void say(const std::string& line);

private:
    class Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace compot::body
