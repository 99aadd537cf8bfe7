#include "sim/deployment/world.hpp"

#include <algorithm>
#include <set>

#include "observe/happening.hpp"
#include "sim/deployment/samples.hpp"

namespace compot::deployment {
namespace {

std::unique_ptr<World> world(const Deployment& deployment, std::uint64_t seed = 1,
                             bool encrypts = false) {
    auto made = World::create(deployment, {seed, encrypts});
    EXPECT_TRUE(made.ok());
    return *std::move(made);
}

Report outcome(const std::string& text, const std::vector<std::string>& sets = {},
               std::uint64_t seed = 1) {
    const Deployment deployment = whole(text, sets);
    const auto made = world(deployment, seed);
    made->run_until(Time{deployment.until});
    return made->report();
}

/// Everything that can happen, in a quarter of an hour.
const std::string kBusy = R"(
[run]
until_s = 900
[mesh]
nodes = 24
[mesh.place]
width_m = 3000
height_m = 3000
[mesh.roles]
router = 2
client_mute = 3
sensor = 2
[air]
shadowing_db = 5
asymmetry_db = 2
[traffic]
message_every_s = 60
direct_percent = 30
[mobility]
share_percent = 25
speed_most_m_s = 20
[churn]
mtbf_s = 900
off_s = 60
[[event]]
at_s = 300
do = "reboot"
share_percent = 20
[energy]
battery_mah = 5
sleepers_awake_s = 30
[foreign]
load_percent = 5
)";

TEST(World, one_seed_is_one_run_and_another_is_another) {
    const Report one = outcome(kBusy);
    EXPECT_EQ(to_json(one), to_json(outcome(kBusy)));
    EXPECT_NE(one.trace, outcome(kBusy, {}, 2).trace);
    EXPECT_GT(one.transmissions, 100U);
    EXPECT_GT(one.foreign, 0U);
    EXPECT_GT(one.failures, 5U);
    EXPECT_GT(one.no_power, 0U);
}

class Counter final : public observe::EventSink {
public:
    void event(observe::Event event) override {
        if (const auto* began = std::get_if<observe::FlightStarted>(&event.what)) {
            ++flights;
            open.insert(began->flight);
        } else if (const auto* ended = std::get_if<observe::FlightEnded>(&event.what)) {
            EXPECT_EQ(open.erase(ended->flight), 1U);
        } else if (const auto* card = std::get_if<observe::NodeCard>(&event.what)) {
            cards.insert(card->id);
        }
    }

    std::size_t flights = 0;
    std::set<std::uint64_t> open;
    std::set<NodeId> cards;
};

class Frames final : public sim::FrameTap {
public:
    void frame(Time, NodeId, BytesView bytes) override {
        ++count;
        least = std::min(least, bytes.size());
    }

    std::size_t count = 0;
    std::size_t least = 1000;
};

TEST(World, onlookers_see_every_flight_and_change_nothing) {
    const Deployment deployment = whole(kBusy);
    const auto watched = world(deployment, 1, true);
    Counter counter;
    Frames frames;
    watched->add_sink(counter);
    watched->set_tap(&frames);
    for (int i = 1; i <= 900; ++i) watched->run_until(Time{i * 1s});
    const Report report = watched->report();
    EXPECT_EQ(to_json(report), to_json(outcome(kBusy))) << "nor does encryption, nor the steps";
    EXPECT_EQ(counter.flights, report.transmissions + report.foreign);
    EXPECT_EQ(frames.count, counter.flights);
    EXPECT_GE(frames.least, air::kHeaderBytes);
    EXPECT_EQ(counter.cards.size(), 24U);
    EXPECT_LE(counter.open.size(), 24U) << "what is in the air at the end";
}

TEST(World, figures_hang_together) {
    const Report report = outcome(kBusy);
    EXPECT_LE(report.all.delivered, report.all.wanted);
    std::uint64_t sent = 0;
    Duration air{};
    for (const NodeReport& node : report.nodes) {
        sent += node.sent + node.relayed;
        air += node.air;
        EXPECT_LE(node.air_relayed, node.air);
        EXPECT_TRUE(node.role != "client_mute" || node.relayed == 0) << node.name;
    }
    EXPECT_EQ(sent, report.transmissions);
    EXPECT_EQ(air, report.air);
    Reached rings;
    for (const Reached& ring : report.rings) rings.wanted += ring.wanted;
    EXPECT_EQ(rings.wanted, report.all.wanted);
    EXPECT_GE(report.direct.delivered, report.direct.acknowledged);
    EXPECT_GT(report.direct.acknowledged, 0U);
}

TEST(World, radios_with_empty_batteries_are_silent) {
    const std::string text =
        "[run]\nuntil_s = 7200\n[mesh]\nnodes = 5\n[mesh.place]\nwidth_m = "
        "200\nheight_m = 200\n[traffic]\nmessage_every_s = 120\n";
    // 8.6 mA while it listens: 8 mAh last 56 minutes.
    const Report report = outcome(text, {"energy.battery_mah=8"});
    for (const NodeReport& node : report.nodes) {
        EXPECT_FALSE(node.on);
        EXPECT_NEAR(static_cast<double>(node.drawn_uah), 8000, 200);
    }
    EXPECT_EQ(report.failures, 5U);
    EXPECT_GT(report.no_power, 0U);
    EXPECT_EQ(outcome(text).failures, 0U) << "mains do not run out";
}

/// Two radios, one telemetry a minute from each; the link has the rate that the file says.
TEST(World, a_measured_rate_is_what_arrives) {
    const std::string text = R"(
[run]
until_s = 360000
[mesh]
[air.measured]
file = "links.json"
frame_bytes = 53
[traffic]
profile = "messages"
message_every_s = 60
bytes_least = 30
bytes_most = 30
want_ack = false
)";
    const Deployment deployment =
        whole(text, {}, R"({"prr_from_row_to_col": [[0, 0.6, 0], [0.9, 0, 0], [0, 0, 0]]})");
    const auto made = world(deployment);
    made->run_until(Time{deployment.until});
    const Report report = made->report();
    EXPECT_EQ(report.nodes[2].decoded, 0U);
    // Neither relays to a third; what each decodes is the other's own and its relay.
    const double to_second = static_cast<double>(report.nodes[1].decoded) /
                             static_cast<double>(report.nodes[0].sent + report.nodes[0].relayed);
    const double to_first = static_cast<double>(report.nodes[0].decoded) /
                            static_cast<double>(report.nodes[1].sent + report.nodes[1].relayed);
    EXPECT_NEAR(to_second, 0.6, 0.03);
    EXPECT_NEAR(to_first, 0.9, 0.03);
}

