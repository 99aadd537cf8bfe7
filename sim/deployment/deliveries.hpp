#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <vector>

#include "core/base/time.hpp"
#include "sim/deployment/delays.hpp"
#include "sim/deployment/topology.hpp"

/// What was said and whom it reached: by port, by ring, by distance, and after how long. It is told
/// by whoever runs the radios and knows none.

namespace compot::deployment {

/// Receivers that were meant, and those who got it.
struct Reached {
    std::uint64_t wanted = 0;
    std::uint64_t delivered = 0;
};

class Deliveries {
public:
    struct Kind {
        std::uint64_t messages = 0;
        std::uint64_t bytes = 0;  ///< of payload
        Reached reached;
        std::uint64_t heard_at_gateway = 0;
    };

    struct Direct {
        std::uint64_t messages = 0;
        std::uint64_t delivered = 0;
        std::uint64_t acknowledged = 0;  ///< by the destination itself, as far as the sender knows
        std::uint64_t given_up = 0;      ///< after the last retry
    };

    explicit Deliveries(std::size_t nodes) : nodes_(nodes) {}

    struct Said {
        std::uint32_t origin = 0;
        std::uint32_t port = 0;
        std::size_t bytes = 0;
        std::optional<std::uint32_t> to{};  ///< else to all
        std::size_t others = 0;             ///< nodes that have power, besides the origin
        /// How the origin sees them; null: this one does not count in rings and bins.
        std::shared_ptr<const View> view{};
    };

    /// Returns the packet's id, which is not 0.
    std::uint32_t said(const Said& what, Time at);

    /// `who` has got the packet `id`, perhaps not for the first time.
    void delivered(std::uint32_t id, std::uint32_t origin, std::uint32_t who, Time at);
    void acknowledged(std::uint32_t id);
    void given_up(std::uint32_t id);
    /// The gateway's radio has met it for the first time.
    void at_gateway(std::uint32_t id);

    /// Nothing about what was said before `before` is expected any more: its room is freed.
    void forget(Time before);

    /// The port of a packet that is not forgotten; 0 of any other.
    [[nodiscard]] std::uint32_t port_of(std::uint32_t id) const;

    [[nodiscard]] const std::map<std::uint32_t, Kind>& kinds() const { return kinds_; }

    [[nodiscard]] const Reached& all() const { return all_; }

    [[nodiscard]] const std::array<Reached, kRings>& rings() const { return rings_; }

    [[nodiscard]] const std::array<Reached, kBins>& bins() const { return bins_; }

    [[nodiscard]] const std::array<Delays, kRings>& ring_delays() const { return ring_delays_; }

    [[nodiscard]] const Delays& delays() const { return delays_; }

    [[nodiscard]] const Direct& direct() const { return direct_; }

private:
    struct Message {
        Said what;
        Time at{};
        bool acknowledged = false;
        std::vector<bool> got;  ///< empty until somebody has
    };

    [[nodiscard]] Message* find(std::uint32_t id);

    std::size_t nodes_;
    std::deque<Message> live_;             ///< ids in a row
    std::uint32_t first_ = 1;              ///< the id of live_.front()
    std::map<std::uint32_t, Kind> kinds_;  ///< by port
    Reached all_;
    std::array<Reached, kRings> rings_{};
    std::array<Reached, kBins> bins_{};
    std::array<Delays, kRings> ring_delays_{};
    Delays delays_;
    Direct direct_;
};

}  // namespace compot::deployment
