#pragma once

#include <cstdint>

#include "core/base/containers.hpp"
#include "core/bundle/copy_map.hpp"
#include "core/bundle/delta_models.hpp"
#include "core/bundle/weight_coder.hpp"

/// How the list of copied pieces and of weight zones travels: before everything else, because the
/// map that it implies predicts the rest.

namespace compot::bundle {

inline constexpr std::size_t kZonesMax = 12;

/// In the order of the new image, without overlap.
using Zones = FixedVector<Zone, kZonesMax>;

/// Codes `zones`; a decoder fills it. False if they can't be those of an image of `new_size` bytes.
template <typename Coder>
[[nodiscard]] bool code_zones(Coder& coder, PieceModels& models, Zones& zones,
                              std::uint32_t new_size) {
    const auto truth = static_cast<std::uint32_t>(zones.size());
    const std::uint32_t count = models.zone_place.code(coder, truth);
    if (count > kZonesMax) return false;
    zones.resize(count);
    std::uint32_t end = 0;
    for (Zone& zone : zones) {
        zone.start = end + models.zone_place.code(coder, zone.start - end);
        zone.length = models.zone_place.code(coder, zone.length);
        zone.row = models.zone_shape.code(coder, zone.row - 1) + 1;
        zone.step = models.zone_shape.code(coder, zone.step);
        end = zone.start + zone.length;
        if (end > new_size || zone.row > Zone::kRowMax || zone.step > Zone::kStepMax) return false;
    }
    return true;
}

/// Where a piece starts in the old image, told from where the last one ended.
template <typename Coder>
[[nodiscard]] std::uint32_t code_start(Coder& coder, PieceModels& models, std::uint32_t from,
                                       std::uint32_t truth) {
    if (!coder.bit(models.skips, truth != from)) return from;
    if (coder.bit(models.skips_back, truth < from))
        return from - models.skip_back.code(coder, from - truth - 1) - 1;
    return from + models.skip_ahead.code(coder, truth - from - 1) + 1;
}

/// Codes `map`; a decoder fills it. False if the list can't be one of an image of `new_size` bytes
/// made from one of `old_size`.
template <typename Coder>
[[nodiscard]] bool code_pieces(Coder& coder, PieceModels& models, CopyMap& map,
                               std::uint32_t old_size, std::uint32_t new_size) {
    const std::uint32_t count = models.count.code(coder, static_cast<std::uint32_t>(map.size()));
    std::uint32_t new_at = 0;
    std::uint32_t old_at = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        const Copy truth = Coder::kEncodes ? map[i] : Copy{};
        Copy copy;
        if (coder.bit(models.has_gap, truth.gap != 0))
            copy.gap = models.gap.code(coder, truth.gap - 1) + 1;
        copy.old_start = code_start(coder, models, old_at, truth.old_start);
        if (copy.gap > new_size - new_at || copy.old_start >= old_size) return false;
        const std::uint32_t left = new_size - new_at - copy.gap;
        if (i + 1 < count || coder.bit(models.ends_short, truth.length != left)) {
            copy.length = models.length.code(coder, truth.length - 1) + 1;
        } else {
            copy.length = left;
        }
        if (copy.length > left || copy.length > old_size - copy.old_start) return false;
        new_at += copy.gap + copy.length;
        old_at = copy.old_start + copy.length;
        if constexpr (!Coder::kEncodes) {
            if (!map.try_push(copy)) return false;
        }
    }
    map.sort();
    return true;
}

}  // namespace compot::bundle
