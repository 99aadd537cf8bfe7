#include "sim/meshtasticator/scenario.hpp"

#include <gtest/gtest.h>

namespace compot::meshtasticator {
namespace {

constexpr const char* kWhole =
    R"({"nodes":[{"id":0},{"id":1}],"static":true,"preset":"LONG_FAST","hop_limit":3,"payload":40,
"simtime_s":1800.0,"rssi_dbm_tx_row_rx_col":[[null,-100.5],[-120.25,null]],
"messages_list":[[2000.5,1,4294967295,2],[1000,0,4294967295,1]]})";

std::string with(const std::string& part, const std::string& instead) {
    std::string text = kWhole;
    const std::size_t at = text.find(part);
    EXPECT_NE(at, std::string::npos) << part;
    return text.replace(at, part.size(), instead);
}

std::string refusal(const std::string& text) {
    const auto parsed = parse(text);
    return parsed ? "" : parsed.error().sentence;
}

TEST(Scenario, is_read_with_levels_by_sender_and_messages_in_order) {
    const auto scenario = parse(kWhole);
    ASSERT_TRUE(scenario) << scenario.error().sentence;
    EXPECT_EQ(scenario->nodes, 2U);
    EXPECT_EQ(scenario->rssi(0, 1), -100'500);
    EXPECT_EQ(scenario->rssi(1, 0), -120'250);
    EXPECT_EQ(scenario->rssi(0, 0), kInaudible);
    ASSERT_EQ(scenario->messages.size(), 2U);
    EXPECT_EQ(scenario->messages[0].at, 1s);
    EXPECT_EQ(scenario->messages[1].at, 2000500us);
    EXPECT_FALSE(scenario->places) << "it is static";
    EXPECT_FALSE(scenario->airtime_fixed);
}

std::string moving(const std::string& first_node) {
    std::string text = with("\"static\":true", "\"static\":false");
    const std::string nodes = R"({"id":0},{"id":1})";
    return text.replace(text.find(nodes), nodes.size(),
                        first_node + R"(,{"x":-20,"y":30.25,"z":1.5})");
}

TEST(Scenario, whose_nodes_move_says_where_from) {
    const auto scenario = parse(moving(R"({"x":7500,"y":0,"z":1,"moving":true})"));
    ASSERT_TRUE(scenario) << scenario.error().sentence;
    ASSERT_TRUE(scenario->places);
    EXPECT_EQ(scenario->places->moves, (std::vector<bool>{true, false}));
    EXPECT_EQ(scenario->places->starts[0].x_cm, 750'000);
    EXPECT_EQ(scenario->places->starts[1].y_cm, 3'025);
    EXPECT_EQ(scenario->places->starts[1].z_cm, 150);
    EXPECT_EQ(refusal(moving(R"({"y":0,"z":1})")), "nodes[0].x is missing");
    EXPECT_EQ(refusal(moving(R"({"x":7501,"y":0,"z":1})")), "nodes[0].x is out of range");
    EXPECT_EQ(refusal(moving(R"({"x":1,"y":0,"z":1,"moving":1})")), "moving is no boolean");
    EXPECT_EQ(refusal(moving("7")), "nodes[0] is no JSON object");
}

TEST(Scenario, that_is_wrong_is_refused_by_the_name_of_the_key) {
    EXPECT_EQ(refusal("{"), "is no JSON");
    EXPECT_EQ(refusal("[]"), "is no JSON object");
    EXPECT_EQ(refusal(with("LONG_FAST", "SHORT_FAST")), "preset: only LONG_FAST is known here");
    EXPECT_EQ(refusal(with("\"hop_limit\":3,", "")), "hop_limit is missing");
    EXPECT_EQ(refusal(with("\"hop_limit\":3", "\"hop_limit\":8")), "hop_limit is out of range");
    EXPECT_EQ(refusal(with("\"payload\":40", "\"payload\":\"x\"")), "payload is no number");
    EXPECT_EQ(refusal(with("1800.0", "-1")), "simtime_s is out of range");
    EXPECT_EQ(refusal(with("[-120.25,null]", "[-120.25]")),
              "rssi_dbm_tx_row_rx_col[1] has not a column for each node");
    EXPECT_EQ(refusal(with(",[-120.25,null]", "")),
              "rssi_dbm_tx_row_rx_col has not a row for each node");
    EXPECT_EQ(refusal(with("[1000,0,", "[1000,2,")), "messages_list[1] origin is out of range");
    EXPECT_EQ(refusal(with("4294967295,2", "1,2")),
              "messages_list[0] is no broadcast, and nothing else is known here");
    EXPECT_EQ(refusal(with("\"static\":true", "\"static\":1")), "static is no boolean");
}

}  // namespace
}  // namespace compot::meshtasticator
