#include "core/node/reporter.hpp"

#include <algorithm>

namespace compot::node {

namespace {
// Held batches go out one by one, so that a release is not a burst.
constexpr Duration kReleaseGap = 5s;
}  // namespace

void Reporter::boot(Common& common) {
    const Duties& duties = common.config.duties;
    if (!duties.streams_telemetry && duties.holds_batches_for == kNoNode) return;
    // Nodes that boot together must not report together for ever after.
    next_ = common.now + every_ / 2 +
            std::chrono::milliseconds(
                common.random.below(static_cast<std::uint32_t>(to_ms(every_ / 2) + 1)));
}

void Reporter::sense(Common& common) { summary_.add(common.body.temperature_cdeg); }

void Reporter::hear(Common& common, const profile::Telemetry& telemetry, bool direct) {
    if (direct && common.config.duties.streams_telemetry) summary_.add(telemetry);
}

void Reporter::hold(Common& common) {
    if (holding_) return;
    holding_ = true;
    release_at_ = kNever;
    common.note(Note::Kind::BufferHeld, common.config.duties.holds_batches_for,
                static_cast<std::uint32_t>(held_.size()));
}

void Reporter::release(Common& common) {
    if (!holding_) return;
    holding_ = false;
    common.note(Note::Kind::BufferReleased, common.config.duties.holds_batches_for,
                static_cast<std::uint32_t>(held_.size()));
    if (!held_.empty()) release_at_ = common.now + kReleaseGap;
}

void Reporter::say(Common& common, const profile::Telemetry& message) {
    job::Say say;
    say.message = message;
    say.traffic = air::TrafficClass::Bulk;
    common.say(say);
}

void Reporter::wake(Common& common) {
    if (common.now >= next_) {
        next_ = common.now + every_;
        if (!summary_.empty()) {
            const profile::Telemetry message = summary_.take(common.body.battery_percent);
            if (holding_) {
                (void)held_.push(message);
            } else {
                say(common, message);
            }
        }
    }
    if (common.now >= release_at_) {
        profile::Telemetry message = held_[0];
        held_.pop();
        message.held = static_cast<std::uint8_t>(std::min<std::size_t>(held_.size() + 1, 0xFF));
        say(common, message);
        release_at_ = held_.empty() ? kNever : common.now + kReleaseGap;
    }
}

Time Reporter::wake_at() const { return std::min(next_, release_at_); }

}  // namespace compot::node
