#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "edge/scene/elsewhere.hpp"
#include "host/store/shelf.hpp"
#include "host/web/message.hpp"
#include "host/web/swarm.hpp"

/// Pictures that people hand in: checked, decoded, classified and shown to the swarm, one after the
/// other on a thread of their own, so that a large one holds up neither the page nor the world.

namespace compot::web {

inline constexpr std::size_t kTasksWaitingMax = 8;
inline constexpr std::size_t kTasksRememberedMax = 256;  ///< the oldest is forgotten

class Tasks {
public:
    /// All must outlive the Tasks. Nobody else may use the classifier of `eyes`. With a shelf,
    /// whatever was accepted is carried out even if the process ends before, and is known after it.
    /// What is asked elsewhere holds up nobody; its answer must not come after the Tasks are gone.
    Tasks(Swarm& swarm, const scene::Eyes& eyes, store::Shelf* shelf = nullptr);
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
        std::string id;  ///< of one that was accepted by an earlier process
        learn::Cell at;
        std::string prompt;
        std::string file;
        Answer answer;
    };

    struct Task {
        std::string id;
        std::uint64_t number = 0;  ///< counted up
        std::string status = "pending";
        learn::Cell at;
        std::string prompt;
        scene::Scene scene;
        std::string error;
    };

    void work();
    void carry_out(const Order& order);
    void show(const std::string& id, const scene::Image& image,
              const Result<scene::Scene, scene::Failure>& scene);
    [[nodiscard]] bool accept(const Order& order, std::string& id);
    void finish(const std::string& id, const std::string& error, const scene::Scene& scene);
    void take_up();
    [[nodiscard]] Task remember(const Order& order);
    void forget(const std::string& id);
    /// An empty sentence is success.
    [[nodiscard]] std::string keep(const Task& task, const std::string& file);
    [[nodiscard]] std::optional<Task> find(const std::string& id) const;
    /// In the place of the one with its id, if that is still remembered.
    void replace(const Task& task);
    [[nodiscard]] static Result<Order, Response> read_order(const Request& request);

    Swarm& swarm_;
    scene::Eyes eyes_;
    store::Shelf* shelf_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Order> waiting_;
    std::deque<Task> tasks_;
    std::uint64_t numbered_ = 0;
    bool stopping_ = false;
    std::thread worker_;
};

}  // namespace compot::web
