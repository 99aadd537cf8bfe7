#include "sim/field/battery.hpp"

#include <algorithm>

namespace compot::field {

namespace {

constexpr std::int64_t kNanojoulesPerMillijoule = 1'000'000;

}  // namespace

Battery::Battery(const scenario::Energy& terms)
    : terms_(terms),
      left_nj_(terms.battery_mj * kNanojoulesPerMillijoule / 1000 * terms.charge_permille) {}

void Battery::spend_nj(std::int64_t energy_nj) {
    spent_nj_ += energy_nj;
    left_nj_ = std::max<std::int64_t>(0, left_nj_ - energy_nj);
}

void Battery::pass(Time now) {
    // One milliwatt for one microsecond is one nanojoule.
    const std::int64_t power_mw = std::int64_t{terms_.mcu_mw} + terms_.receive_mw;
    if (on_) spend_nj(power_mw * (now - paid_until_).count());
    paid_until_ = now;
}

void Battery::set_on(bool on, Time now) {
    pass(now);
    on_ = on;
}

void Battery::transmit(Duration airtime) {
    const std::int64_t more_mw =
        std::max<std::int64_t>(0, std::int64_t{terms_.transmit_mw} - terms_.receive_mw);
    spend_nj(more_mw * airtime.count());
}

void Battery::spend_mj(std::int64_t energy_mj) { spend_nj(energy_mj * kNanojoulesPerMillijoule); }

void Battery::set_charge(std::uint16_t permille) {
    left_nj_ = terms_.battery_mj * kNanojoulesPerMillijoule / 1000 * permille;
}

std::uint16_t Battery::permille() const {
    const std::int64_t whole = terms_.battery_mj * kNanojoulesPerMillijoule / 1000;
    return static_cast<std::uint16_t>(
        std::clamp<std::int64_t>(left_nj_ / std::max<std::int64_t>(whole, 1), 0, 1000));
}

std::uint8_t Battery::percent() const { return static_cast<std::uint8_t>((permille() + 5) / 10); }

}  // namespace compot::field
