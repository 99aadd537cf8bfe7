#include "observe/registry.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/node/config.hpp"

namespace compot::observe {
namespace {

using Json = nlohmann::json;

constexpr NodeId kBeta{0xBE7A0002};
constexpr NodeId kCompot{0xC0390074};

registry::Record record(NodeId node, node::Role role, unsigned capabilities) {
    registry::Record record;
    record.node = node;
    record.version = 16;
    record.role = static_cast<std::uint8_t>(role);
    record.capabilities = static_cast<std::uint16_t>(capabilities);
    return record;
}

TEST(Registry, tells_of_each_holder_what_it_holds_of_whom) {
    registry::Registry held(kBeta);
    ASSERT_TRUE(held.merge(record(kBeta, node::Role::Cat, 0), Time{}));
    auto bench = record(kCompot, node::Role::Edge,
                        registry::kCamera | registry::kAccelerator | 4U << registry::kCoresShift |
                            7U << registry::kMemoryShift);
    bench.models.push(0x1234ABCDU);
    ASSERT_TRUE(held.merge(bench, Time{1s}));
    held.heard(kCompot, Time{3s}, 2);
    const Json all = Json::parse(records_json({{kBeta, &held, Time{10s}}}));
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0], Json::parse(R"({"holder":"!be7a0002","node":"!be7a0002","version":16,
        "role":"cat","can":[],"models":[]})"))
        << "of itself it needs to hear nothing, and a Cat says nothing of its machine";
    EXPECT_EQ(all[1], Json::parse(R"({"holder":"!be7a0002","node":"!c0390074","version":16,
        "role":"compot","can":["camera","accelerator"],"models":["1234abcd"],"cores":8,
        "memory_bytes":8589934592,"heard_us":13000000,"hops":2})"));
    EXPECT_EQ(records_json({}), "[]");
}

}  // namespace
}  // namespace compot::observe
