#include "core/sync/exchange.hpp"

#include <algorithm>

namespace compot::sync {

Duration Exchange::within(std::uint32_t slots, Random& random) const {
    // In sixteenths of a slot, so that two nodes rarely draw the same moment.
    return slot_ * random.below(slots * 16) / 16;
}

void Exchange::plan_to_tell(Time from, Random& random) {
    if (tell_at_ != kNever) return;
    tell_at_ = std::max(from, tell_not_before_) + within(kTellSlots, random);
}

void Exchange::hear_digest(std::uint64_t mine, std::uint64_t theirs, Time now, Random& random) {
    // While a round runs it will show by itself whether we must tell.
    if (mine == theirs || round_ends_ != kNever || now < tell_not_before_) return;
    plan_to_tell(now, random);
}

void Exchange::hear_summary(const Summary& summary, Time now, Random& random) {
    round_ends_ = now + slot_ * kQuietSlots;
    if (summary.same_as_mine) {
        tell_at_ = kNever;
        return;
    }
    const bool was_empty = queue_.empty();
    for (const Key key : summary.they_lack) {
        if (std::find(queue_.begin(), queue_.end(), key) != queue_.end()) continue;
        if (!queue_.try_push(key)) break;
    }
    if (was_empty && !queue_.empty())
        send_at_ = now + slot_ * (summary.hops * kAnswerSlots) + within(kAnswerSlots, random);
    if (summary.newer_than_mine) {
        plan_to_tell(now, random);
    } else {
        tell_at_ = kNever;
    }
}

void Exchange::hear_item(Key key, bool news, Time now, Random& random) {
    const Key* held = std::find(queue_.begin(), queue_.end(), key);
    if (held != queue_.end()) queue_.erase(static_cast<std::size_t>(held - queue_.begin()));
    if (queue_.empty()) send_at_ = kNever;
    if (round_ends_ != kNever) round_ends_ = now + slot_ * kQuietSlots;
    if (news) patience_ = slot_ * kPatienceSlotsMin;
    // Somebody is sending: let it, and tell what we have only when it has ended.
    if (send_at_ != kNever) send_at_ = std::max(send_at_, now + within(2, random));
    if (tell_at_ != kNever) tell_at_ = std::max(tell_at_, now + slot_ * 2 + within(4, random));
}

Exchange::Due Exchange::take(Time now, Random& random) {
    if (now >= tell_at_) {
        tell_at_ = kNever;
        tell_not_before_ = now + patience_;
        patience_ = std::min(patience_ * 2, slot_ * kPatienceSlotsMax);
        round_ends_ = now + slot_ * kQuietSlots;
        return {Step::Tell, 0};
    }
    if (now >= send_at_) {
        const Key key = queue_[0];
        queue_.erase(0);
        send_at_ = queue_.empty() ? kNever : now + slot_ + within(1, random);
        round_ends_ = now + slot_ * kQuietSlots;
        return {Step::Send, key};
    }
    if (now >= round_ends_ && queue_.empty() && tell_at_ == kNever) {
        round_ends_ = kNever;
        return {Step::EndRound, 0};
    }
    return {};
}

Time Exchange::wake_at() const {
    const Time next = std::min(tell_at_, send_at_);
    const bool closing = queue_.empty() && tell_at_ == kNever;
    return closing ? std::min(next, round_ends_) : next;
}

}  // namespace compot::sync
