#pragma once

#include <map>
#include <mutex>
#include <vector>

#include "apps/runner.hpp"
#include "host/client_api/server.hpp"
#include "sim/simulation.hpp"

/// Joins the simulated radios to Meshtastic clients: what a client sends enters the world as its
/// radio's packet, what a radio has for its client goes out. The world's thread and the server's
/// meet here and nowhere else.

namespace compot::apps {

class ClientBridge final : public client_api::Mesh,
                           public sim::RadioClient,
                           public observe::EventSink {
public:
    /// A new world. `world` outlives the next attach().
    void attach(sim::Simulation& world);

    /// Radios in the scenario's order, with their names.
    [[nodiscard]] std::vector<std::pair<NodeId, std::string>> radios() const;

    /// From here on packets go both ways. Both must outlive the bridge's use.
    void connect(Runner& runner, client_api::Server& server);
    /// Before the server goes.
    void disconnect();

    client_api::Status status(NodeId radio) override;
    void submit(NodeId radio, const radio::Packet& packet,
                std::function<void(client_api::Submitted)> done) override;

    void set_channels(NodeId radio, std::vector<radio::Channel> channels) override;

    void delivered(NodeId at, const radio::Packet& packet) override;
    void settled(NodeId at, const radio::Settled& settled) override;

    void event(observe::Event event) override;

private:
    /// What a radio's packets have told it about a node, besides what the world knows.
    struct Met {
        std::string name;
        Time heard{};
        bool via_mqtt = false;
    };

    static constexpr std::size_t kMetMax = 256;  ///< of each radio; more are not kept

    void meet(NodeId at, const radio::Packet& packet);

    mutable std::mutex mutex_;  // guards everything below
    Runner* runner_ = nullptr;
    client_api::Server* server_ = nullptr;
    client_api::Status common_;  ///< channel, preset, region, hop limit and time
    std::vector<NodeId> order_;
    std::map<NodeId, observe::NodeCard> cards_;
    std::map<NodeId, std::map<NodeId, Met>> met_;             ///< by radio
    std::map<NodeId, std::vector<radio::Channel>> channels_;  ///< that clients set
};

}  // namespace compot::apps
