#pragma once

#include <cstdint>
#include <vector>

#include "core/base/random.hpp"
#include "radio/frame.hpp"
#include "sim/ether/ether.hpp"
#include "sim/scenario/scenario.hpp"

/// Other people's radios on the same frequency: they fill a share of the time with frames of a
/// channel that is not ours, at their last hop, so that nobody relays them. They listen before they
/// send, as Meshtastic does, and know nothing of the swarm.

namespace compot::sim {

class Strangers {
public:
    /// Puts the stations into the ether, spread over a field of this side by the seed.
    Strangers(const scenario::Scenario& scenario, std::uint64_t seed, ether::Ether& ether);

    [[nodiscard]] std::size_t size() const { return strangers_.size(); }

    [[nodiscard]] Time first(std::size_t which);

    struct Turn {
        bool sends = false;  ///< the channel is free: this frame goes out now
        radio::Frame frame;
        Time next{};  ///< when it is this stranger's turn again
    };

    [[nodiscard]] Turn turn(std::size_t which, const ether::Ether& ether, Time now);

    [[nodiscard]] ether::Station station(std::size_t which) const {
        return strangers_[which].station;
    }

    [[nodiscard]] static NodeId number(std::size_t which) {
        return NodeId{0xF0000000U + static_cast<std::uint32_t>(which)};
    }

private:
    struct Stranger {
        ether::Station station = 0;
        Random random;
        std::uint16_t bytes = 0;  ///< of the frame that waits
    };

    [[nodiscard]] radio::Frame make_frame(std::size_t which);
    void draw_size(Stranger& stranger);
    [[nodiscard]] Duration pause(Stranger& stranger) const;

    air::Modem modem_;
    scenario::Foreign terms_;
    std::vector<Stranger> strangers_;
};

}  // namespace compot::sim
