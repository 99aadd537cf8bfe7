#include "core/body/telemetry.hpp"

#include <algorithm>

namespace compot::body {

void Summary::add(std::int16_t reading_cdeg) {
    low_cdeg_ = samples_ == 0 ? reading_cdeg : std::min(low_cdeg_, reading_cdeg);
    high_cdeg_ = samples_ == 0 ? reading_cdeg : std::max(high_cdeg_, reading_cdeg);
    sum_cdeg_ += reading_cdeg;
    ++samples_;
}

void Summary::add(const profile::Telemetry& other) {
    if (other.samples == 0) return;
    low_cdeg_ = samples_ == 0 ? other.low_cdeg : std::min(low_cdeg_, other.low_cdeg);
    high_cdeg_ = samples_ == 0 ? other.high_cdeg : std::max(high_cdeg_, other.high_cdeg);
    sum_cdeg_ += std::int64_t{other.mean_cdeg} * other.samples;
    samples_ += other.samples;
    others_ = static_cast<std::uint8_t>(std::min(others_ + other.sources, 254));
}

profile::Telemetry Summary::take(std::uint8_t battery_percent) {
    profile::Telemetry message;
    message.sequence = ++sequence_;
    message.samples = static_cast<std::uint16_t>(std::min<std::uint32_t>(samples_, 0xFFFF));
    message.low_cdeg = low_cdeg_;
    message.high_cdeg = high_cdeg_;
    message.mean_cdeg =
        samples_ == 0 ? std::int16_t{0} : static_cast<std::int16_t>(sum_cdeg_ / samples_);
    message.battery_percent = battery_percent;
    message.sources = static_cast<std::uint8_t>(1 + others_);
    samples_ = 0;
    sum_cdeg_ = 0;
    others_ = 0;
    return message;
}

}  // namespace compot::body
