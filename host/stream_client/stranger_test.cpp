#include "host/stream_client/stranger.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace compot::stream_client {
namespace {

std::string of(const std::string& text) {
    const std::vector<std::uint8_t> bytes(text.begin(), text.end());
    return protocol_of(bytes);
}

TEST(Stranger, is_known_by_its_greeting) {
    EXPECT_EQ(of("HTTP/1.1 400 Bad Request"), "HTTP");
    EXPECT_EQ(of("SSH-2.0-OpenSSH_9.2"), "SSH");
    EXPECT_EQ(of("\x15\x03\x01"), "TLS");
    EXPECT_EQ(of("\x16\x03\x03more"), "TLS");
}

TEST(Stranger, is_nobody_when_its_bytes_tell_nothing) {
    for (const char* text : {"", "H", "HTTP", "ESP-ROM:esp32s3", "\x94\xC3", "\x15\x13\x01"})
        EXPECT_EQ(of(text), "") << text;
}

}  // namespace
}  // namespace compot::stream_client
