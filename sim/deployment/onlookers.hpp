#pragma once

#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "observe/sink.hpp"
#include "sim/deployment/deployment.hpp"
#include "sim/talk/talk.hpp"

/// Tells sinks what a mesh does, in the words they know from swarms. Whether anybody listens
/// changes nothing in the mesh, and nobody listening costs nothing.

namespace compot::deployment {

class Onlookers {
public:
    /// A node as the world sees it now.
    struct Now {
        bool on = true;
        ether::Position at;
        std::uint16_t charge_permille = 1000;
        std::optional<observe::Energy> energy;
        std::uint32_t queue = 0;
        Duration airtime{};
        std::uint16_t busy_permille = 0;
    };

    explicit Onlookers(const std::vector<NodePlan>& nodes);

    void add(observe::Sink& sink) { sinks_.push_back(&sink); }

    void remove(observe::Sink& sink) { std::erase(sinks_, &sink); }

    [[nodiscard]] bool any() const { return !sinks_.empty(); }

    void card(std::size_t node, const Now& now, Time at);
    void flight_began(const ether::Flight& flight, NodeId transmitter, const radio::Transmit& sent,
                      std::uint32_t port, Time at);
    void flight_ended(const ether::Flight& flight, NodeId transmitter,
                      std::span<const talk::Heard> heard, Time at);
    void log(NodeId node, const std::string& text, Time at);

private:
    struct Title {
        std::string name;
        std::string role;  ///< as scenarios name it
    };

    std::vector<observe::Sink*> sinks_;
    std::vector<Title> titles_;
    std::vector<std::vector<observe::Neighbour>> neighbours_;  ///< the strongest, by node
    std::unordered_map<ether::Flight, std::uint64_t> numbers_;
    std::uint64_t flights_ = 0;
};

/// "text", "nodeinfo", ...; "foreign" for 0.
[[nodiscard]] std::string port_name(std::uint32_t port);

}  // namespace compot::deployment
