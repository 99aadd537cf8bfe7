#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "core/base/time.hpp"
#include "radio/growth.hpp"

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
    static std::uint16_t share(std::int64_t sum_us, std::int64_t whole_us) {
        return static_cast<std::uint16_t>(sum_us > whole_us ? 1000 : sum_us * 1000 / whole_us);
    }

    /// Six slots of ten seconds, the running one included.
    class Minute {
    public:
        void add(Duration airtime, Time now) {
            forget(now);
            sums_us_[slot_of(latest_)] += static_cast<std::uint32_t>(to_us(airtime));
        }

        [[nodiscard]] std::uint16_t permille(Time now) const {
            const std::int64_t number = to_us(now) / kSlotUs;
            std::int64_t sum = 0;
            for (std::int64_t age = 0; age < kSlots; ++age) {
                const std::int64_t slot = number - age;
                if (slot < 0 || slot > latest_) continue;
                if (slot <= latest_ - kSlots) break;
                sum += sums_us_[slot_of(slot)];
            }
            return share(sum, kSlotUs * kSlots);
        }

    private:
        static constexpr std::int64_t kSlots = 6;
        static constexpr std::int64_t kSlotUs = 10'000'000;

        static std::size_t slot_of(std::int64_t number) {
            return static_cast<std::size_t>(number) % kSlots;
        }

        void forget(Time now) {
            const std::int64_t number = to_us(now) / kSlotUs;
            if (number - latest_ >= kSlots) {
                sums_us_.fill(0);
            } else {
                for (std::int64_t slot = latest_ + 1; slot <= number; ++slot) {
                    sums_us_[slot_of(slot)] = 0;
                }
            }
            latest_ = static_cast<std::int32_t>(number);
        }

        std::array<std::uint32_t, kSlots> sums_us_{};
        std::int32_t latest_ = 0;
    };

    /// Sixty minutes, the running one included. Most radios send in few of them: only those take
    /// room, four bytes each.
    class Hour {
    public:
        void add(Duration airtime, Time now) {
            const std::int64_t number = to_us(now) / kSlotUs;
            const bool again = !sums_.empty() && number == latest_;
            if (!again) {
                const auto old = std::find_if(sums_.begin(), sums_.end(), [&](std::uint32_t sum) {
                    return number - number_of(sum) < kSlots;
                });
                sums_.erase(sums_.begin(), old);
                make_room(sums_, 2);
                sums_.push_back(static_cast<std::uint32_t>(number) << kSumBits);
                latest_ = static_cast<std::int32_t>(number);
            }
            // 26 bits hold 67 s: no radio sends that much in a minute, for it waits between frames.
            const std::uint32_t sum =
                (sums_.back() & kSumMask) + static_cast<std::uint32_t>(to_us(airtime));
            sums_.back() = (sums_.back() & ~kSumMask) | std::min(sum, kSumMask);
        }

        [[nodiscard]] std::uint16_t permille(Time now) const {
            const std::int64_t number = to_us(now) / kSlotUs;
            std::int64_t total = 0;
            for (const std::uint32_t sum : sums_) {
                if (number - number_of(sum) < kSlots) total += sum & kSumMask;
            }
            return share(total, kSlotUs * kSlots);
        }

    private:
        static constexpr std::int64_t kSlots = 60;
        static constexpr std::int64_t kSlotUs = 60'000'000;
        static constexpr unsigned kSumBits = 26;
        static constexpr std::uint32_t kSumMask = (1U << kSumBits) - 1;

        /// The minute's own number: of it six bits are kept, and none is an hour older than the
        /// latest.
        [[nodiscard]] std::int64_t number_of(std::uint32_t sum) const {
            const auto back = (static_cast<std::uint32_t>(latest_) - (sum >> kSumBits)) & 0x3FU;
            return latest_ - static_cast<std::int64_t>(back);
        }

        std::vector<std::uint32_t> sums_;  ///< minute and microseconds, the oldest first
        std::int32_t latest_ = 0;
    };

    Minute minute_;
    Hour hour_;
};

}  // namespace compot::radio
