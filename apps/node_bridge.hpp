#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "apps/node_bench.hpp"
#include "apps/node_world.hpp"
#include "apps/runner.hpp"
#include "host/bridge/site.hpp"
#include "host/mqtt/client.hpp"
#include "host/web/metrics.hpp"

/// A daemon's bridge to other sites: the bridge's state machine beside the node, its records in a
/// store of its own, its envelopes through an MQTT 5 broker. doc/bridge.md

namespace compot::apps {

/// Which pictures others are asked to look at.
enum class Pictures : std::uint8_t {
    Unsure,  ///< those that this machine's model is not sure of
    All,     ///< this machine has no model
    None,    ///< no picture leaves this site
};

struct BridgeTerms {
    Pictures pictures = Pictures::Unsure;
    mqtt::Broker broker;
    std::string site;  ///< how the broker tells this site's connection from others
    bridge::LinkProfile link;
};

/// What a person writes: mqtt://HOST[:PORT]/SITE, a profile's name, and unsure, all or none of the
/// pictures. ERRORS: one sentence.
[[nodiscard]] Result<BridgeTerms, std::string> parse_bridge(const std::string& url,
                                                            const std::string& profile,
                                                            const std::string& pictures);

class NodeBridge final : public Beside,
                         public bridge::Local,
                         public mqtt::Listener,
                         public scene::Elsewhere {
public:
    /// Counts this start in `data_dir`/bridge.db. ERRORS: one sentence: the node is a Cat, the
    /// store can't be written, the password can't be read.
    [[nodiscard]] static Result<std::unique_ptr<NodeBridge>, std::string> create(
        const BridgeTerms& terms, const node::Config& config, const std::string& data_dir);

    /// The world that the bridge stands beside; before open().
    void attach(NodeWorld& world);
    /// Connects, and goes on trying. `runner` outlives close(). `classifier` is for pictures of
    /// other sites.
    void open(Runner& runner, std::unique_ptr<scene::SceneClassifier> classifier);
    void close();

    /// Who looks at pictures of this site elsewhere; null where none may leave it.
    [[nodiscard]] scene::Elsewhere* elsewhere() {
        return terms_.pictures == Pictures::None ? nullptr : this;
    }

    /// What the bridge has counted. From any thread.
    void measure(web::Metrics& metrics) const;

    void told(const node::Event& event, const node::Effects& effects, Time now) override;
    [[nodiscard]] Time wake_at() const override;
    void wake(Time now) override;

    [[nodiscard]] const node::Node& node() const override { return world_->node(); }

    void learn(const node::Learned& learned) override { world_->learn(learned); }

    /// A picture of this site, made as small as the link asks for. After open().
    void look(const scene::Image& image, scene::OnSeen seen) override;
    void look(bridge::JobId id, const bridge::ByteString& jpeg) override;
    void seen(bridge::JobId id, const std::optional<scene::Scene>& scene) override;

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
    std::unique_ptr<Bench> bench_;
    std::map<bridge::JobId, std::vector<scene::OnSeen>> waiting_;  // of the world's thread

    mutable std::mutex mutex_;  // guards counted_
    bridge::Site::Counters counted_;
};

}  // namespace compot::apps
