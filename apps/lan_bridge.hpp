#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "apps/runner.hpp"
#include "host/links/lan_radio.hpp"
#include "sim/simulation.hpp"

/// Connects radios of a simulated world to the local network, as Meshtastic radios with UDP
/// broadcast enabled are: what they send into the air they tell the network too, and what others
/// tell it they take as if it had been heard.

namespace compot::apps {

struct LanOptions {
    std::string address;             ///< udp, udp:INTERFACE or udp:INTERFACE:PORT; empty: none
    std::vector<std::string> names;  ///< of the nodes whose radios are there
};

class LanBridge final : public sim::Backhaul {
public:
    /// A new world. `world` outlives the next attach().
    void attach(sim::Simulation& world);

    /// `runner` outlives the bridge's use. ERRORS: one sentence: no such node, no such address.
    [[nodiscard]] Result<void, std::string> open(Runner& runner, const LanOptions& options);
    /// Before the runner goes.
    void close();

    void sent(NodeId at, BytesView frame, bool relayed) override;

    void heard(NodeId, BytesView, std::int16_t, std::int16_t) override {}

private:
    std::mutex mutex_;  // guards everything below
    std::vector<std::pair<NodeId, std::string>> nodes_;
    std::map<NodeId, std::unique_ptr<links::LanRadio>> radios_;
};

}  // namespace compot::apps
