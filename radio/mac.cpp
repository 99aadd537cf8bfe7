#include "radio/mac.hpp"

#include <algorithm>
#include <utility>

#include "core/base/check.hpp"
#include "radio/contention.hpp"

namespace compot::radio {
namespace {

Duration draw_slots(const Window& window, Duration slot, Random& random) {
    return static_cast<std::int64_t>(window.first + random.below(window.width)) * slot;
}

}  // namespace

Duration Mac::delay(const Waiting& item, Time now, Random& random) const {
    if (item.own) return draw_slots(own_window(log_.busy_permille(now)), slot(), random);
    return draw_slots(relay_window(item.snr_cdb, item.early), slot(), random);
}

void Mac::draw(Time now, Random& random) {
    if (queue_.empty()) {
        state_ = State::Idle;
        timer_ = kNever;
        return;
    }
    state_ = State::Waiting;
    Waiting& front = queue_.front();
    const Duration wait = delay(front, now, random);
    if (front.late()) {
        // A late packet keeps its window and moves on in it, but not for ever.
        const Time latest =
            now + 2 * static_cast<std::int64_t>(relay_slots_worst(front.snr_cdb)) * slot();
        front.not_before = std::min(std::max(front.not_before + wait, now + wait), latest);
        timer_ = front.not_before;
        return;
    }
    timer_ = now + wait;
}

bool Mac::push(WaitingList item, Time now, Random& random, WaitingList& evicted) {
    if (!queue_.push(std::move(item), evicted)) return false;
    if (state_ == State::Idle) draw(now, random);
    return true;
}

void Mac::heard(Duration airtime, Time now, Random& random) {
    log_.add_received(airtime, now);
    if (state_ == State::Idle || state_ == State::Waiting) draw(now, random);
}

void Mac::sent(Duration airtime, Time now, Random& random) {
    COMPOT_CHECK(state_ == State::Sending);
    log_.add_sent(airtime, now);
    draw(now, random);
}

bool Mac::due(Time now) {
    if (state_ != State::Waiting || now < timer_) return false;
    if (queue_.empty()) {
        state_ = State::Idle;
        timer_ = kNever;
        return false;
    }
    if (queue_.front().late() && queue_.front().not_before > now) {
        timer_ = queue_.front().not_before;
        return false;
    }
    state_ = State::Checking;
    timer_ = kNever;
    return true;
}

WaitingList Mac::checked(ChannelChecked::State state, Time now, Random& random) {
    if (state_ != State::Checking) return {};
    if (state != ChannelChecked::State::Free || queue_.empty()) {
        draw(now, random);
        return {};
    }
    state_ = State::Sending;
    return queue_.pop();
}

void Mac::make_late(NodeId from, PacketId id, Time now) {
    WaitingList item = queue_.remove(from, id);
    if (item.empty()) return;
    Waiting& relay = item.front();
    relay.not_before = now + static_cast<std::int64_t>(relay_slots_worst(relay.snr_cdb)) * slot();
    WaitingList evicted;
    COMPOT_CHECK(queue_.push(std::move(item), evicted));
}

}  // namespace compot::radio
