#include "apps/node_bench.hpp"

#include "edge/scene/decode.hpp"

namespace compot::apps {

Bench::Bench(std::unique_ptr<scene::SceneClassifier> classifier, std::function<void(Seen)> seen)
    : classifier_(std::move(classifier)), seen_(std::move(seen)), thread_([this] { work(); }) {}

Bench::~Bench() {
    {
        const std::lock_guard lock(mutex_);
        ends_ = true;
    }
    news_.notify_one();
    thread_.join();
}

void Bench::look_at(learn::Cell of, std::vector<std::uint8_t> file) {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() == kPicturesMax) waiting_.pop_front();
    waiting_.emplace_back(of, std::move(file));
    news_.notify_one();
}

void Bench::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        news_.wait(lock, [this] { return ends_ || !waiting_.empty(); });
        if (ends_) return;
        const auto [of, file] = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        seen_(look(of, file));
        lock.lock();
    }
}

Bench::Seen Bench::look(learn::Cell of, const std::vector<std::uint8_t>& file) {
    auto image = scene::decode(file);
    if (!image) return {of, {}, image.error()};
    auto scene = classifier_->classify(*image);
    return {of, *std::move(image), std::move(scene)};
}

}  // namespace compot::apps
