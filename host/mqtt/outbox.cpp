#include "host/mqtt/outbox.hpp"

#include <algorithm>

namespace compot::mqtt {

Ticket Outbox::add(const Message& message) {
    const std::size_t bytes = message.payload.size();
    if (items_.size() >= messages_max_ || bytes > bytes_max_ - bytes_) return 0;
    bytes_ += bytes;
    items_.push_back({++last_, message, false});
    return last_;
}

const Outbox::Item* Outbox::next() {
    if (in_flight_ >= kInFlightMax) return nullptr;
    const auto found =
        std::find_if(items_.begin(), items_.end(), [](const Item& item) { return !item.sent; });
    if (found == items_.end()) return nullptr;
    found->sent = true;
    ++in_flight_;
    return &*found;
}

bool Outbox::ready() const {
    return in_flight_ < kInFlightMax &&
           std::any_of(items_.begin(), items_.end(), [](const Item& item) { return !item.sent; });
}

bool Outbox::remove(Ticket ticket) {
    const auto found = std::find_if(items_.begin(), items_.end(),
                                    [ticket](const Item& item) { return item.ticket == ticket; });
    if (found == items_.end()) return false;
    bytes_ -= found->message.payload.size();
    if (found->sent) --in_flight_;
    items_.erase(found);
    return true;
}

void Outbox::again(Ticket ticket) {
    for (Item& item : items_) {
        if (item.ticket != ticket || !item.sent) continue;
        item.sent = false;
        --in_flight_;
    }
}

void Outbox::rewind() {
    for (Item& item : items_) item.sent = false;
    in_flight_ = 0;
}

}  // namespace compot::mqtt
