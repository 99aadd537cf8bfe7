#include "host/bridge/profile.hpp"

#include <algorithm>

namespace compot::bridge {

namespace {

constexpr std::int64_t kMicro = 1'000'000;

}  // namespace

LinkProfile lan() {
    return {"lan", 1s, 2s, 10s, 5min, 20s, 10s, 2min, 10min, 64'000'000, 4096, 60'000, 1024};
}

LinkProfile satellite() {
    return {"satellite", 10s, 30s, 5min, 1h, 1min, 30s, 1h, 24h, 60'000, 1024, 3000, 128};
}

Result<LinkProfile, std::string> profile_named(const std::string& name) {
    for (const LinkProfile& each : {lan(), satellite()}) {
        if (each.name == name) return each;
    }
    return "no link profile is called " + name + "; there are lan and satellite";
}

LinkProfile hurried(LinkProfile profile, std::int64_t factor) {
    for (Duration* each :
         {&profile.gather, &profile.yield, &profile.again, &profile.again_most, &profile.patience,
          &profile.work, &profile.lease, &profile.look_patience})
        *each /= factor;
    profile.bytes_per_hour = static_cast<std::uint32_t>(
        std::min<std::int64_t>(profile.bytes_per_hour * factor, 2'000'000'000));
    return profile;
}

Budget::Budget(std::uint32_t bytes_per_hour)
    : per_hour_(bytes_per_hour), micro_bytes_(bytes_per_hour * kMicro) {}

void Budget::refill(Time now) {
    // More than an hour fills it anyhow, and the product stays small.
    const std::int64_t passed = std::min<Duration>(now - counted_, 1h).count();
    counted_ = now;
    micro_bytes_ = std::min(micro_bytes_ + passed * per_hour_ / 3600, per_hour_ * kMicro);
}

bool Budget::pay(std::size_t bytes, std::size_t reserve, Time now) {
    refill(now);
    if (micro_bytes_ < static_cast<std::int64_t>(bytes + reserve) * kMicro) return false;
    micro_bytes_ -= static_cast<std::int64_t>(bytes) * kMicro;
    return true;
}

Time Budget::affordable_at(std::size_t bytes, std::size_t reserve, Time now) {
    refill(now);
    const std::int64_t lacking = static_cast<std::int64_t>(bytes + reserve) * kMicro - micro_bytes_;
    if (lacking <= 0) return now;
    // A refill rounds down: one more tick makes sure.
    return now + Duration{lacking * 3600 / per_hour_ + 3600};
}

}  // namespace compot::bridge
