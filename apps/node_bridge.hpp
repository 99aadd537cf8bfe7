#pragma once

#include <memory>
#include <string>

#include "apps/node_world.hpp"
#include "apps/runner.hpp"
#include "host/bridge/site.hpp"
#include "host/mqtt/client.hpp"

/// A daemon's bridge to other sites: the bridge's state machine beside the node, its records in a
/// store of its own, its envelopes through an MQTT 5 broker. doc/bridge.md

namespace compot::apps {

struct BridgeTerms {
    mqtt::Broker broker;
    std::string site;  ///< how the broker tells this site's connection from others
    bridge::LinkProfile link;
};

/// What a person writes: mqtt://HOST[:PORT]/SITE and a profile's name. ERRORS: one sentence.
[[nodiscard]] Result<BridgeTerms, std::string> parse_bridge(const std::string& url,
                                                            const std::string& profile);

class NodeBridge final : public Beside, public bridge::Local, public mqtt::Listener {
public:
    /// Counts this start in `data_dir`/bridge.db. ERRORS: one sentence: the node is a Cat, the
    /// store can't be written, the password can't be read.
    [[nodiscard]] static Result<std::unique_ptr<NodeBridge>, std::string> create(
        const BridgeTerms& terms, const node::Config& config, const std::string& data_dir);

    /// The world that the bridge stands beside; before open().
    void attach(NodeWorld& world);
    /// Connects, and goes on trying. `runner` outlives close().
    void open(Runner& runner);
    void close();

    void told(const node::Event& event, const node::Effects& effects, Time now) override;
    [[nodiscard]] Time wake_at() const override;
    void wake(Time now) override;

    [[nodiscard]] const node::Node& node() const override { return world_->node(); }

    void learn(const node::Learned& learned) override { world_->learn(learned); }

    void up() override;
    void trouble(const std::string& sentence) override;
    void heard(const mqtt::Message& message) override;

private:
    NodeBridge() = default;
    void carry();

    BridgeTerms terms_;
    mqtt::Terms connection_;
    std::unique_ptr<store::Store> store_;
    bool store_failed_ = false;
    NodeWorld* world_ = nullptr;  // of the world's thread, as site_
    std::unique_ptr<bridge::Site> site_;
    Runner* runner_ = nullptr;
    std::unique_ptr<mqtt::Client> client_;
};

}  // namespace compot::apps
