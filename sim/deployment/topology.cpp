#include "sim/deployment/topology.hpp"

#include <algorithm>

#include "core/base/fixed_math.hpp"

namespace compot::deployment {

Topology::Topology(const ether::Ether& ether, std::size_t nodes, std::int32_t snr_least_cdb)
    : ether_(ether), snr_least_cdb_(snr_least_cdb), nodes_(nodes), views_(nodes) {}

void Topology::place(std::size_t node, const ether::Position& at) {
    nodes_[node].at = at;
    ++changes_;
}

void Topology::set(std::size_t node, bool on, bool relays) {
    if (nodes_[node].on == on && nodes_[node].relays == relays) return;
    nodes_[node].on = on;
    nodes_[node].relays = relays;
    ++changes_;
}

void Topology::listen_to(std::size_t node) {
    ether_.hearers(static_cast<ether::Station>(node), snr_least_cdb_, hearers_);
    // Strangers' stations come after the nodes'.
    while (!hearers_.empty() && hearers_.back() >= nodes_.size()) hearers_.pop_back();
}

std::shared_ptr<const View> Topology::view(std::size_t from) {
    Seen& seen = views_[from];
    if (seen.view != nullptr && seen.as_of == changes_) return seen.view;
    flood(from);
    auto view = std::make_shared<View>();
    view->places.assign(nodes_.size(), View::kNowhere);
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        if (i == from || !nodes_[i].on) continue;
        const std::size_t ring = rings_[i] == View::kNowhere ? 0 : rings_[i];
        const std::uint32_t distance_cm =
            square_root(ether::distance_squared_cm2(nodes_[from].at, nodes_[i].at));
        const std::size_t bin =
            std::min<std::size_t>(distance_cm / static_cast<std::uint32_t>(bin_cm_), kBins - 1);
        view->places[i] = static_cast<std::uint8_t>(ring << 4U | bin);
        ++view->in_ring[ring];
        ++view->in_bin[bin];
    }
    seen = {view, changes_};
    return view;
}

/// How many hops a flood takes at least to each node.
void Topology::flood(std::size_t from) {
    rings_.assign(nodes_.size(), View::kNowhere);
    frontier_.assign(1, static_cast<std::uint32_t>(from));
    rings_[from] = 0;
    for (std::size_t next = 0; next < frontier_.size(); ++next) {
        const std::uint32_t node = frontier_[next];
        if (node != from && !nodes_[node].relays) continue;
        const auto ring =
            static_cast<std::uint8_t>(std::min<std::size_t>(rings_[node] + 1U, kRings - 1));
        listen_to(node);
        for (const ether::Station hearer : hearers_) {
            if (!nodes_[hearer].on || rings_[hearer] != View::kNowhere) continue;
            rings_[hearer] = ring;
            frontier_.push_back(hearer);
        }
    }
}

std::size_t Topology::hearers(std::size_t node) {
    listen_to(node);
    return hearers_.size();
}

std::uint32_t Topology::degree_hundredths() {
    std::uint64_t links = 0;
    for (std::size_t i = 0; i < nodes_.size(); ++i) links += hearers(i);
    return static_cast<std::uint32_t>(links * 100 / nodes_.size());
}

}  // namespace compot::deployment
