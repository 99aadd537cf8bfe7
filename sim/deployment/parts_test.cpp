#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "sim/deployment/delays.hpp"
#include "sim/deployment/deliveries.hpp"
#include "sim/deployment/meter.hpp"
#include "sim/deployment/mover.hpp"
#include "sim/deployment/samples.hpp"
#include "sim/deployment/topology.hpp"

namespace compot::deployment {
namespace {

TEST(Delays, quantiles_are_the_nearest_rank_to_within_three_percent) {
    Delays delays;
    EXPECT_FALSE(delays.quantile_ms(50));
    for (int i = 1; i <= 10'000; ++i) delays.add(i * 7ms);
    for (const std::uint32_t percent : {1U, 50U, 90U, 99U, 100U}) {
        const double exact = percent * 100 * 7;
        EXPECT_NEAR(static_cast<double>(*delays.quantile_ms(percent)), exact, exact * 0.03);
    }
    EXPECT_EQ(delays.mean_ms(), 35'003);
    Delays one;
    one.add(5ms);
    EXPECT_EQ(one.quantile_ms(1), 5);
    EXPECT_EQ(one.quantile_ms(100), 5);
}

TEST(Meter, adds_up_what_each_state_draws) {
    EXPECT_EQ(transmit_ua(2200), 118'000U);
    EXPECT_NEAR(transmit_ua(1400), 45'000, 300);
    EXPECT_EQ(transmit_ua(0), 25'000U);
    EXPECT_NEAR(transmit_ua(2500), 118'000 * std::pow(10, 0.3), 200);
    Energy terms;
    terms.battery_mah = 100;
    terms.mcu_ua = 4'700;
    terms.receive_ua = 5'300;
    terms.sleep_ua = 100;
    Meter meter(terms, 2200);
    meter.sent(36s);
    EXPECT_EQ(meter.drawn_uah(Time{1h}), 4'700 + 5'300 * 99 / 100 + 118'000 / 100);
    meter.set(Meter::State::Asleep, Time{1h});
    EXPECT_EQ(meter.drawn_uah(Time{11h}) - meter.drawn_uah(Time{1h}), 1000);
    meter.set(Meter::State::Off, Time{11h});
    EXPECT_EQ(meter.drawn_uah(Time{90h}), meter.drawn_uah(Time{11h}));
    EXPECT_FALSE(meter.empty(Time{90h}));
    meter.set(Meter::State::On, Time{90h});
    EXPECT_TRUE(meter.empty(Time{100h}));
    EXPECT_EQ(meter.charge_permille(Time{100h}), 0);
    Meter steady(terms, 2200);
    EXPECT_NEAR(static_cast<double>(to_ms(*steady.life(Time{5h}))) / 3'600'000, 10, 0.01);
    EXPECT_FALSE(Meter(Energy{}, 2200).life(Time{5h})) << "on mains";
}

/// Stations on a line, each heard by its next neighbours alone.
struct Line {
    explicit Line(std::uint32_t stations)
        : ether(ether::Terms{}, std::make_unique<ether::FreeSpace>(868'000)) {
        for (std::uint32_t i = 0; i < stations; ++i) (void)ether.add({});
        for (std::uint32_t i = 0; i < stations; ++i)
            for (std::uint32_t j = 0; j < stations; ++j)
                if (i != j) ether.set_loss(i, j, i + 1 == j || j + 1 == i ? 9'000 : 30'000);
    }

    ether::Ether ether;
};

TEST(Topology, rings_are_the_hops_of_a_flood) {
    Line line(6);
    Topology topology(line.ether, 6, -1750);
    topology.set_bin_cm(1000);
    for (std::size_t i = 0; i < 6; ++i)
        topology.place(i, {static_cast<std::int32_t>(i) * 1000, 0, 150});
    const auto first = topology.view(0);
    EXPECT_FALSE(first->sees(0));
    for (std::size_t i = 1; i < 6; ++i) {
        EXPECT_EQ(first->ring(i), i);
        EXPECT_EQ(first->bin(i), i);
    }
    EXPECT_EQ(topology.view(0), first) << "nothing has changed";
    topology.set(3, true, false);
    const auto cut = topology.view(0);
    EXPECT_EQ(cut->ring(3), 3U) << "it hears, but relays nothing";
    EXPECT_EQ(cut->ring(4), 0U);
    EXPECT_EQ(cut->in_ring[0], 2U);
    topology.set(2, false, true);
    EXPECT_FALSE(topology.view(0)->sees(2));
    EXPECT_EQ(topology.view(0)->ring(3), 0U);
    EXPECT_EQ(topology.degree_hundredths(), 10 * 100 / 6);
}

TEST(Topology, follows_who_moves) {
    ether::Ether ether(ether::Terms{}, std::make_unique<ether::FreeSpace>(868'000));
    Topology topology(ether, 3, -1750);
    for (std::int32_t i = 0; i < 3; ++i) {
        ether::Antenna antenna;
        antenna.at = {i * 100'000, 0, 150};
        (void)ether.add(antenna);
        topology.place(static_cast<std::size_t>(i), antenna.at);
    }
    EXPECT_EQ(topology.hearers(0), 2U);
    const ether::Position far{2'000'000'000, 0, 150};
    ether.move(2, far);
    topology.place(2, far);
    EXPECT_EQ(topology.hearers(0), 1U);
    EXPECT_EQ(topology.hearers(2), 0U);
    EXPECT_EQ(topology.view(0)->ring(2), 0U);
}

TEST(Deliveries, count_each_receiver_once_and_only_those_that_were_meant) {
    auto view = std::make_shared<View>();
    view->places = {View::kNowhere, 0x10, 0x23, View::kNowhere};
    view->in_ring[1] = view->in_ring[2] = 1;
    view->in_bin[0] = view->in_bin[3] = 1;
    Deliveries deliveries(4);
    const auto id = deliveries.said({0, 1, 20, {}, 2, view}, Time{10s});
    deliveries.delivered(id, 0, 1, Time{11s});
    deliveries.delivered(id, 0, 1, Time{12s});
    deliveries.delivered(id, 0, 0, Time{12s});  // its own, carried back
    deliveries.delivered(id, 2, 1, Time{12s});  // somebody else's id
    deliveries.delivered(id + 1, 0, 1, Time{12s});
    EXPECT_EQ(deliveries.all().wanted, 2U);
    EXPECT_EQ(deliveries.all().delivered, 1U);
    EXPECT_EQ(deliveries.rings()[1].delivered, 1U);
    EXPECT_EQ(deliveries.rings()[2].wanted, 1U);
    EXPECT_EQ(deliveries.rings()[2].delivered, 0U);
    EXPECT_EQ(deliveries.bins()[0].delivered, 1U);
    EXPECT_EQ(deliveries.delays().quantile_ms(50), 1000);
    const auto direct = deliveries.said({0, 1, 20, 2, 2, nullptr}, Time{20s});
    deliveries.delivered(direct, 0, 1, Time{21s});
    deliveries.delivered(direct, 0, 2, Time{21s});
    deliveries.acknowledged(direct);
    deliveries.acknowledged(direct);
    deliveries.acknowledged(id);
    EXPECT_EQ(deliveries.direct().delivered, 1U);
    EXPECT_EQ(deliveries.direct().acknowledged, 1U);
    EXPECT_EQ(deliveries.all().wanted, 2U) << "not a broadcast";
    deliveries.forget(Time{15s});
    deliveries.delivered(id, 0, 2, Time{21s});
    EXPECT_EQ(deliveries.rings()[2].delivered, 0U) << "forgotten";
    EXPECT_EQ(deliveries.port_of(direct), 1U);
}

TEST(Movers, keep_to_the_area_and_to_their_speed) {
    const Deployment deployment = whole(
        "[mesh]\nnodes = 40\n[mesh.place]\nwidth_m = 300\nheight_m = 200\n[mobility]\n"
        "share_percent = 50\nspeed_least_m_s = 1\nspeed_most_m_s = 3\npause_s = 20\n");
    std::vector<NodePlan> nodes(40);
    for (NodePlan& node : nodes) node.at = ether::Position{10'000, 10'000, 150};
    Movers movers(deployment, nodes, 5);
    ASSERT_EQ(movers.size(), 20U);
    std::size_t moves = 0;
    for (std::size_t i = 0; i < movers.size(); ++i) {
        ether::Position last = *nodes[0].at;
        for (int second = 1; second <= 2000; ++second) {
            const auto step = movers.step(i, Time{second * 1s});
            const double moved = std::hypot(step.at.x_cm - last.x_cm, step.at.y_cm - last.y_cm);
            EXPECT_LE(moved, 303);
            EXPECT_EQ(step.moved, moved > 0);
            EXPECT_TRUE(step.at.x_cm >= 0 && step.at.x_cm <= 30'000);
            EXPECT_TRUE(step.at.y_cm >= 0 && step.at.y_cm <= 20'000);
            moves += step.moved ? 1U : 0U;
            last = step.at;
        }
    }
    EXPECT_GT(moves, 20'000U) << "they rest less than they walk";
}

TEST(Movers, are_at_the_same_place_however_often_one_looks) {
    const Deployment deployment =
        whole("[mesh]\nnodes = 4\n[mobility]\nshare_percent = 100\npause_s = 5\n");
    std::vector<NodePlan> nodes(4);
    for (NodePlan& node : nodes) node.at = ether::Position{10'000, 10'000, 150};
    Movers often(deployment, nodes, 5);
    Movers seldom(deployment, nodes, 5);
    for (int second = 1; second < 3600; ++second) (void)often.step(2, Time{second * 1s});
    const auto a = often.step(2, Time{1h});
    const auto b = seldom.step(2, Time{1h});
    EXPECT_EQ(a.at.x_cm, b.at.x_cm);
    EXPECT_EQ(a.at.y_cm, b.at.y_cm);
}

}  // namespace
}  // namespace compot::deployment
