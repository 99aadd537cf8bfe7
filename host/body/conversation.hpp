#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>

#include "host/stream_client/line.hpp"

/// Lines of text over an open connection, both ways. All of it happens on one thread.

namespace compot::body {

class Conversation final : public std::enable_shared_from_this<Conversation> {
public:
    Conversation(std::shared_ptr<stream_client::Line> line,
                 std::function<void(const std::string&)> on_line, std::function<void()> on_end);

    void start() { read(); }

    /// A peer that does not read loses what is said meanwhile.
    void say(const std::string& line);
    /// on_end is not called any more.
    void end();

private:
    void read();
    void hear(std::size_t bytes);
    void write();
    void broken();

    std::shared_ptr<stream_client::Line> line_;
    std::function<void(const std::string&)> on_line_;
    std::function<void()> on_end_;
    std::array<std::uint8_t, 4096> bytes_{};
    std::string heard_;
    bool too_long_ = false;
    std::string to_say_;
    std::string saying_;
};

}  // namespace compot::body
