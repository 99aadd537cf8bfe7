#include "apps/client_bridge.hpp"

#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "apps/live.hpp"
#include "observe/recording.hpp"

namespace compot::apps {
namespace {

/// The blocked Cat's world never asks it before something is photographed.
class Blind final : public scene::SceneClassifier {
public:
    Result<scene::Scene, scene::Failure> classify(const scene::Image&) override {
        return scene::Failure{Error::NotReady, "no eyes here"};
    }
};

class Text final : public observe::ByteSink {
public:
    bool write(std::string_view bytes) override {
        text.append(bytes);
        return true;
    }

    std::string text;
};

class ClientBridgeTest : public ::testing::Test {
protected:
    ClientBridgeTest() : scenario(*scenario::load("scenarios/blocked-cat.toml", {})) {}

    MakeWorld world(ClientBridge* with) {
        return live(scenario, 1, {}, classifier, {with, nullptr});
    }

    std::string recorded(ClientBridge* with) {
        Text out;
        observe::Recorder recorder(out, {});
        auto made = world(with)(std::nullopt, recorder);
        EXPECT_TRUE(made);
        while ((*made)->next_at() < Time{100s}) (*made)->step();
        recorder.finish((*made)->now(), "", "");
        return out.text;
    }

    Blind classifier;
    scenario::Scenario scenario;
    ClientBridge bridge;
};

TEST_F(ClientBridgeTest, changes_nothing_in_a_world_without_clients) {
    const std::string alone = recorded(nullptr);
    EXPECT_GT(alone.size(), 10'000U);
    EXPECT_EQ(recorded(&bridge), alone);
}

TEST_F(ClientBridgeTest, knows_each_radio_by_its_nodes_name_and_tells_it_of_the_others) {
    recorded(&bridge);
    const auto radios = bridge.radios();
    ASSERT_EQ(radios.size(), scenario.nodes.size());
    EXPECT_EQ(radios[0].second, "alpha");
    const client_api::Status status = bridge.status(radios[0].first);
    EXPECT_EQ(status.self.name, "alpha");
    EXPECT_EQ(status.others.size(), radios.size() - 1);
    EXPECT_TRUE(std::any_of(status.others.begin(), status.others.end(),
                            [](const client_api::Peer& peer) { return peer.heard; }));
    EXPECT_EQ(status.preset, scenario.preset);
    EXPECT_GE(status.now, Time{90s});
}

TEST_F(ClientBridgeTest, takes_packets_into_the_running_world_and_refuses_them_after_its_end) {
    auto runner = Runner::start(world(&bridge), 1, 1.0);
    ASSERT_TRUE(runner);
    const NodeId alpha = bridge.radios()[0].first;
    auto server = client_api::Server::start(bridge, {alpha}, 0);
    ASSERT_TRUE(server);
    bridge.connect(**runner, **server);
    std::atomic<bool> stop{false};
    std::thread thread([&] { (*runner)->run(stop); });

    radio::Packet packet;
    packet.to = kBroadcast;
    packet.data.portnum = mesh::port::kText;
    ASSERT_TRUE(packet.data.payload.assign(std::array<std::uint8_t, 2>{'h', 'i'}));
    const auto submitted = [&](NodeId radio) {
        auto answer = std::make_shared<std::promise<client_api::Submitted>>();
        bridge.submit(radio, packet,
                      [answer](client_api::Submitted result) { answer->set_value(result); });
        return answer->get_future().get();
    };
    const auto taken = submitted(alpha);
    EXPECT_TRUE(taken.accepted);
    EXPECT_NE(taken.id.value, 0U);
    EXPECT_FALSE(submitted(NodeId{1}).accepted) << "no such radio";
    bridge.disconnect();
    EXPECT_FALSE(submitted(alpha).accepted);
    stop = true;
    thread.join();
}

}  // namespace
}  // namespace compot::apps
