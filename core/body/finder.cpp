#include "core/body/finder.hpp"

#include <algorithm>

#include "core/base/fixed_math.hpp"

namespace compot::body {

using learn::Cell;

namespace {

// An exponent of 3 lies between open ground (2) and a cluttered field (4): 10 * 3 * log10(d) is 15
// times the decibels of d squared, over ten.
constexpr std::int32_t kExponentTenths = 30;
// One tile off the fix weighs as much as 3 dB off the expected strength in one sample.
constexpr std::int64_t kTileMisfit = 300LL * 300;

std::int32_t squared_distance(Cell a, Cell b) {
    const std::int32_t dx = a.x - b.x;
    const std::int32_t dy = a.y - b.y;
    return dx * dx + dy * dy;
}

/// Path loss over the distance between two tiles, up to a constant, in hundredths of a dB. On the
/// same tile the distance is taken as half a tile.
std::int32_t relative_loss_cdb(Cell a, Cell b) {
    const auto quarters = std::max<std::int32_t>(1, 4 * squared_distance(a, b));
    return decibels_cdb(static_cast<std::uint64_t>(quarters)) * kExponentTenths / 20;
}

}  // namespace

void Finder::start(Cell fix, std::uint16_t fix_age_s) {
    fix_ = fix;
    fix_weight_ = kTileMisfit * 60 / (60 + fix_age_s);
    samples_.clear();
    ruled_out_.reset();
}

void Finder::hear(Cell at, std::int16_t rssi_cdbm) { samples_.push(Sample{at, rssi_cdbm}); }

void Finder::rule_out(Cell at) { ruled_out_.set(at.index()); }

std::int64_t Finder::misfit(Cell candidate) const {
    // The unknown transmit power is the mean of what is left over; its misfit is the spread around
    // it.
    const auto count = static_cast<std::int64_t>(samples_.size());
    std::int64_t sum = 0;
    std::int64_t squares = 0;
    for (std::size_t i = 0; i < samples_.size(); ++i) {
        const std::int64_t rest =
            samples_[i].rssi_cdbm + relative_loss_cdb(samples_[i].at, candidate);
        sum += rest;
        squares += rest * rest;
    }
    const std::int64_t spread = count == 0 ? 0 : squares - sum * sum / count;
    return spread + fix_weight_ * squared_distance(candidate, fix_);
}

Cell Finder::estimate() const {
    Cell best = fix_;
    std::int64_t least = -1;
    for (std::size_t index = 0; index < learn::kCells; ++index) {
        if (ruled_out_.test(index)) continue;
        const Cell candidate = learn::cell_at(static_cast<std::uint8_t>(index));
        const std::int64_t cost = misfit(candidate);
        if (least < 0 || cost < least) {
            least = cost;
            best = candidate;
        }
    }
    return best;
}

}  // namespace compot::body
