#include "host/body/words.hpp"

#include <gtest/gtest.h>

namespace compot::body {
namespace {

TEST(BodyWords, what_is_felt_comes_back_as_it_was) {
    node::Sensed sensed;
    sensed.at = {3, 15};
    sensed.fix = {4, 14};
    sensed.fix_age_s = 12;
    sensed.occupied_moves = 0b1010;
    sensed.battery_percent = 57;
    sensed.worked = true;
    sensed.temperature_cdeg = -1234;
    const std::string line = to_line(sensed);
    EXPECT_EQ(line,
              R"({"at":[3,15],"fix":[4,14],"fix_age_s":12,"occupied":10,"battery_percent":57,)"
              R"("worked":true,"temperature_cdeg":-1234})"
              "\n");
    const auto back = parse_sensed(line);
    ASSERT_TRUE(back) << back.error();
    EXPECT_EQ(to_line(*back), line);
}

TEST(BodyWords, only_the_tile_must_be_said) {
    const auto sensed = parse_sensed(R"({"at":[1,2],"whatever":"else"})");
    ASSERT_TRUE(sensed);
    EXPECT_EQ(sensed->fix, (learn::Cell{1, 2}));
    EXPECT_EQ(sensed->battery_percent, 100);
}

TEST(BodyWords, a_picture_comes_back_as_it_was) {
    const Picture picture{{12, 9}, {0x89, 'P', 'N', 'G', 0, 0xFF}};
    const std::string line = to_line(picture);
    EXPECT_EQ(line, R"({"saw":[12,9],"png":"iVBORwD/"})"
                    "\n");
    EXPECT_TRUE(is_picture(line));
    EXPECT_FALSE(is_picture(R"({"at":[1,2]})"));
    const auto back = parse_picture(line);
    ASSERT_TRUE(back) << back.error();
    EXPECT_EQ(back->of, picture.of);
    EXPECT_EQ(back->png, picture.png);
    for (const char* wrong :
         {R"({"saw":[1,2]})", R"({"saw":[1,2],"png":"x"})", R"({"saw":7,"png":""})",
          R"({"saw":[1,2],"png":"!!!!"})", R"({"png":"iVBORwD/"})", "", "[]"})
        EXPECT_FALSE(parse_picture(wrong)) << wrong;
}

TEST(BodyWords, asks_for_a_picture_of_one_side) {
    const std::string line = look_line(learn::Action::East);
    EXPECT_EQ(line, "{\"look\":\"east\"}\n");
    EXPECT_TRUE(is_look(line));
    EXPECT_FALSE(is_look(to_line(learn::Action::East)));
    EXPECT_EQ(*parse_look(line), learn::Action::East);
    for (const char* wrong : {R"({"look":"work"})", R"({"look":3})", R"({"look":""})", "", "7"})
        EXPECT_FALSE(parse_look(wrong)) << wrong;
}

TEST(BodyWords, each_action_comes_back) {
    for (std::uint8_t value = 0; value <= static_cast<std::uint8_t>(learn::Action::Stay); ++value) {
        const auto action = static_cast<learn::Action>(value);
        const auto back = parse_action(to_line(action));
        ASSERT_TRUE(back);
        EXPECT_EQ(*back, action);
    }
}

TEST(BodyWords, says_which_key_is_wrong) {
    EXPECT_EQ(parse_sensed("").error(), "a line is one JSON object");
    EXPECT_EQ(parse_sensed("[1]").error(), "a line is one JSON object");
    EXPECT_EQ(parse_sensed("{}").error(), "at is missing");
    EXPECT_EQ(parse_sensed(R"({"at":[1]})").error(), "at is a tile, [x, y]");
    EXPECT_EQ(parse_sensed(R"({"at":[1,16]})").error(), "at is a whole number from 0 to 15");
    EXPECT_EQ(parse_sensed(R"({"at":[1,-1]})").error(), "at is a whole number from 0 to 15");
    EXPECT_EQ(parse_sensed(R"({"at":[1,2],"battery_percent":101})").error(),
              "battery_percent is a whole number from 0 to 100");
    EXPECT_EQ(parse_sensed(R"({"at":[1,2],"fix_age_s":1.5})").error(),
              "fix_age_s is a whole number from 0 to 65535");
    EXPECT_EQ(parse_sensed(R"({"at":[1,2],"occupied":18446744073709551615})").error(),
              "occupied is a whole number from 0 to 15");
    EXPECT_EQ(parse_sensed(R"({"at":[1,2],"worked":1})").error(), "worked is true or false");
    for (const char* line : {"", "{}", R"({"act":1})", R"({"act":"up"})"})
        EXPECT_FALSE(parse_action(line)) << line;
}

}  // namespace
}  // namespace compot::body
