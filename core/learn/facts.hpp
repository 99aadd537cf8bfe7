#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/base/ids.hpp"
#include "core/base/limits.hpp"
#include "core/base/result.hpp"
#include "core/learn/grid.hpp"

/// What stands where, as trusted publishers say it: a map that merges in any order and however
/// often, so that nodes which heard the same claims hold the same map. It knows nothing about
/// signatures (evidence.hpp does) and nothing about plans (policy.hpp does).

namespace compot::learn {

/// "On this tile stands that." Ten bits on the air.
struct Fact {
    Cell at;
    TileClass what = TileClass::Clear;
    auto operator<=>(const Fact&) const = default;
};

/// When a publisher said it: its signed era, then a counter that is a Lamport clock over all
/// publishers (FactMap::next_version), so that "newer" means "said after having heard". 0.0 is no
/// version.
struct FactVersion {
    std::uint16_t era = 0;
    std::uint16_t sequence = 0;
    auto operator<=>(const FactVersion&) const = default;
};

/// One publisher's latest word on a tile.
struct Claim {
    Fact fact;
    NodeId publisher;
    FactVersion version;
    auto operator<=>(const Claim&) const = default;
};

/// For each tile: each publisher's newest claim, and the newest version at which anybody said
/// DANGEROUS. Both are maxima, so merge() is idempotent, commutative and associative, and what the
/// map says of a tile is a function of these alone:
/// - among the publishers' newest claims the most dangerous class holds;
/// - once said, DANGEROUS holds until two distinct publishers, whose newest claims are both newer
///   than the newest DANGEROUS, say less. The one who said it may be one of the two.
///
/// When a fourth publisher speaks, the three with the lowest ids keep their columns (a rule that
/// does not depend on order); DANGEROUS is taken from anybody and never forgotten.
class FactMap {
public:
    /// True if the map changed. REQUIRES: a version other than 0.0 and a cell on the field.
    /// ERRORS: NoRoom when the publisher has no column; a DANGEROUS of its is kept all the same.
    Result<bool> merge(NodeId publisher, FactVersion version, const Fact& fact);

    /// Takes back a claim, as if it had never been said; no effect when a newer one is held.
    void forget(const Claim& claim);

    /// What holds for the tile; nothing while nobody has classified it.
    [[nodiscard]] std::optional<TileClass> class_at(Cell cell) const;

    [[nodiscard]] bool classified(Cell cell) const { return class_at(cell).has_value(); }

    /// Not to be entered: IMMOVABLE, DANGEROUS, or one of the eight neighbours of DANGEROUS.
    [[nodiscard]] bool barred(Cell cell) const;

    /// Names what the map holds, claims and danger marks: equal maps, equal digests.
    /// COST: one BLAKE2b of at most 840 bytes for each row of the field with a claim in it.
    [[nodiscard]] std::uint64_t digest() const;

    /// The version for the next delta that a publisher in this era signs: newer than all it has
    /// heard. ERRORS: Stale when it has heard of a later era, NoRoom when the era is used up.
    [[nodiscard]] Result<FactVersion> next_version(std::uint16_t era) const;

    /// Is this what makes the map say what it says? False for what newer claims have superseded.
    [[nodiscard]] bool rests_on(const Claim& claim) const;

    /// Number of tiles that are classified.
    [[nodiscard]] std::size_t count() const;

    /// Calls visit(const Claim&) for each publisher's newest claim, by tile, then publisher id.
    template <typename Visit>
    void each_claim(Visit visit) const {
        for (std::size_t cell = 0; cell < kCells; ++cell) {
            for (std::size_t column = 0; column < kFactPublishersMax; ++column) {
                if (versions_[cell][column] == 0) continue;
                const Cell at = cell_at(static_cast<std::uint8_t>(cell));
                visit(Claim{Fact{at, class_in(cell, column)}, publishers_[column],
                            unpack(versions_[cell][column])});
            }
        }
    }

    [[nodiscard]] bool operator==(const FactMap&) const = default;

private:
    using Packed = std::uint32_t;  ///< a FactVersion, era above sequence; 0 is none

    [[nodiscard]] static FactVersion unpack(Packed version) {
        return FactVersion{static_cast<std::uint16_t>(version >> 16U),
                           static_cast<std::uint16_t>(version & 0xFFFFU)};
    }

    [[nodiscard]] TileClass class_in(std::size_t cell, std::size_t column) const {
        return static_cast<TileClass>((unsigned{classes_[cell]} >> (2 * column)) & 3U);
    }

    void set_class(std::size_t cell, std::size_t column, TileClass what);
    [[nodiscard]] std::optional<std::size_t> column_of(NodeId publisher) const;
    [[nodiscard]] std::optional<std::size_t> make_column(NodeId publisher);
    [[nodiscard]] bool danger_lifted(std::size_t cell) const;

    std::array<NodeId, kFactPublishersMax> publishers_{};  ///< ascending, kNoNode behind them
    std::array<std::array<Packed, kFactPublishersMax>, kCells> versions_{};
    std::array<Packed, kCells> danger_{};         ///< newest version that said DANGEROUS
    std::array<std::uint8_t, kCells> classes_{};  ///< two bits for each column
};

}  // namespace compot::learn
