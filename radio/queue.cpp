#include "radio/queue.hpp"

#include <algorithm>
#include <utility>

#include "core/base/check.hpp"

namespace compot::radio {
namespace {

/// Those in no late window first, then the more urgent, then others' packets before our own:
/// they have already used air.
bool goes_before(const std::unique_ptr<Waiting>& a, const std::unique_ptr<Waiting>& b) {
    if (a->late() != b->late()) return b->late();
    if (a->priority != b->priority) return a->priority > b->priority;
    return !a->own && b->own;
}

}  // namespace

void Queue::insert(std::unique_ptr<Waiting> item) {
    const auto at = std::upper_bound(items_.begin(), items_.end(), item, goes_before);
    items_.insert(at, std::move(item));
}

/// The last one in no late window that is less urgent than `priority`, else the last one in a late
/// window that is; size() if there is none.
std::size_t Queue::victim(Priority priority) const {
    std::size_t late = items_.size();
    for (std::size_t i = items_.size(); i-- > 0;) {
        if (items_[i]->priority >= priority) {
            if (!items_[i]->late()) break;
            continue;
        }
        if (!items_[i]->late()) return i;
        if (late == items_.size()) late = i;
    }
    return late;
}

bool Queue::push(std::unique_ptr<Waiting> item, std::unique_ptr<Waiting>* evicted) {
    if (items_.size() == kQueueMax) {
        const std::size_t index = victim(item->priority);
        if (index == items_.size()) return false;
        *evicted = std::move(items_[index]);
        items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(index));
    }
    insert(std::move(item));
    return true;
}

std::unique_ptr<Waiting> Queue::pop() {
    COMPOT_CHECK(!items_.empty());
    std::unique_ptr<Waiting> item = std::move(items_.front());
    items_.erase(items_.begin());
    return item;
}

Waiting* Queue::find(NodeId from, PacketId id) {
    for (const std::unique_ptr<Waiting>& item : items_) {
        if (item->header.from == from && item->header.id == id) return item.get();
    }
    return nullptr;
}

std::unique_ptr<Waiting> Queue::remove(NodeId from, PacketId id) {
    for (std::size_t i = 0; i < items_.size(); ++i) {
        if (items_[i]->header.from != from || items_[i]->header.id != id) continue;
        std::unique_ptr<Waiting> item = std::move(items_[i]);
        items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(i));
        return item;
    }
    return nullptr;
}

}  // namespace compot::radio
