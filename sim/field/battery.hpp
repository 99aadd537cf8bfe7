#pragma once

#include <cstdint>

#include "core/base/time.hpp"
#include "sim/scenario/scenario.hpp"

/// What a body's battery has been through. Whole nanojoules inside, so that a year of microseconds
/// and milliwatts adds up exactly. It does not know why anything was spent.

namespace compot::field {

class Battery {
public:
    explicit Battery(const scenario::Energy& terms);

    /// Time passes with the computer and the receiver on. A body that is off pays nothing: call
    /// set_on() at the moment it changes.
    void pass(Time now);
    void set_on(bool on, Time now);

    /// Sending costs more than receiving, for this long.
    void transmit(Duration airtime);
    void spend_mj(std::int64_t energy_mj);

    /// From outside: charged or drained to this.
    void set_charge(std::uint16_t permille);

    [[nodiscard]] bool empty() const { return left_nj_ <= 0; }

    [[nodiscard]] std::uint16_t permille() const;

    [[nodiscard]] std::uint8_t percent() const;

    /// Everything since the start.
    [[nodiscard]] std::int64_t spent_mj() const { return spent_nj_ / 1'000'000; }

private:
    void spend_nj(std::int64_t energy_nj);

    scenario::Energy terms_;
    std::int64_t left_nj_;
    std::int64_t spent_nj_ = 0;
    Time paid_until_{};
    bool on_ = true;
};

}  // namespace compot::field