TEST(World, people_switch_nodes_off_and_on) {
    const Deployment deployment = whole("[mesh]\nnodes = 3\n");
    const auto made = world(deployment);
    const NodeId second = talk::Talk::id_of(1);
    EXPECT_FALSE(made->revive(second).ok());
    EXPECT_TRUE(made->drop(second).ok());
    EXPECT_FALSE(made->drop(second).ok());
    EXPECT_TRUE(made->revive(second).ok());
    EXPECT_FALSE(made->drop(talk::Talk::id_of(7)).ok());
}

TEST(World, what_is_switched_off_stays_off_and_what_fails_comes_back) {
    const std::string text =
        "[run]\nuntil_s = 3600\n[mesh]\nnodes = 3\n[churn]\nmtbf_s = 300\noff_s = 30\n";
    const std::string drop = "[[event]]\nat_s = 1800\ndo = \"drop\"\nnode = \"n2\"\n";
    const std::string revive = "[[event]]\nat_s = 3500\ndo = \"revive\"\nnode = \"n2\"\n";
    EXPECT_GT(outcome(text).failures, 10U);
    EXPECT_FALSE(outcome(text + drop).nodes[1].on);
    EXPECT_TRUE(outcome(text + drop + revive, {"churn.mtbf_s=1000000"}).nodes[1].on);
}

TEST(World, sleepers_wake_to_speak_and_hear_nothing_else) {
    const std::string text =
        "[run]\nuntil_s = 86400\n[mesh]\nnodes = 4\n[mesh.place]\nwidth_m = "
        "200\nheight_m = 200\n[mesh.roles]\nsensor = 1\n[energy]\n"
        "sleepers_awake_s = 20\n";
    const Report report = outcome(text);
    const auto sensor = std::find_if(report.nodes.begin(), report.nodes.end(),
                                     [](const NodeReport& node) { return node.role == "sensor"; });
    ASSERT_NE(sensor, report.nodes.end());
    EXPECT_GT(sensor->sent, 50U);
    for (const NodeReport& node : report.nodes) {
        if (node.role == "sensor") continue;
        EXPECT_GT(node.drawn_uah, sensor->drawn_uah * 10);
        EXPECT_GT(node.decoded, sensor->decoded * 4) << "which hears its own relayed";
    }
    EXPECT_EQ(report.failures, 0U);
}

TEST(World, a_busy_channel_holds_back_what_the_firmware_says_by_itself) {
    const std::string text =
        "[run]\nuntil_s = 3600\n[mesh]\nnodes = 40\n[mesh.place]\nwidth_m = "
        "500\nheight_m = 500\n[traffic]\nmessage_every_s = 30\n";
    EXPECT_GT(outcome(text).held_back, 10U);
    EXPECT_EQ(outcome(text, {"traffic.message_every_s=36000"}).held_back, 0U);
}

}  // namespace
}  // namespace compot::deployment
