#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "apps/runner.hpp"
#include "host/links/gateway.hpp"
#include "host/mqtt/client.hpp"
#include "sim/simulation.hpp"

/// Connects radios of a simulated world to an MQTT broker, as Meshtastic's gateways do: what they
/// hear and send goes up, what others bring goes down into the simulated air.

namespace compot::apps {

struct GatewayOptions {
    std::string broker;              ///< mqtt://HOST/msh/REGION; empty: none
    std::vector<std::string> names;  ///< of the nodes whose radios are gateways
    bool zero_hop = false;
};

class GatewayBridge final : public sim::Backhaul {
public:
    GatewayBridge();
    ~GatewayBridge() override;

    /// A new world. `world` outlives the next attach().
    void attach(sim::Simulation& world);

    /// `runner` outlives the bridge's use. ERRORS: one sentence: no such node, no such broker.
    [[nodiscard]] Result<void, std::string> open(Runner& runner, const GatewayOptions& options);
    /// Before the runner goes.
    void close();

    void sent(NodeId at, BytesView frame, bool relayed) override;
    void heard(NodeId at, BytesView frame, std::int16_t rssi_cdbm, std::int16_t snr_cdb) override;

private:
    class Connection;

    std::mutex mutex_;  // guards everything below
    std::vector<std::pair<NodeId, std::string>> nodes_;
    radio::Channel channel_;
    std::map<NodeId, std::unique_ptr<Connection>> connections_;
};

}  // namespace compot::apps
