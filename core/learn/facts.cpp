#include "core/learn/facts.hpp"

#include <algorithm>
#include <array>

#include "core/base/bytes.hpp"
#include "core/base/check.hpp"
#include "core/crypto/crypto.hpp"

namespace compot::learn {
namespace {

std::uint32_t pack(FactVersion version) {
    return (static_cast<std::uint32_t>(version.era) << 16U) | version.sequence;
}

// For each tile of a row: index, danger mark, number of claims, and publisher, version and class of
// each.
constexpr std::size_t kRowBytesMax = 8 + kGridSide * (1 + 4 + 1 + kFactPublishersMax * (4 + 4 + 1));

}  // namespace

void FactMap::set_class(std::size_t cell, std::size_t column, TileClass what) {
    const unsigned shift = 2 * static_cast<unsigned>(column);
    const unsigned others = classes_[cell] & ~(3U << shift);
    classes_[cell] = static_cast<std::uint8_t>(others | (static_cast<unsigned>(what) << shift));
}

std::optional<std::size_t> FactMap::column_of(NodeId publisher) const {
    for (std::size_t column = 0; column < kFactPublishersMax; ++column)
        if (publishers_[column] == publisher) return column;
    return std::nullopt;
}

// A column in ascending order of ids; the highest id makes room when all are taken.
std::optional<std::size_t> FactMap::make_column(NodeId publisher) {
    std::size_t place = 0;
    while (place < kFactPublishersMax && publishers_[place] != kNoNode &&
           publishers_[place] < publisher)
        ++place;
    if (place == kFactPublishersMax) return std::nullopt;
    for (std::size_t column = kFactPublishersMax - 1; column > place; --column) {
        publishers_[column] = publishers_[column - 1];
        for (std::size_t cell = 0; cell < kCells; ++cell) {
            versions_[cell][column] = versions_[cell][column - 1];
            set_class(cell, column, class_in(cell, column - 1));
        }
    }
    publishers_[place] = publisher;
    for (std::size_t cell = 0; cell < kCells; ++cell) {
        versions_[cell][place] = 0;
        set_class(cell, place, TileClass::Clear);
    }
    return place;
}

Result<bool> FactMap::merge(NodeId publisher, FactVersion version, const Fact& fact) {
    const Packed packed = pack(version);
    COMPOT_CHECK(packed != 0 && fact.at.x < kGridSide && fact.at.y < kGridSide);
    COMPOT_CHECK(publisher != kNoNode);
    const std::size_t cell = fact.at.index();
    bool changed = false;
    if (fact.what == TileClass::Dangerous && packed > danger_[cell]) {
        danger_[cell] = packed;
        changed = true;
    }
    std::optional<std::size_t> column = column_of(publisher);
    if (!column) {
        column = make_column(publisher);
        if (!column) return Error::NoRoom;
        changed = true;
    }
    const Packed held = versions_[cell][*column];
    // Two claims with one version are the publisher's mistake: the more dangerous one holds.
    const bool newer = packed > held || (packed == held && fact.what > class_in(cell, *column));
    if (newer) {
        versions_[cell][*column] = packed;
        set_class(cell, *column, fact.what);
    }
    return changed || newer;
}

void FactMap::forget(const Claim& claim) {
    const std::size_t cell = claim.fact.at.index();
    const Packed packed = pack(claim.version);
    const std::optional<std::size_t> column = column_of(claim.publisher);
    if (!column || versions_[cell][*column] != packed) return;
    versions_[cell][*column] = 0;
    set_class(cell, *column, TileClass::Clear);
    if (claim.fact.what == TileClass::Dangerous && danger_[cell] == packed) danger_[cell] = 0;
}

bool FactMap::danger_lifted(std::size_t cell) const {
    std::size_t witnesses = 0;
    for (std::size_t column = 0; column < kFactPublishersMax; ++column) {
        if (versions_[cell][column] > danger_[cell] &&
            class_in(cell, column) != TileClass::Dangerous)
            ++witnesses;
    }
    return witnesses >= 2;
}

std::optional<TileClass> FactMap::class_at(Cell cell) const {
    const std::size_t index = cell.index();
    if (danger_[index] != 0 && !danger_lifted(index)) return TileClass::Dangerous;
    std::optional<TileClass> worst;
    for (std::size_t column = 0; column < kFactPublishersMax; ++column) {
        if (versions_[index][column] == 0) continue;
        const TileClass what = class_in(index, column);
        // What is left of a lifted danger counts for nothing.
        if (what == TileClass::Dangerous) continue;
        if (!worst || what > *worst) worst = what;
    }
    return worst;
}

bool FactMap::barred(Cell cell) const {
    if (class_at(cell) == TileClass::Immovable) return true;
    for (int dy = -1; dy <= 1; ++dy) {
        for (int dx = -1; dx <= 1; ++dx) {
            const int x = cell.x + dx;
            const int y = cell.y + dy;
            if (x < 0 || y < 0 || x >= kGridSide || y >= kGridSide) continue;
            const Cell near{static_cast<std::uint8_t>(x), static_cast<std::uint8_t>(y)};
            if (class_at(near) == TileClass::Dangerous) return true;
        }
    }
    return false;
}

std::uint64_t FactMap::digest() const {
    std::uint64_t chained = 0;
    for (std::size_t row = 0; row < kGridSide; ++row) {
        std::array<std::uint8_t, kRowBytesMax> buffer{};
        ByteWriter out(buffer);
        out.u64(chained);
        for (std::size_t cell = row * kGridSide; cell < (row + 1) * kGridSide; ++cell) {
            std::uint8_t claims = 0;
            for (const Packed version : versions_[cell])
                if (version != 0) ++claims;
            if (claims == 0 && danger_[cell] == 0) continue;
            out.u8(static_cast<std::uint8_t>(cell));
            out.u32(danger_[cell]);
            out.u8(claims);
            for (std::size_t column = 0; column < kFactPublishersMax; ++column) {
                if (versions_[cell][column] == 0) continue;
                out.u32(publishers_[column].value);
                out.u32(versions_[cell][column]);
                out.u8(static_cast<std::uint8_t>(class_in(cell, column)));
            }
        }
        if (out.size() > 8) chained = crypto::digest64(*out.finish());
    }
    return chained;
}

Result<FactVersion> FactMap::next_version(std::uint16_t era) const {
    Packed newest = static_cast<Packed>(era) << 16U;
    for (std::size_t cell = 0; cell < kCells; ++cell) {
        newest = std::max(newest, danger_[cell]);
        for (const Packed version : versions_[cell]) newest = std::max(newest, version);
    }
    const FactVersion last = unpack(newest);
    if (last.era > era) return Error::Stale;
    if (last.sequence == 0xFFFF) return Error::NoRoom;
    return unpack(newest + 1);
}

bool FactMap::rests_on(const Claim& claim) const {
    const std::size_t cell = claim.fact.at.index();
    const Packed packed = pack(claim.version);
    if (claim.fact.what == TileClass::Dangerous && danger_[cell] == packed) return true;
    const std::optional<std::size_t> column = column_of(claim.publisher);
    return column && versions_[cell][*column] == packed &&
           class_in(cell, *column) == claim.fact.what;
}

std::size_t FactMap::count() const {
    std::size_t classified_tiles = 0;
    for (std::size_t cell = 0; cell < kCells; ++cell)
        if (classified(cell_at(static_cast<std::uint8_t>(cell)))) ++classified_tiles;
    return classified_tiles;
}

}  // namespace compot::learn
