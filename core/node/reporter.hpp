#pragma once

#include "core/body/telemetry.hpp"
#include "core/node/common.hpp"

/// Environmental readings: streamed as summaries by some, held back in batches by others while a
/// node that they look after is blocked.

namespace compot::node {

class Reporter {
public:
    explicit Reporter(const Config& config) : every_(config.timing.telemetry_every) {}

    void boot(Common& common);
    void sense(Common& common);
    /// Another node's summary, heard straight from it: one frame of ours can carry both.
    void hear(Common& common, const profile::Telemetry& telemetry, bool direct);
    /// The node that we hold batches for is blocked, or is cleared.
    void hold(Common& common);
    void release(Common& common);

    void wake(Common& common);
    [[nodiscard]] Time wake_at() const;

    [[nodiscard]] bool holding() const { return holding_; }

private:
    void say(Common& common, const profile::Telemetry& message);

    Duration every_;
    Time next_ = kNever;
    Time release_at_ = kNever;
    body::Summary summary_;
    body::HeldBatches held_;
    bool holding_ = false;
};

}  // namespace compot::node
