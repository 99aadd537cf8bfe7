#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "sim/ether/propagation.hpp"

/// Who may be near a place, without asking everybody: stations by squares of the map. What lies
/// within reach is for the one who asks to decide.

namespace compot::ether {

class Grid {
public:
    /// REQUIRES: side_cm > 0.
    explicit Grid(std::int64_t side_cm) : side_cm_(side_cm) {}

    void add(std::uint32_t station, const Position& at) { squares_[square(at)].push_back(station); }

    /// REQUIRES: it was added there.
    void remove(std::uint32_t station, const Position& at) {
        auto& here = squares_[square(at)];
        here.erase(std::find(here.begin(), here.end(), station));
    }

    /// Calls `visit(station)` for all within `reach_cm`, and for some beyond, in no order that
    /// matters. False, and nobody visited, when that many squares are no gain over asking all of
    /// `stations`.
    template <typename Visit>
    [[nodiscard]] bool near(const Position& at, std::int64_t reach_cm, std::size_t stations,
                            Visit visit) const {
        const std::int64_t west = row(at.x_cm - reach_cm);
        const std::int64_t east = row(at.x_cm + reach_cm);
        const std::int64_t south = row(at.y_cm - reach_cm);
        const std::int64_t north = row(at.y_cm + reach_cm);
        const auto wide = static_cast<std::uint64_t>(east - west + 1);
        const auto high = static_cast<std::uint64_t>(north - south + 1);
        if (wide > stations || high > stations || wide * high > stations) return false;
        for (std::int64_t x = west; x <= east; ++x) {
            for (std::int64_t y = south; y <= north; ++y) {
                const auto found = squares_.find(key(x, y));
                if (found == squares_.end()) continue;
                for (const std::uint32_t station : found->second) visit(station);
            }
        }
        return true;
    }

private:
    [[nodiscard]] std::int64_t row(std::int64_t cm) const {
        return cm >= 0 ? cm / side_cm_ : -((-cm + side_cm_ - 1) / side_cm_);
    }

    [[nodiscard]] static std::uint64_t key(std::int64_t x, std::int64_t y) {
        return static_cast<std::uint64_t>(x) << 32U | (static_cast<std::uint64_t>(y) & 0xFFFFFFFFU);
    }

    [[nodiscard]] std::uint64_t square(const Position& at) const {
        return key(row(at.x_cm), row(at.y_cm));
    }

    std::int64_t side_cm_;
    std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> squares_;
};

}  // namespace compot::ether
