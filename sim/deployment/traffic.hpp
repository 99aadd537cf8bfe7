#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/random.hpp"
#include "sim/deployment/deployment.hpp"

/// What the nodes of a mesh say and when, before anybody knows whether they can: their people's
/// texts, what the firmware tells by itself, or a mix as real events had it. A source is one reason
/// for which one node speaks again and again.

namespace compot::deployment {

/// One packet, as far as the traffic decides it.
struct Word {
    std::uint32_t port = 0;
    std::uint16_t bytes = 0;  ///< of its payload
    bool direct = false;      ///< to one other node, whoever; else to all
    bool want_ack = false;
    bool answers = false;  ///< names the packet that it acknowledges
    bool polite = false;   ///< the firmware's own: held back while the channel is busy
    std::optional<std::uint8_t> hop_limit;
};

/// What a capture of an event says of its traffic.
/// SOURCE: aggregates of Burning Man 2025 (156 thousand packets of 1606 nodes in 10 days) and of
/// DEF CON 33 (181 thousand of 1831 senders in 186 hours), published with meshtastic-mcp
/// (docs/sim-realism-plan.md).
struct Capture {
    struct Port {
        std::uint32_t port = 0;
        std::uint16_t permille = 0;  ///< of all packets heard
    };

    struct Hops {
        std::uint8_t hop_start = 0;
        std::uint16_t permille = 0;
    };

    std::vector<Port> ports;
    std::vector<Hops> hops;
    std::uint16_t top_tenth_permille = 0;  ///< what the tenth of the nodes that sends most sends
    std::uint32_t packets_per_hour = 0;    ///< heard at one gateway
    std::uint16_t text_p50 = 0;            ///< bytes
    std::uint16_t text_p90 = 0;
    std::uint16_t text_most = 0;
};

/// REQUIRES: a capture's profile.
[[nodiscard]] const Capture& capture_of(Traffic::Profile profile);

class Speakers {
public:
    Speakers(const Deployment& deployment, const std::vector<NodePlan>& nodes, std::uint64_t seed);

    [[nodiscard]] std::size_t sources() const { return sources_.size(); }

    [[nodiscard]] std::size_t node(std::size_t source) const { return sources_[source].node; }

    /// From the beginning to a source's first word.
    [[nodiscard]] Duration first(std::size_t source);
    /// From one word to the next.
    [[nodiscard]] Duration pause(std::size_t source);

    [[nodiscard]] Word say(std::size_t source);

private:
    enum class Kind : std::uint8_t { Text, NodeInfo, Position, Telemetry, Captured };

    struct Source {
        std::uint32_t node = 0;
        Kind kind = Kind::Text;
        Duration mean{};
        std::optional<std::uint8_t> hop_limit;
        Random random;
    };

    void add(std::size_t node, Kind kind, Duration mean);
    void add_captured(const std::vector<NodePlan>& nodes);
    [[nodiscard]] Word text(Random& random) const;
    [[nodiscard]] Word captured(Source& source) const;

    Traffic terms_;
    std::uint64_t seed_;
    std::vector<Source> sources_;
};

/// How much rarer the firmware speaks by itself on a large mesh, in permille: above 40 nodes by
/// 2^SF / (bandwidth in kHz * 100) of the interval for each more.
/// SOURCE: Meshtastic firmware 2.7, congestion scaling of its defaults.
[[nodiscard]] std::int64_t stretch_permille(const air::Modem& modem, std::size_t nodes);

}  // namespace compot::deployment
