#include "core/learn/policy.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <set>

#include "core/base/random.hpp"
#include "core/learn/evidence.hpp"
#include "core/ledger/ledger.hpp"
#include "core/registry/registry.hpp"

namespace compot::learn {
namespace {

constexpr NodeId kCompot{10};

class Field {
public:
    void fact(Cell at, TileClass what) {
        const auto changed = facts.merge(kCompot, FactVersion{1, ++sequence_}, Fact{at, what});
        ASSERT_TRUE(changed.ok());
    }

    void site(Cell at) {
        mission.remaining =
            static_cast<std::uint16_t>(mission.remaining | (1U << mission.sites.size()));
        mission.sites.push(at);
    }

    Policy plan() const {
        Policy policy;
        policy.plan(facts, mission);
        return policy;
    }

    FactMap facts;
    Mission mission;

private:
    std::uint16_t sequence_ = 0;
};

// Walks as the policy says, marking what is pushed as a node does; the steps until the body works,
// or -1 if it stays or walks for ever.
int steps_to_work(Field field, Cell at) {
    Policy policy = field.plan();
    for (int steps = 0; steps < 1000; ++steps) {
        const Action action = policy.best(at);
        if (action == Action::Work) return field.mission.site_remains(at) ? steps : -1;
        if (action == Action::Stay) return -1;
        at = neighbour(at, action);
        EXPECT_FALSE(field.facts.barred(at));
        if (field.facts.class_at(at) == TileClass::Movable && field.mission.pays(at)) {
            field.mission.mark_taken(at);
            policy = field.plan();
        }
    }
    return -1;
}

TEST(Policy, walks_the_shortest_way_over_open_ground) {
    Field field;
    field.site({12, 9});
    for (std::size_t i = 0; i < kCells; ++i) {
        const Cell from = cell_at(static_cast<std::uint8_t>(i));
        EXPECT_EQ(steps_to_work(field, from), std::abs(from.x - 12) + std::abs(from.y - 9));
    }
}

TEST(Policy, works_at_a_remaining_site_and_not_at_a_done_one) {
    Field field;
    field.site({3, 3});
    field.site({9, 3});
    EXPECT_EQ(field.plan().best({3, 3}), Action::Work);
    EXPECT_TRUE(field.mission.mark_done({3, 3}));
    EXPECT_FALSE(field.mission.mark_done({3, 3}));
    EXPECT_EQ(field.plan().best({3, 3}), Action::East);
}

TEST(Policy, stays_when_nothing_is_left_to_do) {
    const Field field;
    const Policy policy = field.plan();
    for (std::size_t i = 0; i < kCells; ++i)
        EXPECT_EQ(policy.best(cell_at(static_cast<std::uint8_t>(i))), Action::Stay);
}

TEST(Policy, goes_round_a_wall) {
    Field field;
    field.site({8, 5});
    field.fact({7, 5}, TileClass::Immovable);
    EXPECT_EQ(steps_to_work(field, {6, 5}), 4);
    EXPECT_EQ(field.plan().q({6, 5}, Action::East),
              ((field.plan().q({6, 5}, Action::North) * 63) >> 6) - kStepCost - kTouchCost);
}

TEST(Policy, keeps_two_tiles_away_from_danger) {
    Field field;
    field.site({12, 5});
    field.fact({8, 5}, TileClass::Dangerous);
    EXPECT_EQ(steps_to_work(field, {4, 5}), 8 + 4);
}

TEST(Policy, knows_when_no_way_is_left) {
    Field field;
    field.site({15, 15});
    for (std::uint8_t y = 0; y < kGridSide; ++y) field.fact({10, y}, TileClass::Immovable);
    const Policy policy = field.plan();
    EXPECT_FALSE(policy.reaches({3, 3}));
    EXPECT_EQ(policy.best({3, 3}), Action::Stay);
    EXPECT_TRUE(policy.reaches({12, 3}));
}

TEST(Policy, drives_through_what_can_be_pushed) {
    Field field;
    field.site({15, 8});
    for (std::uint8_t y = 0; y < kGridSide; ++y)
        field.fact({10, y}, y == 8 ? TileClass::Movable : TileClass::Immovable);
    EXPECT_EQ(steps_to_work(field, {5, 8}), 10);
}

TEST(Policy, makes_a_detour_for_a_bonus_once) {
    Field field;
    field.site({8, 5});
    field.fact({4, 4}, TileClass::Movable);
    EXPECT_EQ(steps_to_work(field, {4, 5}), 6);  // one step aside and back on the way
    field.mission.mark_taken({4, 4});
    EXPECT_EQ(steps_to_work(field, {4, 5}), 4);
}

TEST(Policy, pays_no_bonus_when_the_list_of_taken_ones_is_full) {
    Field field;
    for (std::uint8_t x = 0; x < kMissionTakenMax; ++x) field.mission.mark_taken({x, 0});
    EXPECT_FALSE(field.mission.pays({9, 9}));
    field.mission.mark_taken({9, 9});
    EXPECT_EQ(field.mission.taken.size(), kMissionTakenMax);
}

// The longest way that 16 x 16 tiles allow: rows joined at alternating ends.
TEST(Policy, finds_the_end_of_a_serpentine) {
    Field field;
    field.site({0, 14});
    for (std::uint8_t y = 1; y < 15; y = static_cast<std::uint8_t>(y + 2)) {
        const std::uint8_t gap = y % 4 == 1 ? 15 : 0;
        for (std::uint8_t x = 0; x < kGridSide; ++x)
            if (x != gap) field.fact({x, y}, TileClass::Immovable);
    }
    EXPECT_EQ(steps_to_work(field, {0, 0}), 7 * 17 + 15);
    EXPECT_LT(field.plan().sweeps(), kSweepsMax);
}

TEST(Policy, reaches_a_site_from_everywhere_it_says_so_on_random_fields) {
    constexpr std::uint64_t kSeed = 7;
    Random random(kSeed);
    unsigned sweeps = 0;
    unsigned sweeps_max = 0;
    constexpr unsigned kFields = 60;
    for (unsigned n = 0; n < kFields; ++n) {
        Field field;
        const auto any = [&random] {
            return cell_at(static_cast<std::uint8_t>(random.below(kCells)));
        };
        for (std::uint32_t i = 0; i <= random.below(6); ++i) field.site(any());
        const std::uint32_t facts = random.below(90);
        for (std::uint32_t i = 0; i < facts; ++i) {
            const std::uint32_t draw = random.below(20);
            field.fact(any(), draw == 0   ? TileClass::Dangerous
                              : draw < 3  ? TileClass::Movable
                              : draw < 14 ? TileClass::Immovable
                                          : TileClass::Clear);
        }
        const Policy policy = field.plan();
        sweeps += policy.sweeps();
        sweeps_max = std::max(sweeps_max, unsigned{policy.sweeps()});
        // An oracle that knows no values: who can walk to a site?
        std::array<bool, kCells> barred{};
        for (std::size_t i = 0; i < kCells; ++i)
            barred[i] = field.facts.barred(cell_at(static_cast<std::uint8_t>(i)));
        std::set<Cell> connected(field.mission.sites.begin(), field.mission.sites.end());
        for (std::size_t before = 0; before != connected.size();) {
            before = connected.size();
            for (std::size_t i = 0; i < kCells; ++i) {
                const Cell cell = cell_at(static_cast<std::uint8_t>(i));
                for (const Action move :
                     {Action::North, Action::East, Action::South, Action::West}) {
                    const Cell next = neighbour(cell, move);
                    if (!barred[next.index()] && connected.count(next) != 0) connected.insert(cell);
                }
            }
        }
        for (int tries = 0; tries < 4; ++tries) {
            const Cell from = any();
            ASSERT_EQ(policy.reaches(from), connected.count(from) != 0) << "seed=" << kSeed;
            if (policy.reaches(from)) {
                ASSERT_GE(steps_to_work(field, from), 0) << "seed=" << kSeed;
            }
        }
    }
    std::printf("sweeps on %u random fields: mean %.1f, most %u\n", kFields,
                static_cast<double>(sweeps) / kFields, sweeps_max);
}

TEST(Policy, is_the_same_bytes_for_the_same_facts_in_any_order) {
    Field one;
    Field other;
    for (Field* field : {&one, &other}) field->site({14, 2});
    for (std::uint8_t x = 0; x < 8; ++x) {
        one.fact({x, 6}, TileClass::Immovable);
        other.fact({static_cast<std::uint8_t>(7 - x), 6}, TileClass::Immovable);
    }
    EXPECT_EQ(one.plan().digest(), other.plan().digest());
    other.fact({9, 9}, TileClass::Movable);
    EXPECT_NE(one.plan().digest(), other.plan().digest());
}

TEST(Policy, does_not_depend_on_the_plan_before) {
    Field field;
    field.site({1, 1});
    Policy policy = field.plan();
    field.fact({2, 1}, TileClass::Dangerous);
    policy.plan(field.facts, field.mission);
    EXPECT_EQ(policy.digest(), field.plan().digest());
}

// The same value on every machine and target: a changed rule changes it on purpose.
TEST(Policy, has_this_digest_for_this_field) {
    Field field;
    field.site({12, 3});
    field.site({2, 13});
    field.fact({7, 7}, TileClass::Dangerous);
    field.fact({10, 3}, TileClass::Movable);
    for (std::uint8_t y = 2; y < 9; ++y) field.fact({4, y}, TileClass::Immovable);
    EXPECT_EQ(field.plan().digest(), 0x753131e36dbad9daULL);
}

TEST(Transitions, come_back_from_five_bits_each) {
    Transitions transitions;
    for (std::size_t length = 0; length <= kTransitionsMax; ++length) {
        const Result<Transitions> back = Transitions::unpack(length, transitions.pack());
        ASSERT_TRUE(back.ok());
        ASSERT_EQ(back->size(), length);
        for (std::size_t i = 0; i < length; ++i) EXPECT_EQ((*back)[i], transitions[i]);
        transitions.push({static_cast<Action>(length % 6), static_cast<Outcome>((length + 1) % 4)});
    }
}

TEST(Transitions, forget_the_oldest) {
    Transitions transitions;
    for (int i = 0; i < 9; ++i)
        transitions.push({i == 0 ? Action::Work : Action::North, Outcome::Done});
    EXPECT_EQ(transitions.size(), kTransitionsMax);
    EXPECT_EQ(transitions[0].action, Action::North);
}

TEST(Transitions, put_the_newest_lowest) {
    Transitions transitions;
    transitions.push({Action::East, Outcome::Done});
    transitions.push({Action::Stay, Outcome::Held});
    EXPECT_EQ(transitions.pack(), (1U << 5U) | 5U | (3U << 3U));
}

TEST(Transitions, refuse_codes_that_nobody_packs) {
    for (unsigned code = 0; code < 32; ++code)
        EXPECT_EQ(Transitions::unpack(1, code).ok(), (code & 7U) < 6) << code;
    EXPECT_EQ(Transitions::unpack(1, 32).error(), Error::Malformed);
    EXPECT_EQ(Transitions::unpack(kTransitionsMax + 1, 0).error(), Error::TooBig);
    EXPECT_EQ(Transitions::unpack(8, std::uint64_t{1} << 40U).error(), Error::Malformed);
}

// On a Cortex-M4F (32-bit sizes) they are 4364, 2608, 1860, 5432 and 2064 bytes.
TEST(Memory, of_what_a_node_knows_is_near_16_kilobytes) {
    const std::size_t together = sizeof(FactMap) + sizeof(Policy) + sizeof(EvidenceStore) +
                                 sizeof(ledger::Ledger) + sizeof(registry::Registry);
    std::printf(
        "facts %zu, policy %zu, evidence %zu, ledger %zu, registry %zu, together %zu bytes\n",
        sizeof(FactMap), sizeof(Policy), sizeof(EvidenceStore), sizeof(ledger::Ledger),
        sizeof(registry::Registry), together);
    EXPECT_LE(together, 17U * 1024U);
}

}  // namespace
}  // namespace compot::learn
