#pragma once

#include <unistd.h>

#include <cstdio>

#include "core/base/time.hpp"

namespace compot::apps {

/// How far a run has come, on a terminal only.
class Progress {
public:
    Progress() : shown_(isatty(STDERR_FILENO) == 1) {}

    void at(Time now, Time until) {
        if (!shown_ || now < next_) return;
        const auto part = static_cast<int>(now.time_since_epoch() * 40 / until.time_since_epoch());
        std::fprintf(
            stderr, "\r[%-40.*s] %lld of %lld s ", part, "########################################",
            static_cast<long long>(to_ms(now) / 1000), static_cast<long long>(to_ms(until) / 1000));
        next_ = now + (until.time_since_epoch() / 200);
    }

    void done() const {
        if (shown_) std::fprintf(stderr, "\r%70s\r", "");
    }

private:
    bool shown_;
    Time next_{};
};

}  // namespace compot::apps
