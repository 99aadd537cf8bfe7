#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/bundle/range_coder.hpp"

/// Everything that the delta coder learns while it works (but for fresh bytes, see
/// fresh_model.hpp), with what it believes at the start.

namespace compot::bundle {

/// What kind of thing the next unit of a copied piece is; each has its own chance of surprises.
enum class Unit : std::uint8_t {
    Byte,        ///< unaligned
    Half,        ///< a halfword of code or data that names nothing
    Wide,        ///< a wide instruction that names nothing
    Constant,    ///< a word of a literal pool that is no address
    Flash,       ///< a word of a literal pool that is an address in the image
    Ram,         ///< ... in RAM
    LooseFlash,  ///< a word elsewhere that reads like an address in the image
    LooseRam,
    Branch,  ///< the first of Relative; the other kinds follow
};
inline constexpr std::size_t kUnits = 8 + 11;
inline constexpr std::size_t kRecencies = 4;

struct PieceModels {
    NumberModel count, gap, length, skip_ahead, skip_back;
    RareBit ends_short{8}, has_gap{2}, skips{2}, skips_back{4};
    NumberModel zone_place, zone_shape;
    // borrowed phrases
    RareBit borrows{16}, from_new{2}, jumps_back{2};
    NumberModel run, phrase, distance, jump_ahead, jump_back;
};

struct UnitModels {
    UnitModels();

    std::array<std::array<RareBit, kRecencies>, kUnits> same;   ///< predicted as in the source
    std::array<std::array<RareBit, kRecencies>, kUnits> moved;  ///< predicted otherwise
    std::array<RareBit, kUnits> raw;         ///< the prediction is wrong, the source right
    std::array<RareBit, kUnits> not_target;  ///< and what stands there is of another kind
    RareBit recent{2}, negative{2};
    std::array<SymbolBit, 4> which_recent;
    NumberModel shift;
    std::array<RareBit, 4> byte_differs;
    std::array<ByteModel, 2> difference;
};

}  // namespace compot::bundle
