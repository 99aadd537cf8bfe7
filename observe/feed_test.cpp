#include "observe/feed.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "observe/event_json.hpp"
#include "observe/scripted_story.hpp"

namespace compot::observe {
namespace {

using Json = nlohmann::json;

NodeCard card(NodeId id, std::uint16_t battery) {
    NodeCard made;
    made.id = id;
    made.battery_permille = battery;
    return made;
}

FlightStarted start(std::uint64_t flight) {
    FlightStarted made;
    made.flight = flight;
    made.kind = "beacon";
    return made;
}

class FeedTest : public ::testing::Test {
protected:
    Json next(Feed::Reader& reader) {
        const Message message = feed.next(reader);
        return message ? Json::parse(*message) : Json();
    }

    /// A reader that has been greeted and has the snapshot.
    Feed::Reader follower() {
        Feed::Reader reader = feed.reader();
        EXPECT_EQ(next(reader)["type"], "hello");
        EXPECT_EQ(next(reader)["type"], "snapshot");
        return reader;
    }

    void tell_flight(std::uint64_t flight) {
        feed.flight_started(at, start(flight));
        feed.flight_ended(at, {flight, {}});
    }

    static int count(const Json& delta, const char* kind) {
        int found = 0;
        for (const Json& event : delta["events"]) found += event["e"] == kind ? 1 : 0;
        return found;
    }

