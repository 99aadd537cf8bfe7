#include "core/air/purse.hpp"

#include <algorithm>

#include "core/base/check.hpp"

namespace compot::air {
namespace {

constexpr Duration kWindowSlot = 10s;
constexpr Duration kAlertWindow = 1h;
constexpr Duration kLookAgain = 10s;       ///< while a class is paused
constexpr std::uint16_t kRateStep = 64;    ///< of 1024: a sixteenth of the share
constexpr std::uint16_t kRatePaused = 16;  ///< below this, nothing

/// Foreign utilisation from which a class yields; an alert never does.
constexpr std::array<std::uint16_t, kTrafficClasses> kYieldPermille{1000, 400, 250, 150};

std::int64_t slot_number(Time at) { return at.time_since_epoch() / kWindowSlot; }

}  // namespace

Purse::Pace& Purse::pace(TrafficClass traffic) { return paces_[static_cast<std::size_t>(traffic)]; }

void Purse::refill(Time now) {
    COMPOT_CHECK(now >= refilled_);
    const Duration elapsed = now - refilled_;
    refilled_ = now;
    // What fills the purse from empty needs no product that could overflow.
    const std::int64_t share = terms_.share_permille;
    if (share == 0) return;
    if (elapsed > terms_.burst * 1000 / share + 1ms) {
        balance_ = terms_.burst;
        credit_millis_ = 0;
        return;
    }
    credit_millis_ += to_us(elapsed) * share;
    balance_ += Duration{credit_millis_ / 1000};
    credit_millis_ %= 1000;
    if (balance_ >= terms_.burst) {
        balance_ = terms_.burst;
        credit_millis_ = 0;
    }
}

void Purse::remember(Duration price, Time now) {
    const std::int64_t number = slot_number(now);
    const std::size_t index = static_cast<std::size_t>(number) % kWindowSlots;
    if (window_epoch_[index] != number) window_[index] = Duration{};
    window_epoch_[index] = number;
    window_[index] += price;
}

Duration Purse::ours_in_window(Time now) const {
    const std::int64_t number = slot_number(now);
    Duration ours{};
    for (std::size_t i = 0; i < kWindowSlots; ++i) {
        if (number - window_epoch_[i] < static_cast<std::int64_t>(kWindowSlots)) ours += window_[i];
    }
    return ours;
}

void Purse::measured(std::uint16_t busy_permille, Time now, Random& random) {
    const std::int64_t ours_permille =
        to_us(ours_in_window(now)) * 1000 / to_us(kWindowSlot * kWindowSlots);
    foreign_permille_ =
        static_cast<std::uint16_t>(std::max<std::int64_t>(0, busy_permille - ours_permille));
    for (std::size_t i = 1; i < kTrafficClasses; ++i) {
        Pace& each = paces_[i];
        each.jitter_permille = static_cast<std::uint16_t>(750 + random.below(501));
        if (foreign_permille_ > kYieldPermille[i]) {
            each.rate = static_cast<std::uint16_t>(each.rate * (400 + random.below(201)) / 1000);
            if (each.rate < kRatePaused) each.rate = 0;
        } else {
            const std::uint32_t step = kRateStep * (500 + random.below(1001)) / 1000;
            each.rate =
                static_cast<std::uint16_t>(std::min<std::uint32_t>(kFullRate, each.rate + step));
        }
    }
}

bool Purse::alert_left(Time now) const {
    return alerts_used_ < kAlertsPerHour || now - alerts_[0] >= kAlertWindow;
}

bool Purse::can_pay(Duration price, TrafficClass traffic, Time now) {
    return earliest(price, traffic, now) == now;
}

Time Purse::earliest(Duration price, TrafficClass traffic, Time now) {
    COMPOT_CHECK(price >= Duration{});
    refill(now);
    if (traffic == TrafficClass::Alert) {
        return alert_left(now) ? now : alerts_[0] + kAlertWindow;
    }
    const Duration wanted = price + (traffic > TrafficClass::JobControl ? terms_.reserve : 0s);
    if (wanted > terms_.burst) return kNever;
    const Pace& yielding = pace(traffic);
    if (yielding.rate == 0) return now + kLookAgain;
    Time at = std::max(now, yielding.free_at);
    if (wanted > balance_) {
        if (terms_.share_permille == 0) return kNever;
        const std::int64_t missing_millis = to_us(wanted - balance_) * 1000 - credit_millis_;
        const std::int64_t share = terms_.share_permille;
        at = std::max(at, now + Duration{(missing_millis + share - 1) / share});
    }
    return at;
}

bool Purse::pay(Duration price, TrafficClass traffic, Time now) {
    if (!can_pay(price, traffic, now)) return false;
    spent_ += price;
    remember(price, now);
    if (traffic == TrafficClass::Alert) {
        balance_ = std::max(Duration{}, balance_ - price);
        if (alerts_used_ == kAlertsPerHour) {
            std::copy(alerts_.begin() + 1, alerts_.end(), alerts_.begin());
            --alerts_used_;
        }
        alerts_[alerts_used_++] = now;
        return true;
    }
    balance_ -= price;
    Pace& yielding = pace(traffic);
    if (yielding.rate < kFullRate && terms_.share_permille > 0) {
        // At this rate the price is earned in price / (share * rate).
        const std::int64_t earned_us = to_us(price) * 1000 / terms_.share_permille;
        yielding.free_at =
            now + Duration{earned_us * kFullRate / yielding.rate * yielding.jitter_permille / 1000};
    }
    return true;
}

}  // namespace compot::air
