#include "apps/body_bridge.hpp"

#include "host/body/words.hpp"

namespace compot::apps {

void BodyBridge::attach(sim::Simulation& world) {
    {
        const std::lock_guard lock(mutex_);
        nodes_.clear();
        for (const sim::Unit& unit : world.units())
            if (unit.external) nodes_.emplace_back(unit.id(), unit.plan.name);
    }
    world.set_remote(this);
}

Result<void, std::string> BodyBridge::open(Runner& runner, std::uint16_t base_port) {
    const std::lock_guard lock(mutex_);
    std::size_t port = base_port;
    for (const auto& [id, name] : nodes_) {
        if (port > 0xFFFF) return std::string("the bodies' ports go past 65535");
        const NodeId node = id;
        auto body = body::Body::start("127.0.0.1", static_cast<std::uint16_t>(port++),
                                      [&runner, node](const std::string& line) {
                                          const auto action = body::parse_action(line);
                                          // A body that is told nonsense stays where it is.
                                          if (action)
                                              runner.post([node, wanted = *action](World& world) {
                                                  world.act(node, wanted);
                                              });
                                      });
        if (!body) return body.error();
        bodies_[node] = *std::move(body);
    }
    return {};
}

void BodyBridge::close() {
    std::map<NodeId, std::unique_ptr<body::Body>> bodies;
    const std::lock_guard lock(mutex_);
    bodies.swap(bodies_);
}

std::vector<std::pair<std::string, std::uint16_t>> BodyBridge::ports() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::pair<std::string, std::uint16_t>> ports;
    for (const auto& [id, name] : nodes_) ports.emplace_back(name, bodies_.at(id)->port());
    return ports;
}

void BodyBridge::felt(NodeId node, const node::Sensed& sensed) {
    const std::lock_guard lock(mutex_);
    const auto body = bodies_.find(node);
    if (body != bodies_.end()) body->second->say(body::to_line(sensed));
}

}  // namespace compot::apps
