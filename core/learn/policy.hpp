#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "core/base/containers.hpp"
#include "core/base/limits.hpp"
#include "core/learn/facts.hpp"
#include "core/learn/grid.hpp"

/// A Cat's plan: Q-values by integer value iteration over the fact map and the mission. Equal facts
/// and an equal mission give equal bytes on every machine, so a digest is enough to agree on a
/// policy. An unclassified tile is free ground here: not to drive into an unclassified *object* is
/// the safety rule of whoever senses it.

namespace compot::learn {

/// What there is to do, and which bonuses are gone.
struct Mission {
    FixedVector<Cell, kMissionSitesMax> sites;
    std::uint16_t remaining = 0;                ///< bit n: sites[n] is still to be worked
    FixedVector<Cell, kMissionTakenMax> taken;  ///< movable objects that already paid

    [[nodiscard]] bool site_remains(Cell cell) const;

    /// The body worked here; true if a remaining site was done by it.
    bool mark_done(Cell cell);

    /// The body pushed the movable object on this tile aside. When the list is full no movable
    /// object pays any more (a plan must never chase a bonus that was paid).
    void mark_taken(Cell cell);

    [[nodiscard]] bool pays(Cell cell) const;
};

/// Rewards as Q8.8. SOURCE: the field's rules; work pays enough that a path over every tile of the
/// field still has a positive slope: with a discount of 63/64 and this step cost each step further
/// from a site is worth at least one unit less for 457 steps.
inline constexpr std::int32_t kQ8 = 256;
inline constexpr std::int32_t kWorkReward = 100 * kQ8;
inline constexpr std::int32_t kMovableReward = 15 * kQ8;
inline constexpr std::int32_t kDangerCost = 20 * kQ8;
inline constexpr std::int32_t kTouchCost = 3 * kQ8;  ///< a wall, or the border of the field
inline constexpr std::int32_t kStepCost = kQ8 / 4;

class Policy {
public:
    /// Value iteration from below: sweeps up and down the field until nothing changes, at most
    /// kSweepsMax of them (no path has more steps, so the result is always the fixed point).
    /// Movable objects pay in a second pass, whose value after the push is that of the first:
    /// each pays once. COST: 1.5 kB of stack; instructions in doc/facts.md.
    void plan(const FactMap& facts, const Mission& mission);

    /// The best action, the first of N, E, S, W, Work among equals; Stay where no remaining site
    /// can be reached.
    [[nodiscard]] Action best(Cell cell) const;

    /// Is there a way from here to a remaining site, as far as the facts say?
    [[nodiscard]] bool reaches(Cell cell) const {
        return ((unsigned{table_.reached[cell.index() / 8]} >> (cell.index() % 8)) & 1U) != 0;
    }

    [[nodiscard]] std::int16_t q(Cell cell, Action action) const {
        return table_.q[cell.index()][static_cast<std::size_t>(action)];
    }

    /// Names the policy on the air; 0 before the first plan().
    [[nodiscard]] std::uint64_t digest() const { return digest_; }

    /// Of the last plan(), both passes.
    [[nodiscard]] std::uint16_t sweeps() const { return sweeps_; }

private:
    struct Table {
        std::array<std::array<std::int16_t, kActions>, kCells> q{};  ///< Q8.8
        std::array<std::uint8_t, kCells / 8> reached{};
    };

    static_assert(sizeof(Table) == kCells * kActions * 2 + kCells / 8, "digested as it lies");
    static_assert(std::endian::native == std::endian::little, "the digest is of little-endian");

    Table table_{};
    std::uint64_t digest_ = 0;
    std::uint16_t sweeps_ = 0;
};

/// How a decision ended.
enum class Outcome : std::uint8_t {
    Done = 0,      ///< moved or worked as wished
    Occupied = 1,  ///< something unclassified stands there
    Touched = 2,   ///< bumped into what does not give way
    Held = 3,      ///< a safety rule or a missing path said Stay
};

struct Transition {
    Action action = Action::Stay;
    Outcome outcome = Outcome::Held;
    auto operator<=>(const Transition&) const = default;
};

/// The last decisions, oldest first, as an assist request carries them: five bits each.
class Transitions {
public:
    void push(Transition transition) { ring_.push(transition); }

    [[nodiscard]] std::size_t size() const { return ring_.size(); }

    [[nodiscard]] const Transition& operator[](std::size_t index) const { return ring_[index]; }

    /// Five bits each, action in the low three of them, the newest transition lowest.
    [[nodiscard]] std::uint64_t pack() const;

    /// ERRORS: TooBig for a count over kTransitionsMax, Malformed for an action that is none or for
    /// bits above the last transition.
    [[nodiscard]] static Result<Transitions> unpack(std::size_t count, std::uint64_t packed);

private:
    Ring<Transition, kTransitionsMax> ring_;
};

}  // namespace compot::learn
