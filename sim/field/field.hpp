#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/result.hpp"
#include "core/learn/grid.hpp"

/// The ground of the story: which things stand where, what they really are, and what happens to a
/// body that moves into them. It knows the truth and tells a body only what it can feel; radios,
/// policies and rules of safety are not known here.

namespace compot::field {

struct Thing {
    std::uint32_t id = 0;
    learn::Cell at;
    learn::TileClass what = learn::TileClass::Immovable;
    bool present = true;
};

struct Site {
    learn::Cell at;
    bool done = false;
};

/// What came of one decision.
struct Step {
    enum class Kind : std::uint8_t {
        Moved,
        Pushed,   ///< moved, and the movable thing that stood there is gone
        Touched,  ///< bumped into the thing
        Border,
        Worked,  ///< a sample was taken
        Idle,
    };
    Kind kind = Kind::Idle;
    learn::Cell at;                ///< where the body is now
    const Thing* thing = nullptr;  ///< pushed or touched
};

class Field {
public:
    void add_site(learn::Cell cell);

    /// The new thing's id. ERRORS: Refused when a thing or a site is on the tile.
    [[nodiscard]] Result<std::uint32_t> put(learn::Cell cell, learn::TileClass what);

    /// ERRORS: Unknown when nothing stands there.
    [[nodiscard]] Result<std::uint32_t> remove(learn::Cell cell);

    [[nodiscard]] const Thing* thing_at(learn::Cell cell) const;

    [[nodiscard]] bool site_at(learn::Cell cell) const;

    /// What stands on the tile, for a camera.
    [[nodiscard]] learn::TileClass truth(learn::Cell cell) const;

    /// move_bit() of each neighbouring tile where something stands.
    [[nodiscard]] std::uint8_t occupied_moves(learn::Cell cell) const;

    [[nodiscard]] Step act(learn::Cell at, learn::Action action);

    [[nodiscard]] const std::vector<Thing>& things() const { return things_; }

    [[nodiscard]] const std::vector<Site>& sites() const { return sites_; }

    [[nodiscard]] std::size_t sites_left() const;

private:
    [[nodiscard]] Thing* find(learn::Cell cell);

    std::vector<Thing> things_;  ///< what is gone stays, absent: ids are indices
    std::vector<Site> sites_;
};

/// A tile on `route` (a worker's way from its start to its first site, both included) where a thing
/// of whatever class leaves the mission solvable: at least `steps_least` steps from the start, no
/// site on it or beside it, and from the tile before it all `sites` can be reached even when its
/// eight neighbours are barred. Every such tile is returned, in the route's order.
[[nodiscard]] std::vector<learn::Cell> blockable_tiles(const Field& field,
                                                       const std::vector<learn::Cell>& route,
                                                       std::size_t steps_least);

}  // namespace compot::field
