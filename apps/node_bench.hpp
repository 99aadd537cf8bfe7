#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "edge/scene/classifier.hpp"

/// Where a daemon looks at its own camera's pictures: on a thread of its own, since a model may
/// take long.

namespace compot::apps {

class Bench {
public:
    static constexpr std::size_t kPicturesMax = 4;  ///< that wait; the oldest is not looked at then

    struct Seen {
        learn::Cell of;
        scene::Image image;  ///< empty when there was no picture
        Result<scene::Scene, scene::Failure> scene;
    };

    /// `seen` is called on the bench's thread, once for each picture.
    Bench(std::unique_ptr<scene::SceneClassifier> classifier, std::function<void(Seen)> seen);
    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;
    /// What waits is not looked at any more.
    ~Bench();

    /// From any thread; any bytes.
    void look_at(learn::Cell of, std::vector<std::uint8_t> file);

private:
    void work();
    [[nodiscard]] Seen look(learn::Cell of, const std::vector<std::uint8_t>& file);

    std::unique_ptr<scene::SceneClassifier> classifier_;
    std::function<void(Seen)> seen_;
    std::mutex mutex_;  // guards waiting_ and ends_
    std::condition_variable news_;
    std::deque<std::pair<learn::Cell, std::vector<std::uint8_t>>> waiting_;
    bool ends_ = false;
    std::thread thread_;
};

}  // namespace compot::apps
