#include "sim/deployment/meter.hpp"

#include <algorithm>

#include "core/base/fixed_math.hpp"

namespace compot::deployment {

namespace {

constexpr std::int64_t kSecondsPerHour = 3600;

std::int64_t whole_seconds_times(Duration span, std::int64_t ua) {
    // Milliseconds keep a year of an ampere within 64 bits.
    return to_ms(span) * ua / 1000;
}

}  // namespace

std::uint32_t transmit_ua(std::int32_t power_cdbm) {
    constexpr std::int32_t kFullCdbm = 2200;
    constexpr std::int64_t kFullUa = 118'000;
    if (power_cdbm > kFullCdbm) {
        return static_cast<std::uint32_t>(
            kFullUa * static_cast<std::int64_t>(power_ratio_q16(power_cdbm - kFullCdbm)) / 65536);
    }
    constexpr std::int64_t kUaPerCdb = (118'000 - 45'000) / 800;
    return static_cast<std::uint32_t>(
        std::max<std::int64_t>(kFullUa - (kFullCdbm - power_cdbm) * kUaPerCdb, 25'000));
}

void Meter::set(State state, Time now) {
    spans_ = spans(now);
    since_ = now;
    state_ = state;
}

Meter::Spans Meter::spans(Time now) const {
    Spans all = spans_;
    const Duration passed = now - since_;
    switch (state_) {
        case State::Off: all.off += passed; break;
        case State::Asleep: all.asleep += passed; break;
        case State::On: all.on += passed; break;
    }
    return all;
}

std::int64_t Meter::drawn_ua_s(Time now) const {
    const Spans all = spans(now);
    const Duration listening = std::max<Duration>(all.on - all.sending, 0s);
    return whole_seconds_times(all.on, terms_.mcu_ua) +
           whole_seconds_times(listening, terms_.receive_ua) +
           whole_seconds_times(all.sending, transmit_ua_) +
           whole_seconds_times(all.asleep, terms_.sleep_ua);
}

std::int64_t Meter::drawn_uah(Time now) const { return drawn_ua_s(now) / kSecondsPerHour; }

bool Meter::empty(Time now) const {
    return terms_.battery_mah > 0 && drawn_uah(now) >= std::int64_t{terms_.battery_mah} * 1000;
}

std::optional<Duration> Meter::life(Time now) const {
    const std::int64_t drawn = drawn_ua_s(now);
    if (terms_.battery_mah == 0 || drawn <= 0) return std::nullopt;
    const std::int64_t battery = std::int64_t{terms_.battery_mah} * 1000 * kSecondsPerHour;
    // battery / (drawn / elapsed), in seconds first: microseconds would not fit.
    const std::int64_t elapsed_s = std::max<std::int64_t>(to_ms(now) / 1000, 1);
    const std::int64_t average_ua = std::max<std::int64_t>(drawn / elapsed_s, 1);
    return Duration{battery / average_ua * 1'000'000};
}

std::uint16_t Meter::charge_permille(Time now) const {
    if (terms_.battery_mah == 0) return 1000;
    const std::int64_t whole = std::int64_t{terms_.battery_mah} * 1000;
    return static_cast<std::uint16_t>(std::max<std::int64_t>(whole - drawn_uah(now), 0) * 1000 /
                                      whole);
}

observe::Energy Meter::energy(Time now) const {
    // A microampere-hour at 3.3 V is 11.88 mJ.
    constexpr std::int64_t kHundredthsMj = 1188;
    return {drawn_uah(now) * kHundredthsMj / 100,
            std::int64_t{terms_.battery_mah} * 1000 * kHundredthsMj / 100};
}

}  // namespace compot::deployment
