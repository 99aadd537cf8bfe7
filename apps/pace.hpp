#pragma once

#include <chrono>

#include "core/base/time.hpp"

/// How far a world may go by now: its own time against a wall clock, at any speed. Knows no world.

namespace compot::apps {

class Pace {
public:
    using Wall = std::chrono::steady_clock::time_point;

    [[nodiscard]] bool running() const { return running_; }

    /// Times real time; 0 is as fast as it goes.
    [[nodiscard]] double speed() const { return speed_; }

    /// From now on the world is at `world`, whatever was before.
    void set(bool running, double speed, Time world, Wall now) {
        running_ = running;
        speed_ = speed;
        anchor_world_ = world;
        anchor_wall_ = now;
    }

    /// The world's time that `now` allows.
    [[nodiscard]] Time allowed(Wall now) const {
        if (!running_) return anchor_world_;
        if (speed_ == 0) return kNever;
        const std::chrono::duration<double, std::micro> passed = now - anchor_wall_;
        return anchor_world_ + Duration{static_cast<std::int64_t>(passed.count() * speed_)};
    }

    /// A world that is more than a wall second late can't keep up, and would race when it gets
    /// lighter: what it is behind is forgotten.
    void forgive(Time world, Wall now) {
        if (allowed(now - std::chrono::seconds(1)) > world) set(running_, speed_, world, now);
    }

private:
    bool running_ = true;
    double speed_ = 1;
    Time anchor_world_{};
    Wall anchor_wall_{};
};

}  // namespace compot::apps
