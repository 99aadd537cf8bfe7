#pragma once

#include <vector>

#include "core/base/random.hpp"
#include "sim/deployment/deployment.hpp"

/// Random waypoints: a node walks straight to a place, rests, and sets out for another. The seed
/// chooses who moves, where to and how fast; it knows no radio.

namespace compot::deployment {

class Movers {
public:
    Movers(const Deployment& deployment, const std::vector<NodePlan>& nodes, std::uint64_t seed);

    [[nodiscard]] std::size_t size() const { return movers_.size(); }

    struct Step {
        std::size_t node = 0;
        ether::Position at;
        bool moved = false;
    };

    /// Where the mover is at `now`, which never goes back.
    [[nodiscard]] Step step(std::size_t which, Time now);

private:
    struct Mover {
        std::size_t node = 0;
        ether::Position at;  ///< when last looked at
        ether::Position from;
        ether::Position to;
        Time set_out{};
        Time arrives{};  ///< and rests until
        Time rested{};
        Random random;
    };

    void set_out(Mover& mover, Time now);

    Mobility terms_;
    Place place_;
    std::vector<Mover> movers_;
};

}  // namespace compot::deployment
