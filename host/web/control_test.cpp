#include "host/web/control.hpp"

#include <gtest/gtest.h>

namespace compot::web {
namespace {

using Do = Control::Do;

Control good(const char* json) {
    const auto parsed = parse_control(json);
    EXPECT_TRUE(parsed) << json << ": " << parsed.error();
    return parsed ? *parsed : Control{};
}

TEST(Control, reads_every_word_of_the_feed) {
    EXPECT_EQ(good(R"({"do":"pause"})").what, Do::Pause);
    EXPECT_EQ(good(R"({"do":"run"})").what, Do::Run);
    EXPECT_EQ(good(R"({"do":"step"})").what, Do::Step);
    EXPECT_EQ(good(R"({"do":"step_packet"})").what, Do::StepPacket);
    EXPECT_EQ(good(R"({"do":"speed","value":0.5})").speed, 0.5);
    EXPECT_EQ(good(R"({"do":"speed","value":0})").speed, 0);
    EXPECT_EQ(good(R"({"do":"reset","seed":18446744073709551615})").seed, ~0ULL);
    EXPECT_EQ(good(R"({"do":"reset"})").seed, std::nullopt);
    EXPECT_EQ(good(R"({"do":"drop","node":"!0000002a"})").node, NodeId{42});
    EXPECT_EQ(good(R"({"do":"revive","node":"!ffffffff"})").node, kBroadcast);
    const Control put = good(R"({"do":"put","at":[3,15],"what":"DANGEROUS"})");
    EXPECT_EQ(put.at, (learn::Cell{3, 15}));
    EXPECT_EQ(put.tile, learn::TileClass::Dangerous);
    EXPECT_EQ(good(R"({"do":"remove","at":[0,0]})").what, Do::Remove);
    EXPECT_EQ(good(R"({"do":"seek","t_us":1500000})").to, Time{1500ms});
    EXPECT_EQ(good(R"({"do":"cancel","nonce":"0000002A"})").nonce, 42U);
}

TEST(Control, refuses_everything_else_with_a_sentence) {
    for (const char* json : {"",
                             "pause",
                             "[]",
                             "{}",
                             R"({"do":1})",
                             R"({"do":"dance"})",
                             R"({"do":"cancel"})",
                             R"({"do":"cancel","nonce":42})",
                             R"({"do":"cancel","nonce":"2a"})",
                             R"({"do":"cancel","nonce":"-000002a"})",
                             R"({"do":"cancel","nonce":"0000002ag"})",
                             R"({"do":"cancel","nonce":"0x00002a"})",
                             R"({"do":"speed"})",
                             R"({"do":"speed","value":-1})",
                             R"({"do":"speed","value":1e9})",
                             R"({"do":"speed","value":"4"})",
                             R"({"do":"reset","seed":-1})",
                             R"({"do":"reset","seed":1.5})",
                             R"({"do":"drop"})",
                             R"({"do":"drop","node":"42"})",
                             R"({"do":"drop","node":"!2A"})",
                             R"({"do":"put","at":[3,4]})",
                             R"({"do":"put","at":[3,4],"what":"CLEAR"})",
                             R"({"do":"put","at":[3],"what":"MOVABLE"})",
                             R"({"do":"put","at":[16,4],"what":"MOVABLE"})",
                             R"({"do":"put","at":[-1,4],"what":"MOVABLE"})",
                             R"({"do":"remove","at":"3,4"})",
                             R"({"do":"seek","t_us":-1})",
                             R"({"do":"seek","t_us":9999999999999999999})",
                             R"({"do":"pause")"}) {
        const auto parsed = parse_control(json);
        EXPECT_FALSE(parsed) << json;
        EXPECT_TRUE(parsed || !parsed.error().empty()) << json;
    }
    EXPECT_FALSE(parse_control(R"({"do":"pause","x":")" + std::string(5000, 'x') + "\"}"));
}

TEST(Control, an_answer_names_what_was_asked_if_that_can_be_told) {
    EXPECT_EQ(control_word(R"({"do":"put"})"), "put");
    EXPECT_EQ(control_word("nonsense"), "");
    EXPECT_EQ(control_word(R"({"do":[1]})"), "");
}

}  // namespace
}  // namespace compot::web
