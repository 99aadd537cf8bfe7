#pragma once

#include <array>
#include <cstdint>

#include "core/base/containers.hpp"
#include "core/body/route.hpp"
#include "core/learn/grid.hpp"

/// Where a sender is, guessed from how strongly it was heard at different places and from where it
/// says it is. Transmit power and path loss are not known: only differences of strength count.

namespace compot::body {

class Finder {
public:
    static constexpr std::size_t kSamplesMax = 12;

    /// Begin anew with a reported fix and its age; older fixes weigh less.
    void start(learn::Cell fix, std::uint16_t fix_age_s);

    /// A frame heard straight from the sender while standing at `at`. When there are too many, the
    /// oldest is forgotten.
    void hear(learn::Cell at, std::int16_t rssi_cdbm);

    /// Looked around here: the sender's trouble is not within one tile.
    void rule_out(learn::Cell at);

    /// The likeliest tile that was not ruled out.
    /// COST: 256 x samples table look-ups.
    [[nodiscard]] learn::Cell estimate() const;

    /// Every tile has been ruled out.
    [[nodiscard]] bool exhausted() const { return ruled_out_.all(); }

private:
    struct Sample {
        learn::Cell at;
        std::int16_t rssi_cdbm = 0;
    };

    [[nodiscard]] std::int64_t misfit(learn::Cell candidate) const;

    learn::Cell fix_;
    std::int64_t fix_weight_ = 0;
    Ring<Sample, kSamplesMax> samples_;
    Tiles ruled_out_;
};

}  // namespace compot::body
