#include "apps/body_bridge.hpp"

#include "edge/scene/decode.hpp"
#include "host/body/words.hpp"

namespace compot::apps {

namespace {

/// A body that is told nonsense stays where it is.
void hear(Runner& runner, NodeId node, const std::string& line) {
    const bool looks = body::is_look(line);
    const auto wanted = looks ? body::parse_look(line) : body::parse_action(line);
    if (!wanted) return;
    runner.post([node, looks, way = *wanted](World& world) {
        if (looks) {
            (void)world.look(node, way);
        } else {
            (void)world.act(node, way);
        }
    });
}

}  // namespace

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
        auto body = body::Body::start(
            "127.0.0.1", static_cast<std::uint16_t>(base_port == 0 ? 0 : port++),
            [&runner, node](const std::string& line) { hear(runner, node, line); });
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

void BodyBridge::saw(NodeId node, learn::Cell of, const scene::Image& image) {
    const std::string line = body::to_line(body::Picture{of, scene::encode_png(image)});
    const std::lock_guard lock(mutex_);
    const auto body = bodies_.find(node);
    if (body != bodies_.end()) body->second->say(line);
}

void BodyBridge::felt(NodeId node, const node::Sensed& sensed) {
    const std::lock_guard lock(mutex_);
    const auto body = bodies_.find(node);
    if (body != bodies_.end()) body->second->say(body::to_line(sensed));
}

}  // namespace compot::apps
