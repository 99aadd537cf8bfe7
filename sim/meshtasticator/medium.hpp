#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/time.hpp"
#include "sim/meshtasticator/scenario.hpp"

/// The air as Meshtasticator has it: who hears which transmission, which ones kill each other, and
/// when a channel check finds somebody. Everything is pairwise and decided when a transmission
/// begins; nothing adds up, and a level never changes.

namespace compot::meshtasticator {

/// What is wrong in Meshtasticator's model (doc/meshtasticator.md numbers them alike). Each stands
/// unless it is set.
struct Fixes {
    bool airtime = false;   ///< coding rate 4/5 is counted as 4/9: frames last 1.53 times as long
    bool preamble = false;  ///< five preamble symbols must be hit, but seconds are taken for ms
    bool interference =
        false;  ///< every tenth channel check finds a stranger where every 20th should
    bool lost_interferes = false;  ///< a transmission lost on arrival does no harm to later ones
    bool oracle_ack = false;       ///< the origin knows what others have heard
    bool lost_start = false;  ///< the start of a lost one counts as an end and clears the busy flag
};

/// What becomes of a transmission at one node.
struct Ear {
    std::uint16_t receiver = 0;
    bool sensed = false;  ///< cleared when the receiver was sending itself
    bool collided = false;
    bool interferes = false;  ///< harms what comes later
    std::int32_t rssi_mdbm = 0;
};

struct Transmission {
    std::uint16_t sender = 0;
    std::uint32_t packet = 0;
    Time began{};
    Time ends{};
    std::vector<Ear> ears;  ///< of all who can sense it, by number
};

class Medium {
public:
    Medium(const Scenario& scenario, const Fixes& fixes);

    [[nodiscard]] Duration airtime() const { return airtime_; }

    /// Puts it on the air: kills and is killed. The slot stays its name until finish().
    std::size_t begin(std::uint16_t sender, std::uint32_t packet, Time now);

    [[nodiscard]] Transmission& at(std::size_t slot) { return pool_[slot]; }

    void finish(std::size_t slot);

    /// Somebody whom `node` can detect has been on the air for a slot at least.
    [[nodiscard]] bool busy(std::uint16_t node, Time now) const;

private:
    void collide(Transmission& now_sent, Time now);

    std::size_t nodes_;
    Fixes fixes_;
    Duration airtime_{};
    Duration unharmed_{};                      ///< what may be lost of a preamble
    std::vector<std::vector<Ear>> audible_;    ///< by sender: a fresh transmission's ears
    std::vector<std::vector<bool>> detected_;  ///< by sender, then by node
    std::vector<Transmission> pool_;
    std::vector<std::size_t> free_;
    std::vector<std::size_t> on_air_;
    std::vector<std::size_t> just_ended_;  ///< senders; a check at `ended_` still finds them
    Time ended_{};
};

/// One slot of its contention window: 8.5 symbols and 7.6 ms, as firmware 2.1 had it.
inline constexpr Duration kSlot{77'232};

}  // namespace compot::meshtasticator
