#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "core/base/random.hpp"
#include "core/mesh/client.hpp"
#include "core/mesh/data.hpp"
#include "core/mesh/stream.hpp"

namespace compot::mesh {
namespace {

using ByteVector = std::vector<std::uint8_t>;

ByteVector unhex(const std::string& text) {
    ByteVector bytes;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
        bytes.push_back(static_cast<std::uint8_t>(std::stoi(text.substr(i, 2), nullptr, 16)));
    }
    return bytes;
}

nlohmann::json json_file(const char* path) {
    std::ifstream file(path);
    return nlohmann::json::parse(file);
}

template <typename T>
ByteVector encoded(const T& message) {
    std::array<std::uint8_t, 600> buffer{};
    const Result<BytesView> bytes = encode(message, buffer);
    EXPECT_TRUE(bytes.ok());
    return {bytes->begin(), bytes->end()};
}

TEST(Data, equals_the_firmwares_bytes_in_both_directions) {
    const nlohmann::json golden = json_file("vectors/meshtastic.json");
    std::size_t checked = 0;
    for (const auto* list : {&golden["frames"], &golden["xeddsa"]["frames"]}) {
        for (const auto& row : *list) {
            if (row["rc"].get<int>() != 0) continue;  // the firmware refused to send it
            const ByteVector bytes = unhex(row["data_proto"].get<std::string>());
            const Result<Data> data = decode_data(bytes);
            ASSERT_TRUE(data.ok()) << row["name"];
            EXPECT_EQ(data->portnum, row["portnum"].get<std::uint32_t>());
            const ByteVector payload(data->payload.begin(), data->payload.end());
            EXPECT_EQ(payload, unhex(row["payload"].get<std::string>())) << row["name"];
            EXPECT_EQ(data->want_response, row["want_response"].get<bool>());
            EXPECT_EQ(data->request_id, row["request_id"].get<std::uint32_t>());
            EXPECT_EQ(data->reply_id, row["reply_id"].get<std::uint32_t>());
            EXPECT_EQ(encoded(*data), bytes) << row["name"];
            ++checked;
        }
    }
    EXPECT_EQ(checked, 22U);
}

TEST(Data, refuses_what_a_wrong_key_leaves) {
    EXPECT_EQ(decode_data({}).error(), Error::Malformed) << "port 0";
    EXPECT_FALSE(decode_data(unhex("080012024142")).ok()) << "port 0 written out";
    EXPECT_FALSE(decode_data(unhex("0801120568656c")).ok()) << "shorter than it says";
    EXPECT_FALSE(decode_data(unhex("08ffff7f")).ok()) << "no such port";
    ByteVector long_payload = unhex("080112ea01");
    long_payload.resize(long_payload.size() + 234, 'x');
    EXPECT_FALSE(decode_data(long_payload).ok()) << "longer than the client API allows";
}

TEST(Data, says_when_the_buffer_is_too_small) {
    Data data;
    data.portnum = port::kPrivate;
    std::array<std::uint8_t, 2> small{};
    EXPECT_EQ(encode(data, small).error(), Error::TooBig);
}

TEST(Routing, is_read_and_written_as_the_firmware_does) {
    EXPECT_EQ(encode_routing(RoutingError::NoError), (std::array<std::uint8_t, 2>{0x18, 0x00}));
    EXPECT_EQ(routing_error(unhex("1807")), RoutingError::TooLarge);
    EXPECT_EQ(routing_error(unhex("1800")), RoutingError::NoError);
    EXPECT_EQ(routing_error({}), std::nullopt);
    EXPECT_EQ(routing_error(unhex("18")), std::nullopt);
    EXPECT_EQ(routing_error(unhex("0a00")), std::nullopt) << "a route request";
}

TEST(ClientApi, understands_the_real_handshake) {
    const nlohmann::json golden = json_file("vectors/handshake.json");
    std::set<std::string> left_out;
    for (const auto& exchange : golden) {
        const ByteVector asked = unhex(exchange["toradio_frame"].get<std::string>());
        BytesView rest{asked};
        StreamDecoder decoder;
        ASSERT_TRUE(decoder.feed(rest));
        const Result<ToRadio> request = decode_to_radio(decoder.payload());
        ASSERT_TRUE(request.ok());
        ASSERT_EQ(request->which_payload_variant, compot_pb_ToRadio_want_config_id_tag);
        EXPECT_EQ(request->payload_variant.want_config_id, exchange["nonce"].get<std::uint32_t>());
        const ByteVector again = encoded(*request);
        const Result<StreamFrame> framed = frame_stream(again);
        ASSERT_TRUE(framed.ok());
        EXPECT_EQ(ByteVector(framed->begin(), framed->end()), asked);
        for (const auto& row : exchange["frames"]) {
            const Result<FromRadio> answer =
                decode_from_radio(unhex(row["hex"].get<std::string>()));
            ASSERT_TRUE(answer.ok()) << row["kind"];
            if (answer->which_payload_variant == 0) {
                left_out.insert(row["kind"].get<std::string>());
            }
        }
    }
    EXPECT_EQ(left_out, (std::set<std::string>{"deviceuiConfig", "fileInfo", "unknown(tag 19)"}));
}

TEST(ClientApi, writes_the_real_handshakes_bytes) {
    const std::set<std::string> whole{"my_info", "node_info", "channel", "config_complete_id",
                                      "queueStatus"};
    const nlohmann::json golden = json_file("vectors/handshake.json");
    std::size_t checked = 0;
    for (const auto& exchange : golden) {
        for (const auto& row : exchange["frames"]) {
            if (whole.count(row["kind"].get<std::string>()) == 0) continue;
            const ByteVector bytes = unhex(row["hex"].get<std::string>());
            const Result<FromRadio> answer = decode_from_radio(bytes);
            ASSERT_TRUE(answer.ok());
            EXPECT_EQ(encoded(*answer), bytes) << row["kind"];
            ++checked;
        }
    }
    EXPECT_EQ(checked, 25U);
}

TEST(ClientApi, refuses_broken_messages) {
    EXPECT_FALSE(decode_to_radio(unhex("0aff")).ok());
    EXPECT_FALSE(decode_from_radio(unhex("1205")).ok());
    EXPECT_FALSE(decode_user(unhex("0aff01")).ok());
    EXPECT_FALSE(decode_mesh_packet(unhex("22")).ok());
}

TEST(StreamDecoder, finds_frames_between_debug_text) {
    ByteVector wire;
    const auto add = [&wire](const ByteVector& bytes) {
        wire.insert(wire.end(), bytes.begin(), bytes.end());
    };
    add({'b', 'o', 'o', 't', 0x94, 0x0A});
    add(unhex("94c3000401020304"));
    add({0x94});
    add(unhex("94c30001ff"));
    add(unhex("94c30201"));  // 513 bytes: impossible
    add(unhex("94c30000"));
    StreamDecoder decoder;
    BytesView rest{wire};
    std::vector<ByteVector> found;
    while (decoder.feed(rest)) {
        found.emplace_back(decoder.payload().begin(), decoder.payload().end());
    }
    EXPECT_EQ(found, (std::vector<ByteVector>{{1, 2, 3, 4}, {0xFF}, {}}));
    EXPECT_EQ(decoder.skipped(), 4U + 2 + 1 + 4);
}

TEST(StreamDecoder, gives_the_same_frames_however_the_bytes_are_cut) {
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        SCOPED_TRACE("seed=" + std::to_string(seed));
        Random random(seed);
        ByteVector wire;
        std::vector<ByteVector> sent;
        for (int i = 0; i < 20; ++i) {
            ByteVector payload(random.below(513));
            for (std::uint8_t& byte : payload) byte = static_cast<std::uint8_t>(random.below(256));
            const Result<StreamFrame> frame = frame_stream(payload);
            ASSERT_TRUE(frame.ok());
            wire.insert(wire.end(), frame->begin(), frame->end());
            sent.push_back(payload);
        }
        StreamDecoder decoder;
        std::vector<ByteVector> got;
        for (std::size_t at = 0; at < wire.size();) {
            const std::size_t size = std::min<std::size_t>(wire.size() - at, 1 + random.below(90));
            BytesView piece{wire.data() + at, size};
            while (decoder.feed(piece)) {
                got.emplace_back(decoder.payload().begin(), decoder.payload().end());
            }
            at += size;
        }
        EXPECT_EQ(got, sent);
        EXPECT_EQ(decoder.skipped(), 0U);
    }
}

TEST(StreamFrame, holds_at_most_512_bytes) {
    EXPECT_TRUE(frame_stream(ByteVector(512)).ok());
    EXPECT_EQ(frame_stream(ByteVector(513)).error(), Error::TooBig);
}

}  // namespace
}  // namespace compot::mesh
