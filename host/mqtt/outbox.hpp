#pragma once

#include <deque>

#include "host/mqtt/client.hpp"

/// What was published and is not confirmed yet, in its order. It knows neither broker nor threads.

namespace compot::mqtt {

class Outbox {
public:
    Outbox(std::size_t messages_max, std::size_t bytes_max)
        : messages_max_(messages_max), bytes_max_(bytes_max) {}

    /// 0 when there is no room; nothing has changed then.
    [[nodiscard]] Ticket add(const Message& message);

    struct Item {
        Ticket ticket = 0;
        Message message;
        bool sent = false;
    };

    /// The next to be sent, now marked as sent; nothing when all are, or when `kInFlightMax` are.
    [[nodiscard]] const Item* next();

    /// It is done with. False when it was not here (any more).
    bool remove(Ticket ticket);

    /// One has to be sent again.
    void again(Ticket ticket);

    /// All of them have to be sent (again).
    void rewind();

    /// next() would give one.
    [[nodiscard]] bool ready() const;

    [[nodiscard]] std::size_t size() const { return items_.size(); }

    static constexpr std::size_t kInFlightMax = 16;

private:
    std::size_t messages_max_;
    std::size_t bytes_max_;
    std::size_t bytes_ = 0;
    std::size_t in_flight_ = 0;
    Ticket last_ = 0;
    std::deque<Item> items_;
};

}  // namespace compot::mqtt
