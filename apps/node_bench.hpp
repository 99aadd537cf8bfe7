#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "edge/scene/elsewhere.hpp"

/// Where a daemon looks at pictures of its own camera, or of other sites: on a thread of its own,
/// since a model may take long.

namespace compot::apps {

class Bench {
public:
    static constexpr std::size_t kPicturesMax = 4;  ///< that wait; the oldest is not looked at then

    struct Seen {
        scene::Image image;  ///< empty when there was no picture
        Result<scene::Scene, scene::Failure> scene;
    };

    struct Order {
        std::vector<std::uint8_t> file;  ///< any bytes
        /// Once, on the bench's thread or on that of who looks elsewhere; not at all when the bench
        /// ends before.
        std::function<void(Seen)> seen;
        /// Before that, when it is asked elsewhere.
        std::function<void()> passed_on = [] {};
    };

    /// Without a classifier all is asked `elsewhere`, which outlives the bench; null: nobody.
    /// What it is less sure of than `sure_permille` is asked elsewhere, too.
    Bench(std::unique_ptr<scene::SceneClassifier> classifier, scene::Elsewhere* elsewhere,
          std::uint16_t sure_permille = node::kSurePermille);
    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;
    /// What waits is not looked at any more.
    ~Bench();

    /// From any thread.
    void look_at(Order order);

private:
    void work();
    void look(Order order);

    std::unique_ptr<scene::SceneClassifier> classifier_;
    scene::Elsewhere* elsewhere_;
    std::uint16_t sure_permille_;
    std::mutex mutex_;  // guards waiting_ and ends_
    std::condition_variable news_;
    std::deque<Order> waiting_;
    bool ends_ = false;
    std::thread thread_;
};

}  // namespace compot::apps
