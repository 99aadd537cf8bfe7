#include "core/bundle/delta_models.hpp"

namespace compot::bundle {

UnitModels::UnitModels() {
    // A surprise seldom comes alone.
    constexpr std::array<std::uint32_t, kRecencies> kOneIn = {12, 32, 80, 800};
    for (std::size_t unit = 0; unit < kUnits; ++unit) {
        for (std::size_t recency = 0; recency < kRecencies; ++recency) {
            same[unit][recency] = RareBit(kOneIn[recency], 4);
            moved[unit][recency] = RareBit(16, 2);
        }
        raw[unit] = RareBit(3);
        not_target[unit] = RareBit(6);
    }
}

}  // namespace compot::bundle
