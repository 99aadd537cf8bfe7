#include "apps/lan_bridge.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace compot::apps {

void LanBridge::attach(sim::Simulation& world) {
    {
        const std::lock_guard lock(mutex_);
        nodes_.clear();
        for (const sim::Unit& unit : world.units()) nodes_.emplace_back(unit.id(), unit.plan.name);
    }
    world.add_backhaul(this);
}

Result<void, std::string> LanBridge::open(Runner& runner, const LanOptions& options) {
    const auto address = links::parse_udp(options.address);
    if (!address) return "--lan: " + address.error();
    const std::lock_guard lock(mutex_);
    for (const std::string& name : options.names) {
        const auto found = std::find_if(nodes_.begin(), nodes_.end(),
                                        [&](const auto& node) { return node.second == name; });
        if (found == nodes_.end())
            return fmt::format("--on-lan {}: no node of the scenario is called so", name);
        const NodeId id = found->first;
        radios_[id] = std::make_unique<links::LanRadio>(
            id, *address,
            links::LanRadio::Listener{[&runner, id](const radio::Frame& frame) {
                                          (void)runner.post([id, frame](World& world) {
                                              (void)world.bring(id, frame.view());
                                          });
                                      },
                                      [name](const std::string& what) {
                                          fmt::print(stderr, "compotastic sim: {}'s radio {}\n",
                                                     name, what);
                                      }});
    }
    return {};
}

void LanBridge::close() {
    std::map<NodeId, std::unique_ptr<links::LanRadio>> radios;
    const std::lock_guard lock(mutex_);
    radios.swap(radios_);
}

void LanBridge::sent(NodeId at, BytesView frame, bool) {
    const std::lock_guard lock(mutex_);
    const auto found = radios_.find(at);
    if (found != radios_.end()) found->second->sent(frame);
}

}  // namespace compot::apps