    Time at{5s};
    Feed feed{{"test", 7, "cafe", 25, Source::Live, {}},
              FeedLimits{.deltas = 8, .flights_merged = 2}};
};

TEST_F(FeedTest, greets_then_gives_a_snapshot_then_deltas_that_follow_each_other) {
    feed.node(at, card(kBeta, 900));
    feed.commit();
    Feed::Reader reader = feed.reader();
    const Json hello = next(reader);
    EXPECT_EQ(hello["type"], "hello");
    EXPECT_EQ(hello["scenario"], "test");
    EXPECT_EQ(hello["seed"], 7);
    EXPECT_EQ(hello["resumed"], false);
    const Json snapshot = next(reader);
    EXPECT_EQ(snapshot["type"], "snapshot");
    EXPECT_EQ(snapshot["seq"], 1);
    EXPECT_EQ(snapshot["state"]["nodes"]["!be7a0002"]["battery_permille"], 900);
    EXPECT_TRUE(next(reader).is_null());
    feed.node(at, card(kBeta, 800));
    EXPECT_TRUE(next(reader).is_null()) << "nothing is told before commit";
    feed.commit();
    const Json delta = next(reader);
    EXPECT_EQ(delta["type"], "delta");
    EXPECT_EQ(delta["base"], 1);
    EXPECT_EQ(delta["seq"], 2);
    EXPECT_EQ(delta["t"], 5'000'000);
    EXPECT_EQ(delta["events"][0]["card"]["battery_permille"], 800);
}

TEST_F(FeedTest, commits_nothing_when_nothing_was_told) {
    EXPECT_FALSE(feed.commit());
    EXPECT_EQ(feed.seq(), 0U);
}

TEST_F(FeedTest, a_snapshot_never_shares_an_event_with_the_delta_after_it) {
    feed.log(at, {kBeta, "pending"});
    Feed::Reader reader = feed.reader();
    next(reader);
    EXPECT_EQ(next(reader)["state"]["log"].size(), 1U);
    feed.commit();
    EXPECT_TRUE(next(reader).is_null());
}

TEST_F(FeedTest, merges_for_a_slow_reader_cards_to_the_newest_and_keeps_what_matters) {
    Feed::Reader slow = follower();
    Feed::Reader quick = follower();
    for (std::uint16_t round = 0; round < 5; ++round) {
        feed.node(at, card(kBeta, round));
        feed.log(at, {kBeta, "line"});
        tell_flight(round);
        feed.commit();
        EXPECT_EQ(next(quick)["events"].size(), 4U);
    }
    const Json delta = next(slow);
    EXPECT_EQ(delta["base"], 0);
    EXPECT_EQ(delta["seq"], 5);
    EXPECT_EQ(count(delta, "node"), 1);
    EXPECT_EQ(count(delta, "log"), 5);
    EXPECT_EQ(count(delta, "start"), 2);
    EXPECT_EQ(count(delta, "end"), 2);
    EXPECT_EQ(delta["flights_skipped"], 3);
    EXPECT_TRUE(next(slow).is_null());
}

TEST_F(FeedTest, never_skips_half_a_flight) {
    feed.flight_started(at, start(1));
    feed.commit();
    Feed::Reader slow = follower();
    for (std::uint64_t flight = 2; flight < 8; ++flight) {
        feed.flight_started(at, start(flight));
        feed.commit();
    }
    for (std::uint64_t flight = 1; flight < 7; ++flight) feed.flight_ended(at, {flight, {}});
    feed.commit();
    const Json delta = next(slow);
    std::multiset<int> started, ended;
    for (const Json& event : delta["events"]) {
        if (event["e"] == "start") started.insert(event["flight"].get<int>());
        if (event["e"] == "end") ended.insert(event["flight"].get<int>());
    }
    EXPECT_EQ(started, (std::multiset<int>{5, 6, 7}));
    EXPECT_EQ(ended, (std::multiset<int>{1, 5, 6}));
    EXPECT_EQ(delta["flights_skipped"], 3);
}

TEST_F(FeedTest, resumes_within_what_it_keeps_and_only_in_the_same_run) {
    for (int round = 0; round < 4; ++round) {
        feed.log(at, {kBeta, "line"});
        feed.commit();
    }
    Feed::Reader reader = feed.reader(2, "cafe");
    EXPECT_EQ(next(reader)["resumed"], true);
    const Json delta = next(reader);
    EXPECT_EQ(delta["base"], 2);
    EXPECT_EQ(delta["events"].size(), 2U);
    Feed::Reader current = feed.reader(4, "cafe");
    EXPECT_EQ(next(current)["resumed"], true);
    EXPECT_TRUE(next(current).is_null());
    for (auto stranger :
         {feed.reader(2, "babe"), feed.reader(5, "cafe"), feed.reader(~0ULL, "cafe")}) {
        EXPECT_EQ(next(stranger)["resumed"], false);
        EXPECT_EQ(next(stranger)["type"], "snapshot");
    }
}

TEST_F(FeedTest, greets_anew_who_fell_behind_everything_that_is_kept) {
    Feed::Reader reader = follower();
    for (int round = 0; round < 9; ++round) {
        feed.log(at, {kBeta, "line"});
        feed.commit();
    }
    EXPECT_EQ(next(reader)["type"], "hello");
    EXPECT_EQ(next(reader)["state"]["log"].size(), 9U);
    EXPECT_TRUE(next(reader).is_null());
    Feed::Reader late = feed.reader(0, "cafe");
    EXPECT_EQ(next(late)["resumed"], false);
}

TEST_F(FeedTest, forgets_deltas_by_bytes_too) {
    Feed small{{}, FeedLimits{.delta_bytes = 300}};
    for (int round = 0; round < 9; ++round) {
        small.log(at, {kBeta, std::string(100, 'x')});
        small.commit();
    }
    Feed::Reader reader = small.reader(5, "");
    EXPECT_NE(small.next(reader)->find("\"resumed\":false"), std::string::npos);
}

TEST_F(FeedTest, a_new_world_begins_empty_for_everybody) {
    feed.node(at, card(kBeta, 900));
    feed.commit();
    Feed::Reader reader = follower();
    feed.node(at, card(kBeta, 800));
    feed.restart({"test", 8, "cafe", 25, Source::Live, {}});
    const Json hello = next(reader);
    EXPECT_EQ(hello["type"], "hello");
    EXPECT_EQ(hello["seed"], 8);
    EXPECT_EQ(hello["t"], 0);
    EXPECT_TRUE(next(reader)["state"]["nodes"].empty());
    EXPECT_TRUE(next(reader).is_null());
}

TEST_F(FeedTest, keeps_the_newest_packets_with_their_fates) {
    for (std::uint64_t flight = 0; flight < 250; ++flight) {
        feed.flight_started(at, start(flight));
        if (flight != 249) feed.flight_ended(at, {flight, {{kGamma, Fate::Collided, -9900, -25}}});
    }
    const Json packets = Json::parse(feed.packets());
    ASSERT_EQ(packets.size(), 200U);
    EXPECT_EQ(packets[0]["flight"], 50);
    EXPECT_EQ(packets[0]["fates"][0]["fate"], "collided");
    EXPECT_EQ(packets[0]["fates"][0]["snr_cdb"], -25);
    EXPECT_FALSE(packets[199].contains("fates"));
}

TEST_F(FeedTest, gathers_the_steps_of_a_job) {
    feed.job(at, {0x2A, kBeta, kNoNode, "asked", "at 7,8"});
    feed.job(at, {0x2A, kBeta, kCompot, "offered", ""});
    const Json jobs = Json::parse(feed.jobs());
    ASSERT_EQ(jobs.size(), 1U);
    EXPECT_EQ(jobs[0]["nonce"], "0000002a");
    EXPECT_EQ(jobs[0]["helper"], "!c0390074");
    EXPECT_EQ(jobs[0]["steps"][1]["step"], "offered");
}

TEST_F(FeedTest, an_obstacle_that_is_gone_leaves_the_snapshot) {
    feed.obstacle(at, {4, {7, 8}, true, "MOVABLE", ""});
    EXPECT_EQ(Json::parse(feed.snapshot())["state"]["obstacles"].size(), 1U);
    feed.obstacle(at, {4, {7, 8}, false, "MOVABLE", ""});
    EXPECT_TRUE(Json::parse(feed.snapshot())["state"]["obstacles"].empty());
}

TEST_F(FeedTest, text_from_outside_can_not_break_the_json) {
    feed.log(at, {kBeta, "quote \" backslash \\ newline \n bad utf8 \xff\xc3 end"});
    feed.job(at, {1, kBeta, kNoNode, "a\"b", "\xf0\x28"});
    EXPECT_FALSE(Json::parse(feed.snapshot(), nullptr, false).is_discarded());
}

TEST_F(FeedTest, whoever_follows_deltas_knows_what_a_newcomer_is_told) {
    Feed::Reader reader = follower();
    std::map<std::string, Json> cards;
    for (const Event& event : scripted_story({})) {
        tell(feed, event);
        feed.commit();
        const Json delta = next(reader);
        for (const Json& said : delta["events"]) {
            if (said["e"] == "node") cards[said["card"]["id"]] = said["card"];
        }
    }
    EXPECT_EQ(cards.size(), 4U);
    EXPECT_EQ(Json(cards), Json::parse(feed.snapshot())["state"]["nodes"]);
}

}  // namespace
}  // namespace compot::observe
