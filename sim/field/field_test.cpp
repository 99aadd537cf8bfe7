#include "sim/field/field.hpp"

#include <gtest/gtest.h>

#include "sim/field/battery.hpp"

namespace compot::field {
namespace {

using learn::Action;
using learn::Cell;
using learn::TileClass;

TEST(Field, what_stands_in_the_way_gives_way_or_does_not_by_its_class) {
    Field field;
    ASSERT_TRUE(field.put({2, 1}, TileClass::Movable).ok());
    ASSERT_TRUE(field.put({1, 2}, TileClass::Immovable).ok());
    ASSERT_TRUE(field.put({0, 1}, TileClass::Dangerous).ok());
    EXPECT_EQ(field.occupied_moves({1, 1}), learn::move_bit(Action::East) |
                                                learn::move_bit(Action::South) |
                                                learn::move_bit(Action::West));
    EXPECT_EQ(field.act({1, 1}, Action::South).kind, Step::Kind::Touched);
    EXPECT_EQ(field.act({1, 1}, Action::West).at, (Cell{1, 1}));
    const Step push = field.act({1, 1}, Action::East);
    EXPECT_EQ(push.kind, Step::Kind::Pushed);
    EXPECT_EQ(push.at, (Cell{2, 1}));
    EXPECT_EQ(field.truth({2, 1}), TileClass::Clear);
    EXPECT_EQ(field.act({2, 1}, Action::West).kind, Step::Kind::Moved);
    EXPECT_EQ(field.act({0, 0}, Action::North).kind, Step::Kind::Border);
    EXPECT_EQ(field.act({5, 5}, Action::Stay).kind, Step::Kind::Idle);
}

TEST(Field, a_site_is_worked_once) {
    Field field;
    field.add_site({4, 4});
    EXPECT_EQ(field.act({4, 4}, Action::Work).kind, Step::Kind::Worked);
    EXPECT_EQ(field.act({4, 4}, Action::Work).kind, Step::Kind::Idle);
    EXPECT_EQ(field.sites_left(), 0U);
    EXPECT_EQ(field.act({3, 4}, Action::Work).kind, Step::Kind::Idle);
}

TEST(Field, refuses_two_things_on_a_tile_and_a_thing_on_a_site) {
    Field field;
    field.add_site({4, 4});
    ASSERT_TRUE(field.put({2, 1}, TileClass::Movable).ok());
    EXPECT_EQ(field.put({2, 1}, TileClass::Immovable).error(), Error::Refused);
    EXPECT_EQ(field.put({4, 4}, TileClass::Immovable).error(), Error::Refused);
    ASSERT_TRUE(field.remove({2, 1}).ok());
    EXPECT_EQ(field.remove({2, 1}).error(), Error::Unknown);
    EXPECT_TRUE(field.put({2, 1}, TileClass::Immovable).ok());
}

TEST(Blockable, leaves_a_way_round_whatever_stands_there) {
    Field field;
    field.add_site({10, 4});
    std::vector<Cell> route;
    for (std::uint8_t x = 0; x <= 10; ++x) route.push_back({x, 4});
    const auto open = blockable_tiles(field, route, 4);
    EXPECT_EQ(open.size(), 5U);  // x = 4 to 8: further on the site itself would be barred
    EXPECT_EQ(open.front(), (Cell{4, 4}));
    // A wall across the field with one gap at row 4: nothing may stand in or beside the gap.
    for (std::uint8_t y = 0; y < learn::kGridSide; ++y) {
        if (y == 4) continue;
        ASSERT_TRUE(field.put({6, y}, TileClass::Immovable).ok());
    }
    for (const Cell tile : blockable_tiles(field, route, 4)) {
        EXPECT_LT(tile.x, 5);
    }
}

TEST(Battery, adds_up_time_sending_and_work_exactly) {
    scenario::Energy terms;
    terms.battery_mj = 10'000;
    terms.mcu_mw = 20;
    terms.receive_mw = 15;
    terms.transmit_mw = 390;
    Battery battery(terms);
    battery.pass(Time{100s});
    EXPECT_EQ(battery.spent_mj(), 3'500);
    battery.transmit(1s);
    EXPECT_EQ(battery.spent_mj(), 3'875);
    battery.spend_mj(125);
    EXPECT_EQ(battery.permille(), 600);
    battery.set_on(false, Time{100s});
    battery.set_on(true, Time{1000s});
    EXPECT_EQ(battery.spent_mj(), 4'000);
    battery.pass(Time{2000s});
    EXPECT_TRUE(battery.empty());
    EXPECT_EQ(battery.percent(), 0);
}

}  // namespace
}  // namespace compot::field
