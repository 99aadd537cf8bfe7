#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/base/time.hpp"
#include "host/bridge/messages.hpp"

/// The jobs of one side, each in a place of its own, and what of them must outlive the process. It
/// does not know what becomes of them.

namespace compot::bridge {

inline constexpr std::size_t kJobsMax = 64;  ///< of either side; those that are over go first

/// A job as it must outlive the process.
struct JobRecord {
    std::uint16_t slot = 0;  ///< below kJobsMax
    ByteString value;
};

/// A Task has an `id`, a `slot`, and is_over() when its place may be taken.
template <typename Task>
class Book {
public:
    [[nodiscard]] Task* find(JobId id) {
        return first([&](const Task& task) { return task.id == id; });
    }

    [[nodiscard]] const Task* find(JobId id) const {
        return first([&](const Task& task) { return task.id == id; });
    }

    /// One with this name, in the place of the oldest that is over where all are taken. Null when
    /// none is over.
    [[nodiscard]] Task* add(JobId id) {
        if (tasks_.size() >= kJobsMax) {
            const Task* over = first([](const Task& task) { return task.is_over(); });
            if (over == nullptr) return nullptr;
            tasks_.erase(tasks_.begin() + (over - tasks_.data()));
        }
        Task task;
        task.id = id;
        while (first([&](const Task& other) { return other.slot == task.slot; }) != nullptr)
            ++task.slot;
        return &tasks_.emplace_back(std::move(task));
    }

    /// One of an earlier run, in the place that it has.
    void restore(Task task) { tasks_.push_back(std::move(task)); }

    void keep(const Task& task, ByteString value) {
        records_.push_back({task.slot, std::move(value)});
    }

    [[nodiscard]] std::vector<JobRecord> take_records() { return std::exchange(records_, {}); }

    /// The oldest that `is` so, or null.
    template <typename Is>
    [[nodiscard]] Task* first(Is is) {
        const auto found = std::find_if(tasks_.begin(), tasks_.end(), is);
        return found == tasks_.end() ? nullptr : &*found;
    }

    template <typename Is>
    [[nodiscard]] const Task* first(Is is) const {
        const auto found = std::find_if(tasks_.begin(), tasks_.end(), is);
        return found == tasks_.end() ? nullptr : &*found;
    }

    template <typename At>
    [[nodiscard]] Time earliest(At at) const {
        Time found = kNever;
        for (const Task& task : tasks_) found = std::min(found, at(task));
        return found;
    }

    [[nodiscard]] auto begin() { return tasks_.begin(); }

    [[nodiscard]] auto end() { return tasks_.end(); }

    [[nodiscard]] auto begin() const { return tasks_.begin(); }

    [[nodiscard]] auto end() const { return tasks_.end(); }

private:
    std::vector<Task> tasks_;
    std::vector<JobRecord> records_;
};

}  // namespace compot::bridge
