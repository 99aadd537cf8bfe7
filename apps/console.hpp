#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "host/stream_client/radio.hpp"

/// A radio for a command that does one thing after the other: it waits, with a limit, for what the
/// radio's thread has to tell.

namespace compot::apps {

class Console final : public stream_client::Listener {
public:
    using Wall = std::chrono::steady_clock::time_point;

    /// ERRORS: one sentence, when the address makes no sense or no radio answers within `patience`.
    [[nodiscard]] static Result<std::unique_ptr<Console>, std::string> open(
        const std::string& address, std::chrono::milliseconds patience, bool wants_nodes);

    Console() = default;

    /// The next news, or nothing when it is `until` first, or somebody pressed Ctrl-C.
    [[nodiscard]] std::optional<stream_client::News> next(Wall until);

    [[nodiscard]] stream_client::Radio& radio() { return *radio_; }

    void news(const stream_client::News& news) override;
    void trouble(const std::string& sentence) override;

private:
    std::mutex mutex_;  // guards what follows but radio_
    std::condition_variable changed_;
    std::deque<stream_client::News> news_;
    std::string trouble_;
    std::unique_ptr<stream_client::Radio> radio_;
};

}  // namespace compot::apps
