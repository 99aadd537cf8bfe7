#include "observe/hex.hpp"

#include <gtest/gtest.h>

namespace compot::observe {
namespace {

TEST(Hex, is_read_as_it_is_written) {
    std::vector<std::uint8_t> all;
    for (unsigned byte = 0; byte < 256; ++byte) all.push_back(static_cast<std::uint8_t>(byte));
    EXPECT_EQ(*unhex(hex(all)), all);
    EXPECT_EQ(hex(all).substr(0, 8), "00010203");
    EXPECT_EQ(*unhex("aF09"), (std::vector<std::uint8_t>{0xAF, 0x09}));
    EXPECT_EQ(hex({}), "");
    EXPECT_TRUE(unhex("")->empty());
}

TEST(Hex, says_what_is_none) {
    EXPECT_EQ(unhex("abc").error(), "an odd number of hexadecimal digits");
    EXPECT_EQ(unhex("ab c").error(), "' ' is no hexadecimal digit");
    for (const char* wrong : {"0x12", "g0", "0G", "-1", "a\n"}) EXPECT_FALSE(unhex(wrong)) << wrong;
}

}  // namespace
}  // namespace compot::observe
