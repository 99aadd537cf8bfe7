#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

#include "edge/scene/classifier.hpp"
#include "host/web/message.hpp"
#include "host/web/swarm.hpp"

/// Pictures that people hand in: checked, decoded, classified and shown to the swarm, one after the
/// other on a thread of their own, so that a large one holds up neither the page nor the world.

namespace compot::web {

inline constexpr std::size_t kTasksWaitingMax = 8;
inline constexpr std::size_t kTasksRememberedMax = 256;  ///< the oldest is forgotten

class Tasks {
public:
    /// Both must outlive the Tasks. Nobody else may use `classifier`.
    Tasks(Swarm& swarm, scene::SceneClassifier& classifier);
    Tasks(const Tasks&) = delete;
    Tasks& operator=(const Tasks&) = delete;
    /// Waits for the picture in hand; the rest is answered with 503.
    ~Tasks();

    /// 202 with an id, or 400, 413 or 503 with the reason.
    void submit(const Request& request, Answer answer);

    /// The task as JSON, or 404.
    [[nodiscard]] Response look(const std::string& id) const;

private:
    struct Order {
        learn::Cell at;
        std::string prompt;
        std::string file;
        Answer answer;
    };

    struct Task {
        std::string id;
        std::string status = "pending";
        learn::Cell at;
        std::string prompt;
        scene::Scene scene;
        std::string error;
    };

    void work();
    void carry_out(const Order& order);
    std::string remember(const Order& order);
    /// Changes the task under the lock, if it is still remembered.
    template <typename Change>
    void update(const std::string& id, Change change);
    [[nodiscard]] static Result<Order, Response> read_order(const Request& request);

    Swarm& swarm_;
    scene::SceneClassifier& classifier_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Order> waiting_;
    std::deque<Task> tasks_;
    bool stopping_ = false;
    std::thread worker_;
};

}  // namespace compot::web
