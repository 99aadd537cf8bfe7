#include "apps/radio_table.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace compot::apps {
namespace {

stream_client::RadioFacts facts() {
    stream_client::RadioFacts facts;
    facts.self = NodeId{0xA1};
    compot_pb_NodeInfo beta{};
    beta.num = 0xBE;
    std::snprintf(&beta.user.long_name[0], sizeof beta.user.long_name, "Beta");
    beta.snr = -3.5F;
    beta.has_device_metrics = beta.device_metrics.has_battery_level = true;
    beta.device_metrics.battery_level = 87;
    facts.nodes[0xBE] = beta;
    return facts;
}

radio::Packet packet(std::uint32_t from, std::uint32_t port) {
    radio::Packet packet;
    packet.from = NodeId{from};
    packet.data.portnum = port;
    packet.snr_cdb = 525;
    packet.rssi_cdbm = -9100;
    packet.hop_start = 3;
    packet.hop_limit = 1;
    return packet;
}

std::vector<std::string> lines(const std::string& text) {
    std::vector<std::string> all;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) all.push_back(line);
    return all;
}

TEST(RadioTable, begins_with_the_radios_own_list) {
    const RadioTable table(facts(), Time{});
    const auto all = lines(table.text(Time{5s}, 120, 40));
    ASSERT_EQ(all.size(), 4U);
    EXPECT_NE(all[2].find("!000000a1"), std::string::npos);
    EXPECT_NE(all[2].find("this radio"), std::string::npos);
    EXPECT_NE(all[3].find("Beta"), std::string::npos);
    EXPECT_NE(all[3].find("-3.5 dB"), std::string::npos);
    EXPECT_NE(all[3].find("87 %"), std::string::npos);
    EXPECT_EQ(all[3].find("ago"), std::string::npos) << "nobody knows how long ago that was";
}

TEST(RadioTable, puts_on_top_whom_it_heard_last_and_how) {
    RadioTable table(facts(), Time{});
    table.hear(packet(0xC0, 1), Time{10s});
    table.hear(packet(0xBE, 1), Time{20s});
    const auto all = lines(table.text(Time{22s}, 120, 40));
    EXPECT_NE(all[2].find("!000000be"), std::string::npos);
    EXPECT_NE(all[2].find("5.2 dB"), std::string::npos);
    EXPECT_NE(all[2].find("-91 dBm"), std::string::npos);
    EXPECT_NE(all[2].find("2 s ago"), std::string::npos);
    EXPECT_NE(all[3].find("12 s ago"), std::string::npos);
}

TEST(RadioTable, takes_over_names_and_batteries_that_nodes_tell) {
    RadioTable table(facts(), Time{});
    auto telemetry = packet(0xBE, mesh::port::kTelemetry);
    // time = 1, device_metrics {battery_level 55}
    ASSERT_TRUE(telemetry.data.payload.assign(
        std::array<std::uint8_t, 9>{0x0D, 1, 0, 0, 0, 0x12, 2, 0x08, 55}));
    table.hear(telemetry, Time{1s});
    EXPECT_NE(table.text(Time{1s}, 120, 40).find("55 %"), std::string::npos);
    auto broken = packet(0xBE, mesh::port::kTelemetry);
    ASSERT_TRUE(broken.data.payload.assign(std::array<std::uint8_t, 3>{0x12, 9, 0x08}));
    table.hear(broken, Time{1s});
    EXPECT_NE(table.text(Time{1s}, 120, 40).find("55 %"), std::string::npos);
    compot_pb_User user{};
    std::snprintf(&user.long_name[0], sizeof user.long_name, "Ridge \x1b[2J camp");
    std::array<std::uint8_t, 100> bytes{};
    auto introduction = packet(0xBE, mesh::port::kNodeInfo);
    ASSERT_TRUE(introduction.data.payload.assign(*mesh::encode(user, bytes)));
    table.hear(introduction, Time{1s});
    const std::string text = table.text(Time{1s}, 120, 40);
    EXPECT_NE(text.find("Ridge .[2J camp"), std::string::npos);
    EXPECT_EQ(text.find('\x1b'), std::string::npos) << "no name moves the cursor";
}

TEST(RadioTable, never_leaves_the_screen) {
    RadioTable table(facts(), Time{});
    for (std::uint32_t node = 1; node < 300; ++node) table.hear(packet(node, 1), Time{1s});
    const auto all = lines(table.text(Time{1s}, 40, 24));
    EXPECT_LE(all.size(), 24U);
    for (const std::string& line : all) EXPECT_LE(line.size(), 40U) << line;
}

TEST(RadioTable, is_drawn_over_what_it_drew_before) {
    RadioTable table(facts(), Time{});
    const std::string first = table.draw(Time{1s}, 80, 24);
    EXPECT_EQ(first.find("A\r"), std::string::npos);
    EXPECT_EQ(table.draw(Time{2s}, 80, 24).rfind("\x1b[4A\r", 0), 0U) << "four lines up";
}

}  // namespace
}  // namespace compot::apps
