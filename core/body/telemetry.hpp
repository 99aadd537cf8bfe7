#pragma once

#include <cstdint>

#include "core/base/containers.hpp"
#include "core/profile/message.hpp"

/// Readings summed up into a message a minute, and batches held back for later.

namespace compot::body {

/// Lowest, mean and highest of a period.
class Summary {
public:
    void add(std::int16_t reading_cdeg);
    /// Another node's period, so that one frame serves for both.
    void add(const profile::Telemetry& other);

    [[nodiscard]] bool empty() const { return samples_ == 0; }

    /// The period's message; the next period begins.
    [[nodiscard]] profile::Telemetry take(std::uint8_t battery_percent);

private:
    std::uint16_t sequence_ = 0;
    std::uint32_t samples_ = 0;
    std::int64_t sum_cdeg_ = 0;
    std::int16_t low_cdeg_ = 0;
    std::int16_t high_cdeg_ = 0;
    std::uint8_t others_ = 0;
};

/// Batches that wait; the oldest is forgotten when there are too many.
using HeldBatches = Ring<profile::Telemetry, 12>;

}  // namespace compot::body
