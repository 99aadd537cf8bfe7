#include "sim/queue/queue.hpp"

#include <algorithm>

#include "core/base/check.hpp"

namespace compot::queue {

namespace {

constexpr std::size_t kBranches = 4;

bool before(const Event& a, const Event& b) {
    return a.at != b.at ? a.at < b.at : a.sequence < b.sequence;
}

}  // namespace

void Queue::push(Time at, std::uint32_t kind, std::uint32_t subject) {
    const Event event{at, sequences_++, kind, subject};
    std::size_t hole = heap_.size();
    heap_.push_back(event);
    while (hole > 0) {
        const std::size_t parent = (hole - 1) / kBranches;
        if (!before(event, heap_[parent])) break;
        heap_[hole] = heap_[parent];
        hole = parent;
    }
    heap_[hole] = event;
}

const Event& Queue::next() const {
    COMPOT_CHECK(!heap_.empty());
    return heap_.front();
}

Event Queue::pop() {
    COMPOT_CHECK(!heap_.empty());
    const Event first = heap_.front();
    const Event moved = heap_.back();
    heap_.pop_back();
    if (heap_.empty()) return first;
    std::size_t hole = 0;
    for (;;) {
        const std::size_t eldest = hole * kBranches + 1;
        if (eldest >= heap_.size()) break;
        std::size_t least = eldest;
        const std::size_t end = std::min(eldest + kBranches, heap_.size());
        for (std::size_t child = eldest + 1; child < end; ++child) {
            if (before(heap_[child], heap_[least])) least = child;
        }
        if (!before(heap_[least], moved)) break;
        heap_[hole] = heap_[least];
        hole = least;
    }
    heap_[hole] = moved;
    return first;
}

}  // namespace compot::queue
