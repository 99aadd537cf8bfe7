#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "apps/runner.hpp"
#include "host/body/link.hpp"
#include "sim/simulation.hpp"

/// Joins bodies in a simulated world to nodes that run elsewhere: a port for each such body, what
/// it feels goes out, what its node wants comes in through the world's one thread.

namespace compot::apps {

class BodyBridge final : public sim::RemoteNodes {
public:
    /// A new world with these external nodes. `world` outlives the next attach().
    void attach(sim::Simulation& world);

    /// A port for each external node from `base_port` on; with 0 any that are free. `runner`
    /// outlives the bridge's use. ERRORS: one sentence.
    [[nodiscard]] Result<void, std::string> open(Runner& runner, std::uint16_t base_port);
    /// Before the runner goes.
    void close();

    /// Names and ports, in the scenario's order.
    [[nodiscard]] std::vector<std::pair<std::string, std::uint16_t>> ports() const;

    void felt(NodeId node, const node::Sensed& sensed) override;
    void saw(NodeId node, learn::Cell of, const scene::Image& image) override;

private:
    mutable std::mutex mutex_;  // guards everything below
    std::vector<std::pair<NodeId, std::string>> nodes_;
    std::map<NodeId, std::unique_ptr<body::Body>> bodies_;
};

}  // namespace compot::apps
