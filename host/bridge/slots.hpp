#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "host/bridge/jobs.hpp"

namespace compot::bridge {

/// A place below kJobsMax for one more of `tasks`; when there is none, that of the oldest which
/// `is_over`, which goes. Nothing when none is over.
template <typename Task, typename IsOver>
[[nodiscard]] std::optional<std::uint16_t> slot_among(std::vector<Task>& tasks, IsOver is_over) {
    if (tasks.size() >= kJobsMax) {
        const auto over = std::find_if(tasks.begin(), tasks.end(), is_over);
        if (over == tasks.end()) return std::nullopt;
        tasks.erase(over);
    }
    std::uint16_t slot = 0;
    while (std::any_of(tasks.begin(), tasks.end(),
                       [&](const Task& task) { return task.slot == slot; }))
        ++slot;
    return slot;
}

}  // namespace compot::bridge
