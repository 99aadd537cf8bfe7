#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/base/random.hpp"
#include "core/base/time.hpp"

/// Airtime as money: a node sends only what its purse can pay for. The firmware puts no limit on
/// our port, so this is the only brake. It knows nothing of messages; whoever sends names a price
/// and a class.

namespace compot::air {

/// From what always passes to what waits first.
enum class TrafficClass : std::uint8_t { Alert, JobControl, Housekeeping, Bulk };
inline constexpr std::size_t kTrafficClasses = 4;

inline constexpr std::uint8_t kAlertsPerHour = 3;

struct PurseTerms {
    std::uint16_t share_permille = 5;  ///< of the channel, for what this node originates
    Duration burst = 30s;              ///< the most that can be saved up, and what it starts with
    Duration reserve{};  ///< of the burst: housekeeping and bulk leave so much for jobs
};

/// A token bucket in microseconds of airtime, and per class a pace that yields to foreign traffic.
///
/// Whatever happens, the airtime paid for in any span T is at most
/// burst + share * T + the alerts of that span, at most three in any hour.
///
/// Pace: each measure of the channel above a class's threshold (bulk 15 %, housekeeping 25 %, job
/// control 40 %, our own and our swarm's airtime subtracted) halves that class's rate, about; each
/// one below raises it by about a sixteenth of the share. Both are jittered, so that nodes which
/// hear the same channel do not pause and resume together. Six halvings are a pause.
class Purse {
public:
    explicit Purse(const PurseTerms& terms) : terms_(terms), balance_(terms.burst) {}

    /// Credits the time that has passed. `now` never goes back.
    void refill(Time now);

    /// Our swarm used so much of the channel: it is nobody's whom we would have to yield to.
    void overheard(Duration airtime, Time now) { remember(airtime, now); }

    /// The radio's measure of the last minute, everybody's airtime included. Call it at most every
    /// few seconds: each call moves the pace.
    void measured(std::uint16_t busy_permille, Time now, Random& random);

    [[nodiscard]] bool can_pay(Duration price, TrafficClass traffic, Time now);

    /// False, and nothing has changed, when it can't. An alert takes what the balance has and the
    /// rest from its reserve.
    [[nodiscard]] bool pay(Duration price, TrafficClass traffic, Time now);

    /// When can_pay() would be true if nothing else were paid for; `now` if it is, kNever if the
    /// price is above the burst. While a class is paused: when to look again.
    [[nodiscard]] Time earliest(Duration price, TrafficClass traffic, Time now);

    [[nodiscard]] Duration balance() const { return balance_; }

    [[nodiscard]] Duration capacity() const { return terms_.burst; }

    /// Of everything, alerts included.
    [[nodiscard]] Duration spent() const { return spent_; }

    /// What others use of the channel by the last measure.
    [[nodiscard]] std::uint16_t foreign_permille() const { return foreign_permille_; }

private:
    static constexpr std::size_t kWindowSlots = 6;  ///< of 10 s: as long as the radio's measure

    struct Pace {
        std::uint16_t rate = kFullRate;  ///< of the share, in 1/1024
        Time free_at{};                  ///< the last payment at this rate is worked off
        std::uint16_t jitter_permille = 1000;
    };

    static constexpr std::uint16_t kFullRate = 1024;

    [[nodiscard]] Duration ours_in_window(Time now) const;
    void remember(Duration price, Time now);
    [[nodiscard]] bool alert_left(Time now) const;
    [[nodiscard]] Pace& pace(TrafficClass traffic);

    PurseTerms terms_;
    Duration balance_;
    std::int64_t credit_millis_ = 0;  ///< thousandths of a microsecond not yet in balance_
    Time refilled_{};
    Duration spent_{};
    std::array<Pace, kTrafficClasses> paces_{};
    std::array<Time, kAlertsPerHour> alerts_{};  ///< the last ones, oldest first
    std::uint8_t alerts_used_ = 0;
    std::array<Duration, kWindowSlots> window_{};
    std::array<std::int64_t, kWindowSlots> window_epoch_{};
    std::uint16_t foreign_permille_ = 0;
};

}  // namespace compot::air
