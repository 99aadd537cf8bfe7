#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "sim/ether/ether.hpp"

/// Who could hear whom if nothing else were on the air, and over how many hops a flood from each
/// node could reach the others: what deliveries are measured against. It follows movement and
/// power; it moves no frame.

namespace compot::deployment {

/// Rings around a node: 0 is out of everybody's reach, 1 its neighbours, and so on; the last holds
/// whatever is further.
inline constexpr std::size_t kRings = 12;
/// Distances from a node in ten equal parts of the longest there is.
inline constexpr std::size_t kBins = 10;

/// How everybody is seen from one node. Nodes without power and the node itself are in no ring.
struct View {
    static constexpr std::uint8_t kNowhere = 255;
    std::vector<std::uint8_t> places;  ///< by node: ring * 16 + bin, or kNowhere

    [[nodiscard]] bool sees(std::size_t node) const { return places[node] != kNowhere; }

    [[nodiscard]] std::size_t ring(std::size_t node) const { return places[node] >> 4U; }

    [[nodiscard]] std::size_t bin(std::size_t node) const { return places[node] & 15U; }

    std::array<std::uint32_t, kRings> in_ring{};
    std::array<std::uint32_t, kBins> in_bin{};
};

class Topology {
public:
    /// Of the ether's first `nodes` stations. `ether` outlives it.
    Topology(const ether::Ether& ether, std::size_t nodes, std::int32_t snr_least_cdb);

    /// The ether knows it already.
    void place(std::size_t node, const ether::Position& at);
    void set(std::size_t node, bool on, bool relays);

    [[nodiscard]] bool relays(std::size_t node) const { return nodes_[node].relays; }

    /// Bins are this wide. REQUIRES: > 0.
    void set_bin_cm(std::int32_t bin_cm) { bin_cm_ = bin_cm; }

    /// As things stand now. The same object until something changes. COST: once for each change,
    /// as many steps as there are links.
    [[nodiscard]] std::shared_ptr<const View> view(std::size_t from);

    /// How many could hear this node.
    [[nodiscard]] std::size_t hearers(std::size_t node);

    /// Directed links that are good enough, per node on average, in hundredths.
    [[nodiscard]] std::uint32_t degree_hundredths();

private:
    struct Node {
        ether::Position at;
        bool on = true;
        bool relays = true;
    };

    /// Of the nodes, into hearers_.
    void listen_to(std::size_t node);
    void flood(std::size_t from);

    const ether::Ether& ether_;
    std::int32_t snr_least_cdb_;
    std::int32_t bin_cm_ = 100'000;
    std::vector<Node> nodes_;

    struct Seen {
        std::shared_ptr<const View> view;
        std::uint64_t as_of = 0;
    };

    std::vector<Seen> views_;
    std::uint64_t changes_ = 0;
    std::vector<ether::Station> hearers_;
    std::vector<std::uint32_t> frontier_;
    std::vector<std::uint8_t> rings_;
};

}  // namespace compot::deployment
