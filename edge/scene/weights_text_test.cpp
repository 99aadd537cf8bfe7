#include "edge/scene/weights_text.hpp"

#include <gtest/gtest.h>

namespace compot::scene {
namespace {

TEST(WeightsText, gives_the_bytes_back) {
    std::vector<std::uint8_t> bytes;
    for (int i = 0; i < 1000; ++i) bytes.push_back(static_cast<std::uint8_t>(i * 7));
    for (const std::size_t size : {0U, 1U, 2U, 3U, 75U, 76U, 1000U}) {
        const std::string text = weights_to_text("made by a test", BytesView{bytes}.first(size));
        const auto back = weights_from_text(text);
        ASSERT_TRUE(back.ok()) << back.error().sentence;
        EXPECT_TRUE(std::equal(back->begin(), back->end(), bytes.begin(),
                               bytes.begin() + static_cast<std::ptrdiff_t>(size)));
    }
}

TEST(WeightsText, is_ordinary_base64_under_a_line_of_origin) {
    const std::vector<std::uint8_t> bytes{'M', 'a', 'n', 'y'};
    EXPECT_EQ(weights_to_text("seed 1", bytes), "# seed 1\nTWFueQ==\n");
}

TEST(WeightsText, says_what_is_wrong) {
    EXPECT_EQ(weights_from_text("").error().cause, Error::Malformed);
    EXPECT_EQ(weights_from_text("TWFueQ==\n").error().cause, Error::Malformed);
    EXPECT_EQ(weights_from_text("# no end of line").error().cause, Error::Malformed);
    EXPECT_EQ(weights_from_text("# x\nTWFu*Q==\n").error().cause, Error::Malformed);
    EXPECT_EQ(weights_from_text("# x\nTWFueQ=\n").error().cause, Error::Malformed);
    EXPECT_EQ(weights_from_text("# x\n" + std::string(kWeightsTextMax, 'A')).error().cause,
              Error::TooBig);
}

}  // namespace
}  // namespace compot::scene
