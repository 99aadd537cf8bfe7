#include "apps/node_bridge.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>

#include "core/base/bytes.hpp"
#include "host/bridge/fixture.hpp"

namespace compot::apps {
namespace {

std::string folder() {
    std::string name = "/tmp/compot-bridge-XXXXXX";
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    return name;
}

TEST(NodeBridge, is_named_by_broker_site_and_profile) {
    const auto terms = parse_bridge("mqtts://broker.example:8884/hut-1", "satellite", "unsure");
    ASSERT_TRUE(terms.ok()) << terms.error();
    EXPECT_EQ(terms->broker.host, "broker.example");
    EXPECT_EQ(terms->broker.port, 8884);
    EXPECT_TRUE(terms->broker.tls);
    EXPECT_EQ(terms->site, "hut-1");
    EXPECT_EQ(terms->link.name, "satellite");
    EXPECT_EQ(terms->pictures, Pictures::Unsure);
}

TEST(NodeBridge, says_what_is_wrong_with_its_name) {
    const auto problem = [](const std::string& url, const std::string& profile,
                            const std::string& pictures = "all") {
        const auto terms = parse_bridge(url, profile, pictures);
        return terms.ok() ? std::string() : terms.error();
    };
    EXPECT_NE(problem("mqtt://broker.example", "lan").find("mqtt://HOST/SITE"), std::string::npos);
    EXPECT_NE(problem("mqtt://broker.example/a/b", "lan").find("SITE"), std::string::npos);
    EXPECT_NE(problem("http://broker.example/hut", "lan"), "");
    EXPECT_NE(problem("mqtt://broker.example/hut", "pigeon").find("pigeon"), std::string::npos);
    EXPECT_NE(problem("mqtt://broker.example/hut", "lan", "some").find("unsure, all and none"),
              std::string::npos);
}

TEST(NodeBridge, stands_beside_an_edge_node_alone) {
    const auto terms = parse_bridge("mqtt://127.0.0.1/hut", "lan", "unsure");
    const std::string here = folder();
    const auto made = NodeBridge::create(*terms, bridge::enrolled(bridge::kBeta), here);
    ASSERT_FALSE(made.ok());
    EXPECT_NE(made.error().find("cat"), std::string::npos);
    EXPECT_FALSE(NodeBridge::create(*terms, bridge::enrolled(bridge::kHut), "/nowhere").ok());
    std::filesystem::remove_all(here);
}

TEST(NodeBridge, counts_its_starts_before_it_says_a_word) {
    const auto terms = parse_bridge("mqtt://127.0.0.1/hut", "lan", "unsure");
    const std::string here = folder();
    for (std::uint32_t start = 1; start <= 3; ++start) {
        ASSERT_TRUE(NodeBridge::create(*terms, bridge::enrolled(bridge::kHut), here).ok());
        auto store = store::Store::open(here + "/bridge.db");
        ASSERT_TRUE(store.ok());
        const auto records = (*store)->records();
        ASSERT_TRUE(records.ok());
        ASSERT_EQ(records->size(), 1U);
        EXPECT_EQ(ByteReader(records->front().second).u32(), start);
    }
    std::filesystem::remove_all(here);
}

}  // namespace
}  // namespace compot::apps
