#include "radio/contention.hpp"

#include <algorithm>

namespace compot::radio {
namespace {

constexpr int kSnrMin = -20;  // dB
constexpr int kSnrMax = 10;
constexpr Duration kProcessing = 4500ms;

constexpr int interpolate(int value, int from, int to) {
    return kWindowExponentMin +
           (value - from) * (kWindowExponentMax - kWindowExponentMin) / (to - from);
}

constexpr std::uint32_t power_of_two(int exponent) {
    return 1U << static_cast<unsigned>(std::clamp(exponent, 0, 16));
}

}  // namespace

int window_exponent_by_snr(std::int16_t snr_cdb) {
    return interpolate(snr_cdb / 100, kSnrMin, kSnrMax);
}

int window_exponent_by_busy(std::uint16_t busy_permille) {
    return interpolate(busy_permille / 10, 0, 100);
}

Window own_window(std::uint16_t busy_permille) {
    return {0, power_of_two(window_exponent_by_busy(busy_permille))};
}

Window relay_window(std::int16_t snr_cdb, bool early) {
    const int exponent = window_exponent_by_snr(snr_cdb);
    if (early) return {0, static_cast<std::uint32_t>(std::max(1, 2 * exponent))};
    return {kRelayOffsetSlots, power_of_two(exponent)};
}

std::uint32_t relay_slots_worst(std::int16_t snr_cdb) {
    return kRelayOffsetSlots + power_of_two(window_exponent_by_snr(snr_cdb));
}

Duration retransmit_after(Duration airtime, Duration slot, std::uint16_t busy_permille) {
    constexpr int kMiddle = (kWindowExponentMax + kWindowExponentMin) / 2;
    const std::int64_t slots = own_window(busy_permille).width + kRelayOffsetSlots +
                               static_cast<std::int64_t>(power_of_two(kMiddle));
    return 2 * airtime + slots * slot + kProcessing;
}

}  // namespace compot::radio
