#include "core/learn/policy.hpp"

#include <limits>

#include "core/crypto/crypto.hpp"

namespace compot::learn {
namespace {

// Value of a tile from which nothing pays: the step cost for ever. The discount of it is exact.
constexpr std::int32_t kNothing = -kStepCost * 64;

constexpr std::int32_t discounted(std::int32_t value) { return (value * 63) >> 6; }

static_assert(discounted(kNothing) - kStepCost == kNothing);

constexpr std::int16_t saturated(std::int32_t value) {
    constexpr std::int32_t kLow = std::numeric_limits<std::int16_t>::min();
    constexpr std::int32_t kHigh = std::numeric_limits<std::int16_t>::max();
    return static_cast<std::int16_t>(std::clamp(value, kLow, kHigh));
}

enum class Ground : std::uint8_t { Free, Bonus, Wall, Danger };

using Values = std::array<std::int16_t, kCells>;

class Field {
public:
    Field(const FactMap& facts, const Mission& mission) {
        for (std::size_t i = 0; i < kCells; ++i) {
            const Cell cell = cell_at(static_cast<std::uint8_t>(i));
            site_[i] = mission.site_remains(cell);
            const std::optional<TileClass> what = facts.class_at(cell);
            if (what == TileClass::Immovable) {
                ground_[i] = Ground::Wall;
            } else if (facts.barred(cell)) {
                ground_[i] = Ground::Danger;
            } else if (what == TileClass::Movable && mission.pays(cell)) {
                ground_[i] = Ground::Bonus;
                has_bonus_ = true;
            }
        }
    }

    [[nodiscard]] bool has_bonus() const { return has_bonus_; }

    [[nodiscard]] bool is_bonus(std::size_t cell) const { return ground_[cell] == Ground::Bonus; }

    // `pushed`, when given, is what tiles are worth after the one bonus was taken.
    [[nodiscard]] std::int16_t q(std::size_t cell, Action action, const Values& values,
                                 const Values* pushed) const {
        const std::int32_t stay = discounted(values[cell]) - kStepCost;
        if (action == Action::Work) return saturated(site_[cell] ? kWorkReward : stay);
        const Cell from = cell_at(static_cast<std::uint8_t>(cell));
        const Cell to = neighbour(from, action);
        if (to == from) return saturated(stay - kTouchCost);
        const std::size_t next = to.index();
        switch (ground_[next]) {
            case Ground::Wall: return saturated(stay - kTouchCost);
            case Ground::Danger: return saturated(stay - kDangerCost);
            case Ground::Bonus:
                if (pushed != nullptr)
                    return saturated(discounted((*pushed)[next]) - kStepCost + kMovableReward);
                break;
            case Ground::Free: break;
        }
        return saturated(discounted(values[next]) - kStepCost);
    }

    [[nodiscard]] std::int16_t best(std::size_t cell, const Values& values,
                                    const Values* pushed) const {
        std::int16_t best = std::numeric_limits<std::int16_t>::min();
        for (std::size_t action = 0; action < kActions; ++action)
            best = std::max(best, q(cell, static_cast<Action>(action), values, pushed));
        return best;
    }

    // Down the field, then up, until nothing changes; the number of sweeps. On a tile whose bonus
    // is still to be had nobody stands before it was taken, so it keeps its first value.
    std::uint16_t settle(Values& values, const Values* pushed) const {
        std::uint16_t sweeps = 0;
        bool changed = true;
        while (changed && sweeps < kSweepsMax) {
            changed = false;
            for (std::size_t step = 0; step < kCells; ++step) {
                const std::size_t cell = sweeps % 2 == 0 ? step : kCells - 1 - step;
                if (pushed != nullptr && is_bonus(cell)) continue;
                const std::int16_t value = best(cell, values, pushed);
                changed = changed || value != values[cell];
                values[cell] = value;
            }
            ++sweeps;
        }
        return sweeps;
    }

private:
    std::array<Ground, kCells> ground_{};
    std::array<bool, kCells> site_{};
    bool has_bonus_ = false;
};

}  // namespace

bool Mission::site_remains(Cell cell) const {
    for (std::size_t i = 0; i < sites.size(); ++i)
        if (sites[i] == cell && ((remaining >> i) & 1U) != 0) return true;
    return false;
}

bool Mission::mark_done(Cell cell) {
    const std::uint16_t before = remaining;
    for (std::size_t i = 0; i < sites.size(); ++i)
        if (sites[i] == cell) remaining = static_cast<std::uint16_t>(remaining & ~(1U << i));
    return remaining != before;
}

void Mission::mark_taken(Cell cell) {
    if (std::find(taken.begin(), taken.end(), cell) != taken.end() || taken.full()) return;
    taken.push(cell);
}

bool Mission::pays(Cell cell) const {
    return !taken.full() && std::find(taken.begin(), taken.end(), cell) == taken.end();
}

void Policy::plan(const FactMap& facts, const Mission& mission) {
    const Field field(facts, mission);
    Values plain{};
    plain.fill(kNothing);
    sweeps_ = field.settle(plain, nullptr);
    Values paid = plain;
    if (field.has_bonus())
        sweeps_ = static_cast<std::uint16_t>(sweeps_ + field.settle(paid, &plain));
    table_.reached.fill(0);
    for (std::size_t cell = 0; cell < kCells; ++cell) {
        if (plain[cell] > kNothing) {
            std::uint8_t& byte = table_.reached[cell / 8];
            byte = static_cast<std::uint8_t>(byte | (1U << (cell % 8)));
        }
        const bool push_first = field.has_bonus() && !field.is_bonus(cell);
        for (std::size_t action = 0; action < kActions; ++action) {
            table_.q[cell][action] =
                field.q(cell, static_cast<Action>(action), push_first ? paid : plain,
                        push_first ? &plain : nullptr);
        }
    }
    // Without padding (asserted in the header), so its bytes are its value.
    digest_ =
        crypto::digest64(BytesView{reinterpret_cast<const std::uint8_t*>(&table_), sizeof(table_)});
}

Action Policy::best(Cell cell) const {
    if (!reaches(cell)) return Action::Stay;
    const auto& row = table_.q[cell.index()];
    return static_cast<Action>(std::max_element(row.begin(), row.end()) - row.begin());
}

std::uint64_t Transitions::pack() const {
    std::uint64_t packed = 0;
    for (std::size_t i = 0; i < size(); ++i) {
        const Transition& one = ring_[i];
        packed = (packed << 5U) | static_cast<unsigned>(one.action) |
                 (static_cast<unsigned>(one.outcome) << 3U);
    }
    return packed;
}

Result<Transitions> Transitions::unpack(std::size_t count, std::uint64_t packed) {
    if (count > kTransitionsMax) return Error::TooBig;
    if ((packed >> (5 * count)) != 0) return Error::Malformed;
    Transitions transitions;
    for (std::size_t i = count; i-- > 0;) {
        const unsigned code = static_cast<unsigned>(packed >> (5 * i)) & 31U;
        const unsigned action = code & 7U;
        if (action > static_cast<unsigned>(Action::Stay)) return Error::Malformed;
        transitions.push(Transition{static_cast<Action>(action), static_cast<Outcome>(code >> 3U)});
    }
    return transitions;
}

}  // namespace compot::learn
