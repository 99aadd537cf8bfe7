#include "sim/field/field.hpp"

#include <algorithm>
#include <bitset>
#include <cstdlib>

namespace compot::field {

namespace {

using Tiles = std::bitset<learn::kCells>;

bool beside_or_on(learn::Cell a, learn::Cell b) {
    return std::abs(a.x - b.x) <= 1 && std::abs(a.y - b.y) <= 1;
}

/// Tiles that a careful body stays away from: what stands on them does not give way, or something
/// dangerous is beside them.
Tiles barred_tiles(const Field& field) {
    Tiles barred;
    for (const Thing& thing : field.things()) {
        if (!thing.present || thing.what == learn::TileClass::Movable) continue;
        barred.set(thing.at.index());
        if (thing.what != learn::TileClass::Dangerous) continue;
        for (std::size_t i = 0; i < learn::kCells; ++i) {
            if (beside_or_on(learn::cell_at(static_cast<std::uint8_t>(i)), thing.at)) barred.set(i);
        }
    }
    return barred;
}

Tiles reachable(learn::Cell from, const Tiles& barred) {
    Tiles seen;
    std::vector<learn::Cell> edge{from};
    seen.set(from.index());
    while (!edge.empty()) {
        const learn::Cell at = edge.back();
        edge.pop_back();
        for (std::uint8_t move = 0; move < 4; ++move) {
            const learn::Cell next = learn::neighbour(at, static_cast<learn::Action>(move));
            if (seen.test(next.index()) || barred.test(next.index())) continue;
            seen.set(next.index());
            edge.push_back(next);
        }
    }
    return seen;
}

bool solvable_with(const Field& field, learn::Cell blocked, learn::Cell before) {
    Tiles barred = barred_tiles(field);
    for (std::size_t i = 0; i < learn::kCells; ++i) {
        if (beside_or_on(learn::cell_at(static_cast<std::uint8_t>(i)), blocked)) barred.set(i);
    }
    const Tiles seen = reachable(before, barred);
    return std::all_of(field.sites().begin(), field.sites().end(), [&](const Site& site) {
        return site.done || (!beside_or_on(site.at, blocked) && seen.test(site.at.index()));
    });
}

}  // namespace

void Field::add_site(learn::Cell cell) { sites_.push_back(Site{cell, false}); }

Thing* Field::find(learn::Cell cell) {
    const auto found = std::find_if(things_.begin(), things_.end(), [&](const Thing& thing) {
        return thing.present && thing.at == cell;
    });
    return found != things_.end() ? &*found : nullptr;
}

const Thing* Field::thing_at(learn::Cell cell) const {
    const auto found = std::find_if(things_.begin(), things_.end(), [&](const Thing& thing) {
        return thing.present && thing.at == cell;
    });
    return found != things_.end() ? &*found : nullptr;
}

bool Field::site_at(learn::Cell cell) const {
    return std::any_of(sites_.begin(), sites_.end(),
                       [&](const Site& site) { return site.at == cell; });
}

Result<std::uint32_t> Field::put(learn::Cell cell, learn::TileClass what) {
    if (thing_at(cell) != nullptr || site_at(cell)) return Error::Refused;
    const auto id = static_cast<std::uint32_t>(things_.size());
    things_.push_back(Thing{id, cell, what, true});
    return id;
}

Result<std::uint32_t> Field::remove(learn::Cell cell) {
    Thing* thing = find(cell);
    if (thing == nullptr) return Error::Unknown;
    thing->present = false;
    return thing->id;
}

learn::TileClass Field::truth(learn::Cell cell) const {
    const Thing* thing = thing_at(cell);
    return thing != nullptr ? thing->what : learn::TileClass::Clear;
}

std::uint8_t Field::occupied_moves(learn::Cell cell) const {
    std::uint8_t moves = 0;
    for (std::uint8_t i = 0; i < 4; ++i) {
        const auto move = static_cast<learn::Action>(i);
        const learn::Cell next = learn::neighbour(cell, move);
        if (next != cell && thing_at(next) != nullptr) {
            moves = static_cast<std::uint8_t>(moves | learn::move_bit(move));
        }
    }
    return moves;
}

Step Field::act(learn::Cell at, learn::Action action) {
    if (action == learn::Action::Stay) return {Step::Kind::Idle, at, nullptr};
    if (action == learn::Action::Work) {
        for (Site& site : sites_) {
            if (site.at != at || site.done) continue;
            site.done = true;
            return {Step::Kind::Worked, at, nullptr};
        }
        return {Step::Kind::Idle, at, nullptr};
    }
    const learn::Cell next = learn::neighbour(at, action);
    if (next == at) return {Step::Kind::Border, at, nullptr};
    Thing* thing = find(next);
    if (thing == nullptr) return {Step::Kind::Moved, next, nullptr};
    if (thing->what != learn::TileClass::Movable) return {Step::Kind::Touched, at, thing};
    thing->present = false;
    return {Step::Kind::Pushed, next, thing};
}

std::size_t Field::sites_left() const {
    return static_cast<std::size_t>(
        std::count_if(sites_.begin(), sites_.end(), [](const Site& site) { return !site.done; }));
}

std::vector<learn::Cell> blockable_tiles(const Field& field, const std::vector<learn::Cell>& route,
                                         std::size_t steps_least) {
    std::vector<learn::Cell> tiles;
    for (std::size_t i = std::max<std::size_t>(steps_least, 2); i + 1 < route.size(); ++i) {
        // The worker comes to stand on route[i - 1]; where it came from must be out of danger, so
        // that it can leave.
        if (beside_or_on(route[i - 2], route[i]) || field.thing_at(route[i]) != nullptr) continue;
        if (solvable_with(field, route[i], route[i - 2])) tiles.push_back(route[i]);
    }
    return tiles;
}

}  // namespace compot::field
