#include "apps/node_way.hpp"

#include <gtest/gtest.h>

namespace compot::apps {
namespace {

std::string same(const std::string& text) {
    const auto way = parse_way(text);
    return way ? to_string(*way) : "refused: " + way.error();
}

TEST(Way, is_a_line_a_broker_or_a_network) {
    EXPECT_EQ(same("serial:/dev/ttyACM0"), "serial:/dev/ttyACM0");
    EXPECT_EQ(same("tcp:radio.local"), "tcp:radio.local:4403");
    EXPECT_EQ(same("mqtt://h/msh/EU_868"), "mqtt://h:1883/msh/EU_868");
    EXPECT_EQ(same("mqtt:mqtt://h/msh/EU_868"), "mqtt://h:1883/msh/EU_868");
    EXPECT_EQ(same("mqtt:mqtts://h:99/msh"), "mqtts://h:99/msh");
    EXPECT_EQ(same("udp"), "udp");
    EXPECT_EQ(same("udp:lo"), "udp:lo:4403");
}

TEST(Way, that_is_none_is_refused_with_what_to_write) {
    for (const char* text : {"", "usb", "mqtt", "mqtt:h/msh", "mqtt://h", "mqtt://u:p@h/msh",
                             "udp:", "tcp:", "ble:x"}) {
        const auto way = parse_way(text);
        ASSERT_FALSE(way) << text;
        EXPECT_NE(way.error().find("rite"), std::string::npos) << way.error();
        EXPECT_EQ(way.error().find('\n'), std::string::npos) << text;
        EXPECT_EQ(way.error().find(":p@"), std::string::npos) << "a password is not repeated";
    }
}

}  // namespace
}  // namespace compot::apps
