#pragma once

#include <array>
#include <cstdint>

#include "core/base/time.hpp"

/// What a radio knows of the airtime around it: everybody's in the last minute, its own in the last
/// hour. A frame counts whole in the slot in which it ends.

namespace compot::radio {

class AirLog {
public:
    void add_received(Duration airtime, Time now) { minute_.add(airtime, now); }

    void add_sent(Duration airtime, Time now) {
        minute_.add(airtime, now);
        hour_.add(airtime, now);
    }

    [[nodiscard]] std::uint16_t busy_permille(Time now) const { return minute_.permille(now); }

    [[nodiscard]] std::uint16_t duty_permille(Time now) const { return hour_.permille(now); }

private:
    /// A sum over the last `Slots` slots of time, the running one included.
    template <std::size_t Slots, std::int64_t SlotMicros>
    class Window {
    public:
        void add(Duration airtime, Time now) {
            forget(now);
            sums_[static_cast<std::size_t>(latest_) % Slots] +=
                static_cast<std::uint32_t>(to_us(airtime));
        }

        [[nodiscard]] std::uint16_t permille(Time now) const {
            const std::int64_t number = to_us(now) / SlotMicros;
            std::int64_t sum = 0;
            for (std::int64_t age = 0; age < static_cast<std::int64_t>(Slots); ++age) {
                const std::int64_t slot = number - age;
                if (slot < 0 || slot > latest_) continue;
                if (slot <= latest_ - static_cast<std::int64_t>(Slots)) break;
                sum += sums_[static_cast<std::size_t>(slot) % Slots];
            }
            const std::int64_t whole = SlotMicros * static_cast<std::int64_t>(Slots);
            return static_cast<std::uint16_t>(sum > whole ? 1000 : sum * 1000 / whole);
        }

    private:
        void forget(Time now) {
            const std::int64_t number = to_us(now) / SlotMicros;
            if (number - latest_ >= static_cast<std::int64_t>(Slots)) {
                sums_.fill(0);
            } else {
                for (std::int64_t slot = latest_ + 1; slot <= number; ++slot) {
                    sums_[static_cast<std::size_t>(slot) % Slots] = 0;
                }
            }
            latest_ = static_cast<std::int32_t>(number);
        }

        std::array<std::uint32_t, Slots> sums_{};
        std::int32_t latest_ = 0;
    };

    Window<6, 10'000'000> minute_;
    Window<60, 60'000'000> hour_;
};

}  // namespace compot::radio
