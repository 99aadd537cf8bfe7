#pragma once

#include <chrono>
#include <cstdint>

/// Points and spans of time, without any way to ask what time it is: `now` always arrives as an
/// argument.

namespace compot {

using Duration = std::chrono::duration<std::int64_t, std::micro>;

/// A node's own uptime, or a simulated world's time: microseconds since it began. There is no
/// now().
struct NodeClock {
    using duration = Duration;
    using rep = Duration::rep;
    using period = Duration::period;
    using time_point = std::chrono::time_point<NodeClock>;
    static constexpr bool is_steady = true;
};

using Time = NodeClock::time_point;

inline constexpr Time kNever = Time::max();

using std::chrono_literals::operator""us;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;
using std::chrono_literals::operator""min;
using std::chrono_literals::operator""h;

[[nodiscard]] constexpr std::int64_t to_ms(Duration span) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(span).count();
}

[[nodiscard]] constexpr std::int64_t to_us(Duration span) { return span.count(); }

[[nodiscard]] constexpr std::int64_t to_ms(Time at) { return to_ms(at.time_since_epoch()); }

[[nodiscard]] constexpr std::int64_t to_us(Time at) { return to_us(at.time_since_epoch()); }

}  // namespace compot
