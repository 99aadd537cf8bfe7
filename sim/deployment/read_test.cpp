#include "sim/deployment/read.hpp"

#include <cmath>

#include "sim/deployment/link_file.hpp"
#include "sim/deployment/placement.hpp"
#include "sim/deployment/samples.hpp"

namespace compot::deployment {
namespace {

const std::string kSmall = "[mesh]\nnodes = 10\n";

TEST(Deployment, is_told_from_a_swarm_by_its_mesh) {
    EXPECT_TRUE(is_deployment(kSmall));
    EXPECT_FALSE(is_deployment("[swarm]\nsecret = \"s\"\n"));
    EXPECT_FALSE(is_deployment("[mesh"));
}

TEST(Deployment, fills_in_what_a_fresh_radio_has) {
    const Deployment deployment = whole(kSmall);
    EXPECT_EQ(deployment.name, "x");
    EXPECT_EQ(deployment.nodes, 10U);
    EXPECT_EQ(deployment.channel, "LongFast");
    EXPECT_EQ(deployment.hop_limit, 3);
    EXPECT_EQ(deployment.region.duty_cycle_permille, 100);
    EXPECT_EQ(deployment.air.frequency_khz, 869'525U);
    EXPECT_EQ(deployment.settle, 60s);
    EXPECT_EQ(whole(kSmall, {"run.until_s=100"}).settle, 10s);
}

TEST(Deployment, says_in_one_line_what_is_wrong_and_where) {
    EXPECT_EQ(refusal(kSmall + "colour = 3\n").substr(0, 49),
              "folder/x.toml:3: mesh.colour: unknown key; known ");
    EXPECT_NE(refusal(kSmall + "regoin = \"US\"\n").find("did you mean region?"),
              std::string::npos);
    EXPECT_EQ(refusal(kSmall + "region = \"Mars\"\n").substr(0, 56),
              "folder/x.toml:3: mesh.region: expected one of US, EU_433");
    EXPECT_EQ(refusal(kSmall + "preset = \"ShortTurbo\"\n"),
              "folder/x.toml:3: mesh.preset: ShortTurbo is not allowed in EU_868");
    EXPECT_EQ(refusal(kSmall + "power_dbm = 30\n"),
              "folder/x.toml:3: mesh.power_dbm: expected a number from -10 to 27, found 30");
    EXPECT_EQ(refusal(kSmall + "[[mesh.node]]\nat_m = [1, 2]\n[[mesh.node]]\nat_m = [1, 2.0]\n"),
              "folder/x.toml:6: mesh.node.1.at_m: another node stands at this place");
    EXPECT_EQ(refusal(kSmall + "[[mesh.node]]\nname = \"n7\"\n"),
              "folder/x.toml:4: mesh.node.n7.name: nodes without a name of their own are called "
              "like this");
    EXPECT_EQ(refusal(kSmall + "[[air.link]]\nfrom = \"n1\"\nto = \"n11\"\n"),
              "folder/x.toml:5: air.link.0.to: no node is called n11");
    EXPECT_EQ(refusal(kSmall + "[[event]]\nat_s = 1\nnode = \"n0\"\n"),
              "folder/x.toml:5: event.0.node: no node is called n0");
    EXPECT_EQ(
        refusal(kSmall + "[mesh.roles]\nrouter = 11\n"),
        "folder/x.toml:3: mesh.roles: names the roles of 11 nodes, but only 10 are not listed "
        "one by one");
    EXPECT_EQ(refusal("[mesh]\nregion = \"LORA_24\"\n[air]\npath_loss = \"hata_open\"\n"),
              "folder/x.toml:4: air.path_loss: Hata's models hold from 150 to 1500 MHz");
    EXPECT_EQ(
        refusal(kSmall + "[traffic]\nprofile = \"defcon\"\nmessage_every_s = 3\n").substr(0, 62),
        "folder/x.toml:5: traffic.message_every_s: unknown key; known h");
    EXPECT_EQ(refusal(kSmall, {"mesh.nodes=0"}),
              "--set mesh.nodes: mesh.nodes: expected a whole number from 1 to 20000, found 0");
    EXPECT_EQ(refusal("[mesh]\nnodes = 1\n[[mesh.node]]\n[[mesh.node]]\n"),
              "folder/x.toml:2: mesh.nodes: expected at least the 2 that are listed, found 1");
}

TEST(Placement, keeps_the_least_distance_or_says_that_there_is_no_room) {
    const Deployment sparse = whole(kSmall +
                                    "[mesh.place]\nwidth_m = 100\nheight_m = 100\n"
                                    "least_m = 20\n");
    const auto nodes = place(sparse, 3);
    ASSERT_TRUE(nodes.ok());
    for (std::size_t i = 0; i < nodes->size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            EXPECT_GE(std::hypot((*nodes)[i].at->x_cm - (*nodes)[j].at->x_cm,
                                 (*nodes)[i].at->y_cm - (*nodes)[j].at->y_cm),
                      2000);
    Deployment crowded = sparse;
    crowded.place.least_cm = 7000;
    const auto refused = place(crowded, 3);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().sentence.substr(0, 47),
              "folder/x.toml: mesh.place.least_m: no room: 4 o")
        << refused.error().sentence;
    EXPECT_NE(refused.error().sentence.find("of 10 nodes found a place with 70 m between them in "
                                            "100 m x 100 m"),
              std::string::npos);
}

TEST(Placement, follows_the_seed_and_hands_out_roles) {
    const Deployment deployment =
        whole(kSmall +
              "[mesh.roles]\nrouter = 2\nclient_mute = 3\n[[mesh.node]]\nname = \"hill\"\n"
              "at_m = [5, 6]\nrole = \"router_late\"\n");
    const auto one = place(deployment, 1);
    const auto same = place(deployment, 1);
    const auto other = place(deployment, 2);
    ASSERT_TRUE(one.ok() && same.ok() && other.ok());
    EXPECT_EQ((*one)[0].name, "hill");
    EXPECT_EQ((*one)[0].at->x_cm, 500);
    EXPECT_EQ((*one)[1].name, "n2");
    EXPECT_EQ((*one)[4].at->x_cm, (*same)[4].at->x_cm);
    EXPECT_NE((*one)[4].at->x_cm, (*other)[4].at->x_cm);
    const auto count = [&](radio::Role role) {
        return std::count_if(one->begin(), one->end(),
                             [&](const NodePlan& node) { return node.role == role; });
    };
    EXPECT_EQ(count(radio::Role::Router), 2);
    EXPECT_EQ(count(radio::Role::ClientMute), 3);
    EXPECT_EQ(count(radio::Role::RouterLate), 1);
    EXPECT_EQ(count(radio::Role::Client), 4);
}

TEST(Placement, a_grid_is_even_and_clusters_are_close) {
    const Deployment grid = whole(
        "[mesh]\nnodes = 12\n[mesh.place]\nhow = \"grid\"\nwidth_m = "
        "400\nheight_m = 300\n");
    const auto even = place(grid, 1);
    ASSERT_TRUE(even.ok());
    for (std::size_t i = 0; i < 12; ++i) {
        EXPECT_EQ((*even)[i].at->x_cm, 5000 + 10'000 * static_cast<std::int32_t>(i % 4));
        EXPECT_EQ((*even)[i].at->y_cm, 5000 + 10'000 * static_cast<std::int32_t>(i / 4));
    }
    const Deployment clusters = whole(
        "[mesh]\nnodes = 200\n[mesh.place]\nhow = \"clusters\"\nclusters = 2\nspread_m = "
        "30\nwidth_m = 20000\nheight_m = 20000\n");
    const auto close = place(clusters, 4);
    ASSERT_TRUE(close.ok());
    std::size_t near = 0;
    for (std::size_t i = 2; i < 200; ++i)
        near += std::hypot((*close)[i].at->x_cm - (*close)[i % 2].at->x_cm,
                           (*close)[i].at->y_cm - (*close)[i % 2].at->y_cm) < 20'000
                    ? 1U
                    : 0U;
    EXPECT_GT(near, 190U);
}

TEST(LinkFile, reads_rates_and_levels_with_places_or_without) {
    const auto rates = parse_links(
        R"({"prr_from_row_to_col": [[0, 0.5], [0, 0]], "positions": [[0, 0.5], [1, 0.25]]})",
        200'000);
    ASSERT_TRUE(rates.ok()) << rates.error().sentence;
    EXPECT_EQ(rates->value(0, 1), 500'000);
    EXPECT_FALSE(rates->value(1, 0)) << "nothing was heard";
    EXPECT_EQ(rates->places[1].x_cm, 200'000);
    EXPECT_EQ(rates->places[1].y_cm, 50'000);
    const auto levels = parse_links(
        R"({"rssi_dbm_tx_row_rx_col": [[null, -91.25], [-120, null]], "nodes": [{"x": 1}, {"z": 3}]})",
        100);
    ASSERT_TRUE(levels.ok()) << levels.error().sentence;
    EXPECT_EQ(levels->value(0, 1), -9125);
    EXPECT_EQ(levels->value(1, 0), -12'000);
    EXPECT_EQ(levels->places[0].x_cm, 100);
    EXPECT_EQ(levels->places[1].z_cm, 300);
}

TEST(LinkFile, refuses_what_is_none_by_its_key) {
    const auto why = [](const std::string& json) {
        const auto links = parse_links(json, 100);
        return links.ok() ? "" : links.error().sentence;
    };
    EXPECT_EQ(why("nonsense"), "is no JSON");
    EXPECT_EQ(why("{}"), "has neither prr_from_row_to_col nor rssi_dbm_tx_row_rx_col");
    EXPECT_EQ(why(R"({"prr_from_row_to_col": [[0]]})"),
              "prr_from_row_to_col: 2 to 500 nodes are possible");
    EXPECT_EQ(why(R"({"prr_from_row_to_col": [[0, 1], [0]]})"),
              "prr_from_row_to_col[1] has not a column for each node");
    EXPECT_EQ(why(R"({"prr_from_row_to_col": [[0, 1.5], [0, 0]]})"),
              "prr_from_row_to_col[0][1] is out of range");
    EXPECT_EQ(why(R"({"prr_from_row_to_col": [[0, "x"], [0, 0]]})"),
              "prr_from_row_to_col[0][1] is no number");
    EXPECT_EQ(why(R"({"prr_from_row_to_col": [[0, 1], [1, 0]], "positions": [[1, 2]]})"),
              "positions has not a place for each node");
}

TEST(Deployment, takes_its_links_from_a_file) {
    const std::string text = "[mesh]\n[air.measured]\nfile = \"links.json\"\n";
    const std::string links =
        R"({"rssi_dbm_tx_row_rx_col": [[null, -91, -100], [-120, null, null], [-90, -90, null]]})";
    const Deployment deployment = whole(text, {}, links);
    EXPECT_EQ(deployment.nodes, 3U);
    ASSERT_EQ(deployment.air.links.size(), 6U);
    EXPECT_EQ(deployment.air.links[0].loss_cdb, 2200 + 9100);
    EXPECT_EQ(refusal(text, {}, "[]"),
              "folder/x.toml:3: air.measured.file: links.json: is no JSON object");
    EXPECT_EQ(refusal(text, {"mesh.nodes=4"}, links),
              "--set mesh.nodes: mesh.nodes: air.measured has links for 3 nodes, found 4");
    EXPECT_EQ(
        refusal(text + "[mobility]\nshare_percent = 5\n", {}, links),
        "folder/x.toml:5: mobility.share_percent: nobody moves where all links were measured");
}

}  // namespace
}  // namespace compot::deployment
