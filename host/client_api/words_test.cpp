#include "host/client_api/words.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

namespace compot::client_api {
namespace {

using Frame = std::vector<std::uint8_t>;
using Json = nlohmann::json;

Frame from_hex(const std::string& hex) {
    Frame bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        bytes.push_back(static_cast<std::uint8_t>(std::stoi(hex.substr(i, 2), nullptr, 16)));
    return bytes;
}

Json said(Direction direction, const std::string& hex) {
    const auto words = to_words(direction, from_hex(hex));
    return words.ok() ? Json::parse(*words) : Json(words.error().sentence);
}

std::string refused(const std::string& json) {
    const auto bytes = from_words(Direction::ToRadio, json);
    return bytes.ok() ? "" : bytes.error().sentence;
}

TEST(Words, of_all_that_the_real_firmware_said_lead_back_to_its_bytes) {
    std::ifstream file("vectors/handshake.json");
    std::size_t messages = 0;
    for (const Json& exchange : Json::parse(file)) {
        for (const Json& frame : exchange["frames"]) {
            const Frame bytes = from_hex(frame["hex"]);
            const auto words = to_words(Direction::FromRadio, bytes);
            ASSERT_TRUE(words.ok()) << frame["hex"];
            const auto again = from_words(Direction::FromRadio, *words);
            ASSERT_TRUE(again.ok()) << *words << ": " << again.error().sentence;
            EXPECT_EQ(*again, bytes) << *words;
            ++messages;
        }
    }
    EXPECT_GT(messages, 90U);
}

TEST(Words, name_what_the_firmware_says) {
    const Json info =
        said(Direction::FromRadio,
             "1a2608e3a19e940658f8eb016210800000000010000000000000000000006a066e617469"
             "76657801");
    EXPECT_EQ(info["my_info"]["my_node_num"], 1653051619U);
    EXPECT_EQ(info["my_info"]["pio_env"], "native");
    EXPECT_EQ(said(Direction::ToRadio, "18f8acd19101")["want_config_id"], 305419896U);
}

TEST(Words, keep_what_has_no_name_and_take_any_order) {
    const std::string hex = "7a0208019a0603616263f50301020304";
    const Json words = said(Direction::ToRadio, hex);
    EXPECT_EQ(words["field_15"], "0801");
    EXPECT_EQ(words["field_99"], "616263");
    EXPECT_EQ(words["field_62"]["fixed32"], 0x04030201U);
    const auto bytes =
        from_words(Direction::ToRadio, R"({"heartbeat": {"nonce": 1}, "want_config_id": 7})");
    ASSERT_TRUE(bytes.ok());
    EXPECT_EQ(*bytes, from_hex("18073a020801"));
}

TEST(Words, keep_negative_numbers_flags_and_text_that_is_none) {
    for (const std::string hex : {"5a0b08ffffffffffffffffff01",            // queue_status.res -1
                                  "220712051203ff00fe", "120545000080ff",  // no UTF-8, -infinity
                                  "12025001", "12025002"}) {               // a flag of 1, and of 2
        const auto words = to_words(Direction::FromRadio, from_hex(hex));
        ASSERT_TRUE(words.ok()) << hex;
        const auto again = from_words(Direction::FromRadio, *words);
        ASSERT_TRUE(again.ok()) << *words;
        EXPECT_EQ(*again, from_hex(hex)) << *words;
    }
    EXPECT_EQ(said(Direction::FromRadio, "5a0b08ffffffffffffffffff01")["queue_status"]["res"], -1);
    EXPECT_EQ(
        said(Direction::FromRadio, "220712051203ff00fe")["node_info"]["user"]["long_name"]["hex"],
        "ff00fe");
}

TEST(Words, say_what_is_wrong_with_bytes) {
    EXPECT_EQ(said(Direction::FromRadio, "1a26"), "ends in the middle of a field");
    EXPECT_EQ(said(Direction::FromRadio, "00"), "a field without a number");
    EXPECT_EQ(said(Direction::FromRadio, "0b"), "a field of a kind that protobuf does not have");
    EXPECT_EQ(said(Direction::FromRadio, "08ffffffffffffffffffff01"), "a number that never ends");
}

TEST(Words, say_what_is_wrong_with_json) {
    EXPECT_EQ(refused("{"), "is no JSON");
    EXPECT_EQ(refused("[]"), "the message: a JSON object is needed");
    EXPECT_EQ(refused(R"({"pocket": {}})"), "pocket: there is no such field");
    EXPECT_EQ(refused(R"({"field_0": 1})"), "field_0: there is no such field");
    EXPECT_EQ(refused(R"({"packet": 1})"), "packet: a JSON object is needed");
    EXPECT_EQ(refused(R"({"packet": {"to": -1}})"),
              "packet.to: a whole number from 0 to 4294967295 is needed");
    EXPECT_EQ(refused(R"({"packet": {"decoded": {"payload": "abc"}}})"),
              "packet.decoded.payload: an odd number of hexadecimal digits");
    EXPECT_EQ(refused(R"({"packet": {"decoded": {"payload": "zz"}}})"),
              "packet.decoded.payload: 'z' is no hexadecimal digit");
    EXPECT_EQ(refused(R"({"packet": {"rx_snr": "loud"}})"), "packet.rx_snr: a number is needed");
    EXPECT_EQ(refused(R"({"packet": {"rx_rssi": 1.5}})").rfind("packet.rx_rssi: a whole", 0), 0U);
}

}  // namespace
}  // namespace compot::client_api
