#include "host/body/conversation.hpp"

#include "host/body/link.hpp"

namespace compot::body {

namespace {

constexpr std::size_t kToSayMax = 4 * kLineBytesMax;

}  // namespace

Conversation::Conversation(std::shared_ptr<stream_client::Line> line,
                           std::function<void(const std::string&)> on_line,
                           std::function<void()> on_end)
    : line_(std::move(line)), on_line_(std::move(on_line)), on_end_(std::move(on_end)) {}

void Conversation::read() {
    line_->read(bytes_, [self = shared_from_this()](std::size_t bytes) {
        if (self->on_end_ == nullptr) return;
        if (bytes == 0) return self->broken();
        self->hear(bytes);
        if (self->on_end_ != nullptr) self->read();
    });
}

void Conversation::hear(std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) {
        const char letter = static_cast<char>(bytes_[i]);
        if (letter != '\n') {
            too_long_ = too_long_ || heard_.size() == kLineBytesMax;
            if (!too_long_) heard_ += letter;
            continue;
        }
        const std::string line = std::exchange(heard_, {});
        if (!std::exchange(too_long_, false)) on_line_(line);
    }
}

void Conversation::say(const std::string& line) {
    if (to_say_.size() + line.size() > kToSayMax) return;
    to_say_ += line;
    write();
}

void Conversation::write() {
    if (!saying_.empty() || to_say_.empty() || on_end_ == nullptr) return;
    saying_ = std::exchange(to_say_, {});
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): text that is sent as bytes
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(saying_.data());
    line_->write({bytes, saying_.size()}, [self = shared_from_this()](bool ok) {
        if (self->on_end_ == nullptr) return;
        if (!ok) return self->broken();
        self->saying_.clear();
        self->write();
    });
}

void Conversation::broken() {
    const auto on_end = std::exchange(on_end_, nullptr);
    line_->close();
    if (on_end) on_end();
}

void Conversation::end() {
    on_end_ = nullptr;
    line_->close();
}

}  // namespace compot::body
