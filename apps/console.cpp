#include "apps/console.hpp"

#include <fmt/format.h>

#include <random>

#include "apps/serve.hpp"

namespace compot::apps {

namespace {

using namespace std::chrono_literals;

/// News that wait; a command that falls behind loses the oldest.
constexpr std::size_t kNewsMax = 10'000;
constexpr auto kLookAtStop = 100ms;

}  // namespace

Result<std::unique_ptr<Console>, std::string> Console::open(const std::string& address,
                                                            std::chrono::milliseconds patience,
                                                            bool wants_nodes) {
    const auto where = stream_client::parse_address(address);
    if (!where) return where.error();
    auto console = std::make_unique<Console>();
    stream_client::Terms terms;
    terms.lossy = where->kind == stream_client::Address::Kind::Serial;
    terms.wants_nodes = wants_nodes;
    terms.seed = std::random_device{}();
    console->radio_ = std::make_unique<stream_client::Radio>(*where, terms, *console);
    const Wall until = std::chrono::steady_clock::now() + patience;
    while (const auto news = console->next(until)) {
        if (std::holds_alternative<stream_client::Ready>(*news)) return console;
    }
    const std::lock_guard lock(console->mutex_);
    return fmt::format("no radio answers ({}); is it on, and is no other program at it?",
                       console->trouble_.empty() ? address : console->trouble_);
}

std::optional<stream_client::News> Console::next(Wall until) {
    const auto& stop = stop_requested();
    std::unique_lock lock(mutex_);
    while (news_.empty()) {
        const Wall now = std::chrono::steady_clock::now();
        if (now >= until || stop) return std::nullopt;
        changed_.wait_for(lock, std::min<std::chrono::nanoseconds>(until - now, kLookAtStop));
    }
    const stream_client::News news = std::move(news_.front());
    news_.pop_front();
    return news;
}

void Console::news(const stream_client::News& news) {
    const std::lock_guard lock(mutex_);
    if (news_.size() == kNewsMax) news_.pop_front();
    news_.push_back(news);
    changed_.notify_all();
}

void Console::trouble(const std::string& sentence) {
    const std::lock_guard lock(mutex_);
    trouble_ = sentence;
}

}  // namespace compot::apps
