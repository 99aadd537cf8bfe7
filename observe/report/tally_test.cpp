#include "observe/report/tally.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "observe/report/json.hpp"
#include "observe/report/page.hpp"

namespace compot::report {
namespace {

using Json = nlohmann::json;
using observe::Fate;

Time at_ms(std::int64_t ms) { return Time{std::chrono::milliseconds(ms)}; }

/// A made-up mesh that is told to a tally.
class Mesh : public ::testing::Test {
protected:
    void stands(std::uint32_t id, std::int32_t x_m, std::int64_t ms = 0, bool alive = true) {
        observe::NodeCard card;
        card.id = NodeId{id};
        card.name = "n" + std::to_string(id);
        card.role = "client";
        card.alive = alive;
        card.place = observe::Place{x_m, 0};
        card.busy_permille = static_cast<std::uint16_t>(id);
        tally.node(at_ms(ms), card);
    }

    /// A transmission of 100 ms and who gets what of it.
    void sends(std::uint32_t tx, std::uint32_t from, std::uint32_t packet, std::uint8_t hops,
               std::int64_t ms, const std::vector<std::pair<std::uint32_t, Fate>>& heard,
               NodeId to = kBroadcast) {
        observe::FlightStarted started;
        started.flight = ++flights;
        started.transmitter = NodeId{tx};
        started.from = NodeId{from};
        started.packet = PacketId{packet};
        started.kind = "text";
        started.hop_limit = hops;
        started.airtime = 100ms;
        started.price = tx == from ? Duration{300ms} : Duration{};
        started.to = to;
        tally.flight_started(at_ms(ms), started);
        observe::FlightEnded ended;
        ended.flight = flights;
        for (const auto& [id, fate] : heard) ended.receptions.push_back({NodeId{id}, fate, 0, 0});
        tally.flight_ended(at_ms(ms + 100), ended);
    }

    Json report(std::int64_t until_ms = 10'000) {
        return Json::parse(to_json(tally.finish(at_ms(until_ms), "done", "")));
    }

