#pragma once

#include "core/air/modem.hpp"
#include "core/base/random.hpp"
#include "core/base/time.hpp"
#include "radio/airlog.hpp"
#include "radio/queue.hpp"
#include "radio/radio.hpp"

/// When the next waiting packet goes on air. There is one timer, for the front of the queue; a new
/// packet does not move it, but each end of a reception or transmission draws it anew, and nothing
/// is ever sent at once. Knows nothing of routing.
///
///            push, heard, sent          timer              Free
///     Idle -----------------> Waiting ---------> Checking -------> Sending --sent--> Idle
///                                ^                  |
///                                +-- Active, Receiving: draw anew

namespace compot::radio {

class Mac {
public:
    explicit Mac(const air::Modem& modem)
        : slot_us_(static_cast<std::uint32_t>(to_us(air::slot(modem)))) {}

    /// As Queue::push().
    [[nodiscard]] bool push(WaitingList item, Time now, Random& random, WaitingList& evicted);

    /// A reception has ended, whole or not.
    void heard(Duration airtime, Time now, Random& random);

    /// The frame of the last checked() has left the antenna.
    void sent(Duration airtime, Time now, Random& random);

    /// True when the channel must be checked now.
    [[nodiscard]] bool due(Time now);

    /// The packet to send at once, or nothing.
    [[nodiscard]] WaitingList checked(ChannelChecked::State state, Time now, Random& random);

    /// Puts a relay that waits here behind everybody else's. No effect on one that is not here.
    void make_late(NodeId from, PacketId id, Time now);

    /// The timer runs on, as in the firmware: the next packet inherits what is left of it.
    bool cancel(NodeId from, PacketId id) { return !queue_.remove(from, id).empty(); }

    [[nodiscard]] Time wake_at() const { return timer_; }

    [[nodiscard]] Queue& queue() { return queue_; }

    [[nodiscard]] const Queue& queue() const { return queue_; }

    [[nodiscard]] const AirLog& log() const { return log_; }

    [[nodiscard]] Duration slot() const { return Duration{slot_us_}; }

private:
    enum class State : std::uint8_t { Idle, Waiting, Checking, Sending };

    void draw(Time now, Random& random);
    [[nodiscard]] Duration delay(const Waiting& item, Time now, Random& random) const;

    Queue queue_;
    Time timer_ = kNever;
    std::uint32_t slot_us_;
    State state_ = State::Idle;
    AirLog log_;
};

}  // namespace compot::radio
