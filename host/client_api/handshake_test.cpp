#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "host/client_api/fake_mesh.hpp"
#include "host/client_api/firmware.hpp"
#include "host/client_api/session.hpp"

/// What a client gets that asks for the configuration, beside what the real firmware answered.

namespace compot::client_api {
namespace {

using Frame = std::vector<std::uint8_t>;

constexpr std::uint32_t kOnlyConfig = 69420;
constexpr std::uint32_t kOnlyNodes = 69421;

Frame from_hex(const std::string& hex) {
    Frame bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        bytes.push_back(static_cast<std::uint8_t>(std::stoi(hex.substr(i, 2), nullptr, 16)));
    return bytes;
}

std::uint32_t take_varint(BytesView& bytes) {
    std::uint32_t value = 0;
    for (unsigned shift = 0; !bytes.empty(); shift += 7) {
        const std::uint8_t byte = bytes[0];
        bytes = bytes.subspan(1);
        value |= (byte & 0x7FU) << shift;
        if (byte < 0x80) break;
    }
    return value;
}

/// Names as vectors/handshake.json has them, with the number of the section.
std::string kind_of(BytesView from_radio) {
    const std::uint32_t tag = take_varint(from_radio) >> 3;
    const std::uint32_t length = take_varint(from_radio);
    switch (tag) {
        case 3: return "my_info";
        case 4: return "node_info";
        case 5: return "config " + std::to_string(take_varint(from_radio) >> 3);
        case 7: return "config_complete_id " + std::to_string(length);
        case 9: return "moduleConfig " + std::to_string(take_varint(from_radio) >> 3);
        case 10: return "channel";
        case 13: return "metadata";
        case 15: return "fileInfo";
        case 17: return "deviceuiConfig";
        case 19: return "region presets";
        default: return "another " + std::to_string(tag);
    }
}

nlohmann::json golden() {
    std::ifstream file("vectors/handshake.json");
    return nlohmann::json::parse(file);
}

std::vector<std::string> kinds_of_answer(std::uint32_t nonce) {
    FakeMesh mesh;
    Session session(mesh, NodeId{42});
    mesh::ToRadio message{};
    message.which_payload_variant = compot_pb_ToRadio_want_config_id_tag;
    message.payload_variant.want_config_id = nonce;
    std::array<std::uint8_t, 512> bytes{};
    session.hear(mesh::frame_stream(*mesh::encode(message, bytes))->view());
    const std::string output = session.take_output();
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): text that holds bytes
    BytesView rest{reinterpret_cast<const std::uint8_t*>(output.data()), output.size()};
    std::vector<std::string> kinds;
    mesh::StreamDecoder decoder;
    while (decoder.feed(rest)) kinds.push_back(kind_of(decoder.payload()));
    return kinds;
}

/// The recorded radio was alone; with others, they come after the modules and before the files, or
/// after the radio's own where only nodes are asked for.
std::vector<std::string> expected_kinds(const nlohmann::json& exchange, std::size_t others) {
    const auto nonce = exchange["nonce"].get<std::uint32_t>();
    std::vector<std::string> kinds;
    bool told_others = nonce == kOnlyConfig;
    for (const auto& frame : exchange["frames"]) {
        const std::string kind = kind_of(from_hex(frame["hex"].get<std::string>()));
        const bool end = kind.rfind("config_complete_id", 0) == 0;
        if (!told_others && (kind == "fileInfo" || end)) {
            kinds.insert(kinds.end(), others, "node_info");
            told_others = true;
        }
        kinds.push_back(kind);
        if (end) break;  // what follows is no part of the answer
    }
    return kinds;
}

TEST(Handshake, has_the_firmwares_kinds_in_the_firmwares_order) {
    const auto exchanges = golden();
    ASSERT_EQ(exchanges.size(), 3U);
    for (const auto& exchange : exchanges) {
        const auto nonce = exchange["nonce"].get<std::uint32_t>();
        EXPECT_EQ(kinds_of_answer(nonce), expected_kinds(exchange, 2)) << "nonce " << nonce;
    }
}

TEST(Handshake, tells_only_nodes_or_only_the_configuration_when_asked_for_that) {
    const auto nodes = kinds_of_answer(kOnlyNodes);
    EXPECT_EQ(nodes, (std::vector<std::string>{"node_info", "node_info", "node_info",
                                               "config_complete_id 69421"}));
    const auto config = kinds_of_answer(kOnlyConfig);
    EXPECT_EQ(std::count(config.begin(), config.end(), "node_info"), 1);
}

TEST(Handshake, has_the_firmwares_table_of_regions_and_presets_byte_for_byte) {
    std::array<std::uint8_t, 512> bytes{};
    const auto encoded = encode(region_presets(), bytes);
    ASSERT_TRUE(encoded);
    bool found = false;
    const auto exchanges = golden();
    for (const auto& frame : exchanges[0]["frames"]) {
        const Frame wanted = from_hex(frame["hex"].get<std::string>());
        if (kind_of(wanted) != "region presets") continue;
        found = true;
        EXPECT_EQ(Frame(encoded->begin(), encoded->end()), wanted);
    }
    EXPECT_TRUE(found);
}

}  // namespace
}  // namespace compot::client_api