    observe::World world{"mesh", 3, "", 25, observe::Source::Live, {}};
    Tally tally{world};
    std::uint64_t flights = 0;
};

TEST_F(Mesh, of_a_peer_it_counts_what_was_heard_and_expects_nothing) {
    stands(1, 0);
    observe::NodeCard peer;
    peer.id = NodeId{2};
    peer.name = "compot";
    peer.peer = true;
    tally.node(at_ms(0), peer);
    sends(1, 1, 77, 3, 1000, {});
    sends(2, 2, 78, 3, 2000, {{1, Fate::Decoded}});
    const Json json = report();
    ASSERT_EQ(json["nodes"].size(), 1U);
    EXPECT_EQ(json["totals"]["pairs"], 0) << "whom our packet reached is not known";
    EXPECT_EQ(json["totals"]["frames_foreign"], 1);
    EXPECT_TRUE(json["nodes"][0]["battery_permille"].is_null()) << "nobody told it";
    EXPECT_FALSE(json["series"][0].contains("battery_permille"));
}

TEST_F(Mesh, counts_who_got_what_on_which_hop_and_when) {
    for (std::uint32_t id : {1U, 2U, 3U, 4U}) stands(id, static_cast<std::int32_t>(id) * 1000);
    stands(5, 5000, 0, false);
    sends(1, 1, 77, 3, 1000, {{2, Fate::Decoded}, {3, Fate::TooWeak}});
    sends(2, 1, 77, 2, 2000, {{1, Fate::Duplicate}, {3, Fate::Decoded}, {4, Fate::Collided}});
    sends(3, 1, 77, 1, 3000, {{2, Fate::Duplicate}});
    const Json json = report();
    const Json& totals = json["totals"];
    EXPECT_EQ(totals["packets"], 1);
    EXPECT_EQ(totals["pairs"], 3) << "node 5 has no power";
    EXPECT_EQ(totals["reached"], 2);
    EXPECT_EQ(totals["delivery_permille"], 667);
    EXPECT_EQ(totals["delay_p50_ms"], 100);
    EXPECT_EQ(totals["delay_p95_ms"], 1100);
    EXPECT_EQ(totals["frames_own"], 1);
    EXPECT_EQ(totals["frames_relayed"], 2);
    EXPECT_EQ(totals["airtime_relayed_us"], 200'000);
    EXPECT_EQ(totals["price_us"], 300'000);
    EXPECT_EQ(totals["collided"], 1);
    EXPECT_EQ(totals["duplicate"], 2);
    ASSERT_EQ(json["hops"].size(), 2U);
    EXPECT_EQ(json["hops"][0]["reached"], 1);
    EXPECT_EQ(json["hops"][1]["up_to_here_permille"], 667);
    EXPECT_EQ(json["nodes"][3]["wanted"], 1);
    EXPECT_EQ(json["nodes"][3]["received"], 0);
    EXPECT_EQ(json["packets"][0]["flights"].size(), 3U);
    EXPECT_EQ(json["packets"][0]["flights"][2]["hop"], 3);
}

TEST_F(Mesh, sorts_pairs_and_transmissions_by_distance) {
    stands(1, 0);
    stands(2, 900);
    stands(3, 2400);
    sends(1, 1, 5, 1, 0, {{2, Fate::Decoded}});
    sends(2, 1, 5, 0, 500, {{1, Fate::Duplicate}, {3, Fate::Decoded}});
    const Json json = report();
    const auto at = [&](int to_m) {
        for (const Json& one : json["distances"])
            if (one["to_m"] == to_m) return one;
        return Json();
    };
    EXPECT_EQ(at(1000)["tries"], 2) << "1 to 2 and 2 to 1";
    EXPECT_EQ(at(1000)["heard"], 2);
    EXPECT_EQ(at(3000)["tries"], 1) << "1 to 3";
    EXPECT_EQ(at(3000)["heard"], 0);
    EXPECT_EQ(at(3000)["pairs"], 1);
    EXPECT_EQ(at(3000)["reached"], 1) << "by a relay";
    EXPECT_EQ(at(1500)["tries"], 1) << "2 to 3";
}

TEST_F(Mesh, a_packet_for_one_is_wanted_by_one_and_one_for_neighbours_is_no_delivery) {
    for (std::uint32_t id : {1U, 2U, 3U}) stands(id, static_cast<std::int32_t>(id));
    sends(1, 1, 5, 2, 0, {{2, Fate::Decoded}, {3, Fate::Decoded}}, NodeId{3});
    sends(1, 1, 6, 0, 500, {{2, Fate::Decoded}});
    const Json json = report();
    EXPECT_EQ(json["totals"]["pairs"], 1);
    EXPECT_EQ(json["totals"]["reached"], 1);
    EXPECT_EQ(json["kinds"][0]["packets"], 2);
    EXPECT_EQ(json["kinds"][0]["pairs"], 3);
}

TEST_F(Mesh, foreign_transmissions_are_nobodys_packets_but_take_the_air) {
    stands(1, 0);
    stands(2, 1);
    sends(99, 99, 5, 3, 0, {{1, Fate::Decoded}, {2, Fate::Collided}});
    sends(1, 99, 5, 2, 500, {{2, Fate::Decoded}});
    const Json json = report();
    EXPECT_EQ(json["totals"]["packets"], 0);
    EXPECT_EQ(json["totals"]["delivery_permille"], nullptr);
    EXPECT_EQ(json["totals"]["frames_foreign"], 1);
    EXPECT_EQ(json["totals"]["frames_relayed"], 1);
    EXPECT_EQ(json["totals"]["airtime_foreign_us"], 100'000);
    EXPECT_EQ(json["nodes"].size(), 2U);
}

TEST_F(Mesh, airtime_is_spread_over_the_seconds_that_it_touches_and_adds_up) {
    stands(1, 0);
    sends(1, 1, 5, 3, 950, {});
    sends(1, 1, 6, 3, 9980, {});
    const Json json = report(10'050);
    std::int64_t sum = 0;
    for (const Json& slot : json["time"]) sum += slot["airtime_own_us"].get<std::int64_t>();
    ASSERT_EQ(json["time"].size(), 11U);
    EXPECT_EQ(json["time"][0]["airtime_own_us"], 50'000);
    EXPECT_EQ(json["time"][1]["airtime_own_us"], 50'000);
    EXPECT_EQ(json["time"][10]["length_us"], 80'000) << "the run ends with what was told last";
    EXPECT_EQ(sum, 200'000);
    EXPECT_EQ(json["series"][0]["airtime_us"][1], 50'000);
}

TEST_F(Mesh, a_long_run_has_fewer_slots_and_packets_but_the_same_sums) {
    for (std::uint32_t id : {1U, 2U}) stands(id, static_cast<std::int32_t>(id));
    constexpr std::uint32_t kPackets = 5000;
    for (std::uint32_t i = 0; i < kPackets; ++i)
        sends(1, 1, 100 + i, 3, std::int64_t{i} * 20'000, {{2, Fate::Decoded}});
    const Json json = report(100'000'000);
    EXPECT_EQ(json["totals"]["reached"], kPackets);
    EXPECT_LE(json["time"].size(), 240U);
    EXPECT_LE(json["packets"].size(), 400U);
    EXPECT_GT(json["packets"].size(), 150U);
    std::int64_t sum = 0;
    std::int64_t decoded = 0;
    for (const Json& slot : json["time"]) {
        sum += slot["airtime_own_us"].get<std::int64_t>();
        decoded += slot["decoded"].get<std::int64_t>();
    }
    EXPECT_EQ(sum, kPackets * 100'000LL);
    EXPECT_EQ(decoded, kPackets);
}

TEST_F(Mesh, a_large_swarm_has_no_line_for_each_node) {
    for (std::uint32_t id = 1; id <= 100; ++id) stands(id, static_cast<std::int32_t>(id));
    sends(1, 1, 5, 3, 5000, {{2, Fate::Decoded}});
    const Json json = report();
    EXPECT_EQ(json["nodes"].size(), 100U);
    EXPECT_TRUE(json["series"].empty());
    EXPECT_EQ(json["time"][9]["busy_most_permille"], 100);
    EXPECT_EQ(json["time"][9]["busy_mean_permille"], 50);
}

TEST_F(Mesh, nothing_at_all_is_a_report_too) {
    const Json json = report(0);
    EXPECT_EQ(json["totals"]["nodes"], 0);
    EXPECT_EQ(json["totals"]["delay_p50_ms"], nullptr);
    EXPECT_NE(to_csv(json.dump()).find("totals,,delay_p50_ms,\n"), std::string::npos);
}

TEST(Delays, are_exact_to_ten_milliseconds_and_later_to_a_second) {
    Delays delays;
    EXPECT_FALSE(delays.quantile_ms(50));
    delays.add(1'239ms);
    EXPECT_EQ(delays.quantile_ms(1), 1230);
    delays.add(61'999ms);
    EXPECT_EQ(delays.quantile_ms(100), 61'000);
    delays.add(std::chrono::hours(30));
    EXPECT_EQ(delays.quantile_ms(100), 3'600'000);
    EXPECT_EQ(delays.count(), 3U);
}

TEST(Distance, classes_end_at_their_edges) {
    const auto away = [](std::int32_t x, std::int32_t y) { return distance_class({0, 0}, {x, y}); };
    EXPECT_EQ(away(0, 0), 0U);
    EXPECT_EQ(away(25, 0), 0U);
    EXPECT_EQ(away(26, 0), 1U);
    EXPECT_EQ(away(30, -40), 1U) << "50 m";
    EXPECT_EQ(away(-20'000'000, 20'000'000), kDistanceClasses - 1);
}

TEST(Page, holds_everything_and_a_name_cannot_end_its_script) {
    const std::string page = run_page("a <b>", R"x({"name":"</script><script>alert(1)"})x");
    EXPECT_EQ(page.find("</script><script>alert"), std::string::npos);
    EXPECT_NE(page.find("<title>a &lt;b&gt;</title>"), std::string::npos);
    EXPECT_EQ(page.find("http://"), page.find("http://www.w3.org/2000/svg"));
    EXPECT_EQ(page.find("https://"), std::string::npos);
}

TEST(Csv, has_a_row_for_each_figure) {
    const std::string csv =
        to_csv(R"x({"run":{"scenario":"a, b"},"nodes":[{"id":"!1","frames":3,"path":[[0,1,2]]}],)x"
               R"x("jobs":[{"nonce":"ab","steps":[{"at_us":5,"step":"asked"}]}]})x");
    EXPECT_EQ(csv,
              "section,item,figure,value\nrun,,scenario,\"a, b\"\nnodes,!1,id,!1\n"
              "nodes,!1,frames,3\njobs,ab,nonce,ab\njobs,ab,steps[0].at_us,5\n"
              "jobs,ab,steps[0].step,asked\n");
}

}  // namespace
}  // namespace compot::report
