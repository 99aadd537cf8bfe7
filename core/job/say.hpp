#pragma once

#include <cstdint>

#include "core/air/purse.hpp"
#include "core/base/containers.hpp"
#include "core/base/time.hpp"
#include "core/profile/message.hpp"

/// Something that a state machine wants said, before anybody has paid for it.

namespace compot::job {

struct Say {
    static constexpr std::uint8_t kHopsDefault = 0xFF;

    profile::Message message;
    air::TrafficClass traffic = air::TrafficClass::JobControl;
    Duration after{};                  ///< wait so long first
    Duration expires_after = 5min;     ///< pointless later than this
    std::uint8_t hops = kHopsDefault;  ///< 0: for neighbours only
    bool replaces = false;             ///< one of this type is enough
};

inline constexpr std::size_t kSaysMax = 6;
using Says = FixedVector<Say, kSaysMax>;

}  // namespace compot::job
