#include "sim/deployment/topology.hpp"

#include <algorithm>

#include "core/base/fixed_math.hpp"

namespace compot::deployment {

Topology::Topology(const ether::Ether& ether, std::size_t nodes, std::int32_t snr_least_cdb)
    : ether_(ether), snr_least_cdb_(snr_least_cdb), nodes_(nodes), views_(nodes) {}

void Topology::place(std::size_t node, const ether::Position& at) {
    nodes_[node].at = at;
    nodes_[node].stale = true;
    stale_ = true;
    ++changes_;
}

void Topology::set(std::size_t node, bool on, bool relays) {
    if (nodes_[node].on == on && nodes_[node].relays == relays) return;
    nodes_[node].on = on;
    nodes_[node].relays = relays;
    ++changes_;
}

bool Topology::hears(std::size_t from, std::size_t to) const {
    return ether_.snr_cdb(static_cast<ether::Station>(from), static_cast<ether::Station>(to)) >=
           snr_least_cdb_;
}

void Topology::refresh() {
    if (!stale_) return;
    const auto link = [&](std::size_t from, std::size_t to) {
        auto& hearers = nodes_[from].hearers;
        const auto name = static_cast<std::uint32_t>(to);
        const auto at = std::lower_bound(hearers.begin(), hearers.end(), name);
        const bool known = at != hearers.end() && *at == name;
        if (hears(from, to) == known) return;
        if (known) {
            hearers.erase(at);
        } else {
            hearers.insert(at, name);
        }
    };
    for (std::size_t node = 0; node < nodes_.size(); ++node) {
        if (!nodes_[node].stale) continue;
        for (std::size_t other = 0; other < nodes_.size(); ++other) {
            if (other == node) continue;
            link(node, other);
            // What is stale too does this link itself.
            if (!nodes_[other].stale) link(other, node);
        }
    }
    for (Node& node : nodes_) node.stale = false;
    stale_ = false;
}

std::shared_ptr<const View> Topology::view(std::size_t from) {
    Seen& seen = views_[from];
    if (seen.view != nullptr && seen.as_of == changes_) return seen.view;
    refresh();
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
        for (const std::uint32_t hearer : nodes_[node].hearers) {
            if (!nodes_[hearer].on || rings_[hearer] != View::kNowhere) continue;
            rings_[hearer] = ring;
            frontier_.push_back(hearer);
        }
    }
}

std::size_t Topology::hearers(std::size_t node) {
    refresh();
    return nodes_[node].hearers.size();
}

std::uint32_t Topology::degree_hundredths() {
    refresh();
    std::uint64_t links = 0;
    for (const Node& node : nodes_) links += node.hearers.size();
    return static_cast<std::uint32_t>(links * 100 / nodes_.size());
}

}  // namespace compot::deployment
