#include "apps/node_bench.hpp"

#include <optional>

#include "edge/scene/decode.hpp"

namespace compot::apps {

Bench::Bench(std::unique_ptr<scene::SceneClassifier> classifier, scene::Elsewhere* elsewhere,
             std::uint16_t sure_permille)
    : classifier_(std::move(classifier)),
      elsewhere_(elsewhere),
      sure_permille_(sure_permille),
      thread_([this] { work(); }) {}

Bench::~Bench() {
    {
        const std::lock_guard lock(mutex_);
        ends_ = true;
    }
    news_.notify_one();
    thread_.join();
}

void Bench::look_at(Order order) {
    std::optional<Order> dropped;
    {
        const std::lock_guard lock(mutex_);
        if (waiting_.size() == kPicturesMax) {
            dropped = std::move(waiting_.front());
            waiting_.pop_front();
        }
        waiting_.push_back(std::move(order));
        news_.notify_one();
    }
    if (dropped)
        dropped->seen(
            {{}, scene::Failure{Error::NotReady, "too many pictures wait for the bench"}});
}

void Bench::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        news_.wait(lock, [this] { return ends_ || !waiting_.empty(); });
        if (ends_) return;
        Order order = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        look(std::move(order));
        lock.lock();
    }
}

void Bench::look(Order order) {
    const auto image = scene::decode(order.file);
    if (!image) return order.seen({{}, image.error()});
    // A camera is pointed only at what stands in somebody's way.
    const bool told = scene::look({classifier_.get(), elsewhere_, true, sure_permille_}, *image,
                                  [image = *image, seen = std::move(order.seen)](
                                      const Result<scene::Scene, scene::Failure>& scene) {
                                      seen({image, scene});
                                  });
    if (!told) order.passed_on();
}

}  // namespace compot::apps
