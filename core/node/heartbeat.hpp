#pragma once

#include "core/base/random.hpp"
#include "core/base/time.hpp"

/// When to send a beacon: Trickle (RFC 6206) with k = 2. Each change starts it anew from I_min,
/// each quiet interval doubles up to I_max. Knows nothing of what is in a beacon.

namespace compot::node {

class Heartbeat {
public:
    Heartbeat(Duration interval_min, Duration interval_max)
        : min_(interval_min), max_(interval_max) {}

    void start(Time now, Random& random) { begin(min_, now, random); }

    /// Something changed, or a peer was found to differ.
    void reset(Time now, Random& random) {
        if (interval_ > min_) begin(min_, now, random);
    }

    /// A beacon that says what ours would say.
    void hear_consistent() { ++consistent_; }

    /// True once in an interval, at its random moment, unless enough others have spoken. `must`: we
    /// have something to say that nobody else can (an echo, a change).
    [[nodiscard]] bool due(Time now, bool must, Random& random);

    [[nodiscard]] Time wake_at() const { return spoken_ ? end_ : fire_; }

private:
    static constexpr int kRedundancy = 2;

    void begin(Duration interval, Time now, Random& random);

    Duration min_;
    Duration max_;
    Duration interval_{};
    Time fire_ = kNever;
    Time end_ = kNever;
    int consistent_ = 0;
    bool spoken_ = true;
};

}  // namespace compot::node
