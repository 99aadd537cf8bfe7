#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/time.hpp"
#include "sim/meshtasticator/scenario.hpp"

/// The air as Meshtasticator has it: who hears which transmission, which ones kill each other, and
/// when a channel check finds somebody. Everything is pairwise and decided when a transmission
/// begins; nothing adds up. A packet's levels are those of the moment in which it was made, though
/// it may be sent much later and its sender have moved.

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

/// Whom a node reaches.
struct Reach {
    std::vector<Ear> ears;       ///< as a fresh transmission has them, by number
    std::vector<bool> detected;  ///< by number: whose channel check finds it
};

struct Transmission {
    std::shared_ptr<const Reach> reach;
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

    /// Of a packet that `sender` makes now.
    [[nodiscard]] const std::shared_ptr<const Reach>& reach(std::uint16_t sender) const {
        return reaches_[sender];
    }

    /// From now on levels are these, as in Scenario: those from and to `moved` may be new.
    void set_levels(const std::vector<std::int32_t>& rssi_mdbm, std::uint16_t moved);

    /// Puts it on the air: kills and is killed. The slot stays its name until finish().
    std::size_t begin(std::uint16_t sender, std::uint32_t packet,
                      std::shared_ptr<const Reach> reach, Time now);

    [[nodiscard]] Transmission& at(std::size_t slot) { return pool_[slot]; }

    void finish(std::size_t slot);

    /// Somebody whom `node` can detect has been on the air for a slot at least.
    [[nodiscard]] bool busy(std::uint16_t node, Time now) const;

private:
    struct Ended {
        std::shared_ptr<const Reach> reach;
        std::uint16_t sender = 0;
    };

    [[nodiscard]] std::shared_ptr<const Reach> reach_of(
        std::size_t sender, const std::vector<std::int32_t>& rssi_mdbm) const;
    void collide(Transmission& now_sent, Time now);

    std::size_t nodes_;
    Fixes fixes_;
    Duration airtime_{};
    Duration unharmed_{};                                ///< what may be lost of a preamble
    std::vector<std::shared_ptr<const Reach>> reaches_;  ///< by sender
    std::vector<Transmission> pool_;
    std::vector<std::size_t> free_;
    std::vector<std::size_t> on_air_;
    std::vector<Ended> just_ended_;  ///< a check at `ended_` still finds them
    Time ended_{};
};

/// One slot of its contention window: 8.5 symbols and 7.6 ms, as firmware 2.1 had it.
inline constexpr Duration kSlot{77'232};

}  // namespace compot::meshtasticator
