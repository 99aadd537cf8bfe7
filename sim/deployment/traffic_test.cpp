#include "sim/deployment/traffic.hpp"

#include <algorithm>
#include <map>

#include "core/mesh/data.hpp"
#include "sim/deployment/samples.hpp"

namespace compot::deployment {
namespace {

namespace port = compot::mesh::port;

Deployment mesh(const std::string& profile, std::size_t nodes) {
    return whole("[mesh]\nnodes = " + std::to_string(nodes) + "\n[traffic]\nprofile = \"" +
                 profile + "\"\n");
}

/// What all sources together say in so long.
struct Heard {
    Heard(const Deployment& deployment, Duration until, std::uint64_t seed)
        : speakers(deployment, std::vector<NodePlan>(deployment.nodes), seed),
          by_node(deployment.nodes) {
        for (std::size_t i = 0; i < speakers.sources(); ++i) {
            for (Duration at = speakers.first(i); at < until; at += speakers.pause(i)) {
                const Word word = speakers.say(i);
                ++all;
                ++ports[word.port];
                ++by_node[speakers.node(i)];
                if (word.hop_limit) ++hops[*word.hop_limit];
                if (word.port == port::kText) texts.push_back(word.bytes);
                if (word.direct) ++direct;
            }
        }
        std::sort(texts.begin(), texts.end());
        std::sort(by_node.rbegin(), by_node.rend());
    }

    [[nodiscard]] double share(std::uint32_t one) const { return percent(ports.at(one)); }

    [[nodiscard]] double percent(std::size_t part) const {
        return 100.0 * static_cast<double>(part) / static_cast<double>(all);
    }

    [[nodiscard]] double top_tenth() const {
        std::size_t sum = 0;
        for (std::size_t i = 0; i < by_node.size() / 10; ++i) sum += by_node[i];
        return percent(sum);
    }

    Speakers speakers;
    std::size_t all = 0;
    std::size_t direct = 0;
    std::map<std::uint32_t, std::size_t> ports;
    std::map<std::uint8_t, std::size_t> hops;
    std::vector<std::size_t> by_node;
    std::vector<std::uint16_t> texts;
};

TEST(Traffic, of_Burning_Man_is_mixed_as_its_capture_is) {
    const Heard heard(mesh("burning-man", 100), 240h, 7);
    EXPECT_NEAR(heard.share(port::kNodeInfo), 38, 2);
    EXPECT_NEAR(heard.share(port::kPosition), 34, 2);
    EXPECT_NEAR(heard.share(port::kRouting), 12, 2);
    EXPECT_NEAR(heard.share(port::kTelemetry), 11, 2);
    EXPECT_NEAR(heard.share(port::kText), 2.9, 1);
    EXPECT_NEAR(static_cast<double>(heard.all) / 240, 643, 10) << "packets an hour";
    EXPECT_NEAR(heard.percent(heard.hops.at(4)), 62, 4);
    EXPECT_NEAR(heard.percent(heard.hops.at(3)), 28, 4);
    EXPECT_NEAR(heard.percent(heard.hops.at(7)), 10, 4);
    EXPECT_NEAR(heard.top_tenth(), 47, 2);
    EXPECT_NEAR(heard.texts[heard.texts.size() / 2], 25, 3);
    EXPECT_NEAR(heard.texts[heard.texts.size() * 9 / 10], 100, 8);
}

TEST(Traffic, of_Defcon_is_mixed_as_its_capture_is) {
    const Heard heard(mesh("defcon", 500), 120h, 7);
    EXPECT_NEAR(heard.share(port::kNodeInfo), 34, 2);
    EXPECT_NEAR(heard.share(port::kPosition), 31, 2);
    EXPECT_NEAR(heard.share(port::kTelemetry), 24, 2);
    EXPECT_NEAR(heard.share(port::kText), 9, 1);
    EXPECT_FALSE(heard.ports.contains(port::kRouting));
    EXPECT_NEAR(static_cast<double>(heard.all) / 120, 977, 15);
    EXPECT_NEAR(heard.percent(heard.hops.at(3)), 88, 3);
    EXPECT_NEAR(heard.top_tenth(), 67, 3);
    EXPECT_NEAR(heard.texts[heard.texts.size() / 2], 17, 3);
    EXPECT_NEAR(heard.texts[heard.texts.size() * 9 / 10], 78, 8);
}

TEST(Traffic, of_fresh_radios_has_the_firmwares_rhythm) {
    const Heard heard(mesh("defaults", 40), 24h, 7);
    EXPECT_NEAR(static_cast<double>(heard.ports.at(port::kNodeInfo)), 40 * 8, 0.5);
    EXPECT_NEAR(static_cast<double>(heard.ports.at(port::kPosition)), 40 * 24, 0.5);
    EXPECT_NEAR(static_cast<double>(heard.ports.at(port::kTelemetry)), 40 * 24, 0.5);
    EXPECT_NEAR(static_cast<double>(heard.ports.at(port::kText)), 40 * 24, 100);
    EXPECT_EQ(heard.direct, 0U);
}

// LongFast: 2^11 / (250 * 100) of an interval for each node above 40.
TEST(Traffic, is_stretched_on_large_meshes) {
    const air::Modem long_fast = air::modem(air::Preset::LongFast);
    EXPECT_EQ(stretch_permille(long_fast, 40), 1000);
    EXPECT_EQ(stretch_permille(long_fast, 140), 1000 + 8192);
    EXPECT_EQ(stretch_permille(air::modem(air::Preset::ShortTurbo), 140), 1000 + 256);
}

TEST(Traffic, some_texts_go_to_one_and_ask_for_an_answer) {
    Deployment deployment = mesh("messages", 20);
    deployment.traffic.direct_permille = 300;
    deployment.traffic.want_ack = false;
    const Heard heard(deployment, 200h, 3);
    EXPECT_NEAR(heard.percent(heard.direct), 30, 3);
    Speakers speakers(deployment, std::vector<NodePlan>(20), 3);
    for (int i = 0; i < 100; ++i) {
        const Word word = speakers.say(0);
        EXPECT_EQ(word.want_ack, word.direct);
        EXPECT_TRUE(word.bytes >= 20 && word.bytes <= 60);
        EXPECT_FALSE(word.polite) << "people are not held back";
    }
}

TEST(Traffic, silence_is_silence) { EXPECT_EQ(Heard(mesh("silent", 5), 24h, 1).all, 0U); }

}  // namespace
}  // namespace compot::deployment
