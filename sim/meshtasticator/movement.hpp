#pragma once

#include <cstdint>
#include <vector>

#include "core/base/random.hpp"
#include "core/base/time.hpp"
#include "sim/ether/macro_models.hpp"
#include "sim/meshtasticator/python_random.hpp"
#include "sim/meshtasticator/scenario.hpp"

/// Nodes that move as Meshtasticator has them move: whoever moves walks, cycles or drives, and at
/// intervals of a minute on average is somewhere else, in any direction and no farther than its
/// minute takes it. Nobody leaves the area. What that does to frames on the air is not known here.

namespace compot::meshtasticator {

class Movement {
public:
    /// The walks are those of the kept run, for there each node's number decides them; `seed` draws
    /// when each step is taken. Nobody moves in a scenario without places.
    Movement(const Scenario& scenario, std::uint64_t seed);

    /// Of the next step; kNever when there is none.
    [[nodiscard]] Time next_at() const;

    /// Takes it: `rssi_mdbm`, as in Scenario, gets the levels to and from the node that has moved,
    /// which is returned. What of a level was not its path loss stays. REQUIRES: there is one.
    std::uint16_t step(std::vector<std::int32_t>& rssi_mdbm);

private:
    struct Walker {
        std::uint16_t node = 0;
        std::int32_t minute_cm = 0;  ///< how far it gets
        PythonRandom walk;
        Random waits;
        Time next{};
    };

    [[nodiscard]] std::vector<Walker>::iterator first();
    [[nodiscard]] ether::Position stepped(Walker& walker) const;

    ether::Macrocell loss_;
    std::vector<ether::Position> places_;
    std::vector<std::int32_t> losses_cdb_;  ///< nodes x nodes, of now
    std::int32_t border_cm_ = 0;            ///< in each direction
    Time last_{};                           ///< later than this nobody moves
    std::vector<Walker> walkers_;
};

}  // namespace compot::meshtasticator
