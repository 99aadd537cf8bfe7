#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/time.hpp"

/// What happens next. A 4-ary heap of small records; of two at the same time the one that was
/// planned first comes first, so that the order never depends on the heap's shape. What the kinds
/// mean is not known here.

namespace compot::queue {

struct Event {
    Time at{};
    std::uint64_t sequence = 0;  ///< given by push()
    std::uint32_t kind = 0;
    std::uint32_t subject = 0;
};

class Queue {
public:
    void push(Time at, std::uint32_t kind, std::uint32_t subject);

    [[nodiscard]] bool empty() const { return heap_.empty(); }

    [[nodiscard]] std::size_t size() const { return heap_.size(); }

    /// REQUIRES: not empty.
    [[nodiscard]] const Event& next() const;

    /// REQUIRES: not empty.
    Event pop();

    void clear() { heap_.clear(); }

private:
    std::vector<Event> heap_;
    std::uint64_t sequences_ = 0;
};

}  // namespace compot::queue
