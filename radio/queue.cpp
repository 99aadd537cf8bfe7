#include "radio/queue.hpp"

#include <iterator>
#include <utility>

#include "core/base/check.hpp"

namespace compot::radio {
namespace {

/// Those in no late window first, then the more urgent, then others' packets before our own:
/// they have already used air.
bool goes_before(const Waiting& a, const Waiting& b) {
    if (a.late() != b.late()) return b.late();
    if (a.priority != b.priority) return a.priority > b.priority;
    return !a.own && b.own;
}

}  // namespace

std::size_t Queue::size() const {
    return static_cast<std::size_t>(std::distance(items_.begin(), items_.end()));
}

void Queue::insert(WaitingList item) {
    Before before = items_.cbefore_begin();
    while (std::next(before) != items_.cend() && !goes_before(item.front(), *std::next(before))) {
        ++before;
    }
    items_.splice_after(before, item);
}

WaitingList Queue::take_after(Before before) {
    WaitingList taken;
    taken.splice_after(taken.cbefore_begin(), items_, before);
    return taken;
}

/// The last one in no late window that is less urgent than `priority`, else the last one in a late
/// window that is; the place before it, or the list's end if there is none.
Queue::Before Queue::before_victim(Priority priority) const {
    Before victim = items_.cend();
    Before late = items_.cend();
    for (Before at = items_.cbefore_begin(); std::next(at) != items_.cend(); ++at) {
        const Waiting& item = *std::next(at);
        if (item.priority < priority) (item.late() ? late : victim) = at;
    }
    return victim != items_.cend() ? victim : late;
}

bool Queue::push(WaitingList item, WaitingList& evicted) {
    COMPOT_CHECK(!item.empty());
    if (size() == kQueueMax) {
        const Before before = before_victim(item.front().priority);
        if (before == items_.cend()) return false;
        evicted = take_after(before);
    }
    insert(std::move(item));
    return true;
}

WaitingList Queue::pop() {
    COMPOT_CHECK(!items_.empty());
    return take_after(items_.cbefore_begin());
}

Waiting* Queue::find(NodeId from, PacketId id) {
    for (Waiting& item : items_) {
        if (item.header.from == from && item.header.id == id) return &item;
    }
    return nullptr;
}

WaitingList Queue::remove(NodeId from, PacketId id) {
    for (Before at = items_.cbefore_begin(); std::next(at) != items_.cend(); ++at) {
        const Header& header = std::next(at)->header;
        if (header.from == from && header.id == id) return take_after(at);
    }
    return {};
}

}  // namespace compot::radio
