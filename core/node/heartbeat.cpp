#include "core/node/heartbeat.hpp"

#include <algorithm>

namespace compot::node {

void Heartbeat::begin(Duration interval, Time now, Random& random) {
    interval_ = interval;
    consistent_ = 0;
    spoken_ = false;
    // RFC 6206 4.2: a moment in the second half, so that a newcomer is heard before it is answered.
    const auto half_ms = static_cast<std::uint32_t>(std::max<std::int64_t>(1, to_ms(interval) / 2));
    fire_ = now + interval / 2 + std::chrono::milliseconds(random.below(half_ms));
    end_ = now + interval;
}

bool Heartbeat::due(Time now, bool must, Random& random) {
    bool fire = false;
    if (!spoken_ && now >= fire_) {
        spoken_ = true;
        fire = must || consistent_ < kRedundancy;
    }
    if (now >= end_) begin(std::min(interval_ * 2, max_), now, random);
    return fire;
}

}  // namespace compot::node
