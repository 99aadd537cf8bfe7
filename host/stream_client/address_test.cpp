#include "host/stream_client/address.hpp"

#include <gtest/gtest.h>

namespace compot::stream_client {
namespace {

TEST(Address, is_read_in_every_form_and_written_back) {
    const std::pair<const char*, const char*> forms[] = {
        {"tcp:radio.local", "tcp:radio.local:4403"},
        {"tcp:192.0.2.7:4404", "tcp:192.0.2.7:4404"},
        {"tcp:[::1]", "tcp:[::1]:4403"},
        {"tcp:[fe80::1]:99", "tcp:[fe80::1]:99"},
        {"serial:/dev/ttyUSB0", "serial:/dev/ttyUSB0"},
        {"serial:/dev/ttyACM0@38400", "serial:/dev/ttyACM0@38400"},
    };
    for (const auto& [text, wanted] : forms) {
        const auto address = parse_address(text);
        ASSERT_TRUE(address) << text << ": " << address.error();
        EXPECT_EQ(to_string(*address), wanted);
    }
}

TEST(Address, says_what_is_wrong_with_another_one) {
    for (const char* text : {"", "tcp", "tcp:", "tcp::4403", "tcp:host:", "tcp:host:0",
                             "tcp:host:65536", "tcp:host:12x", "tcp:[::1", "tcp:[::1]x", "serial:",
                             "serial:@9600", "serial:/dev/x@fast", "usb:0", "/dev/ttyUSB0"}) {
        const auto address = parse_address(text);
        ASSERT_FALSE(address) << text;
        EXPECT_EQ(address.error().find('\n'), std::string::npos);
        EXPECT_NE(address.error().find("radio "), std::string::npos);
    }
}

}  // namespace
}  // namespace compot::stream_client
