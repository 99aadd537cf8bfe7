#include "radio/peers.hpp"

#include <algorithm>

#include "core/base/check.hpp"
#include "radio/growth.hpp"

namespace compot::radio {
namespace {

constexpr std::size_t kMorePeers = 1;

template <typename List>
auto place_of(List& list, NodeId id) {
    return std::find_if(list.begin(), list.end(), [id](const auto& each) { return each.id == id; });
}

}  // namespace

const Peers::Peer* Peers::find(NodeId id) const {
    const auto at = place_of(peers_, id);
    return at == peers_.end() ? nullptr : &*at;
}

Peers::Peer& Peers::find_or_add(NodeId id) {
    COMPOT_CHECK(capacity_ > 0);
    if (const auto known = place_of(peers_, id); known != peers_.end()) return *known;
    if (peers_.size() < capacity_) {
        make_room(peers_, kMorePeers);
        peers_.push_back({id, {}});
        return peers_.back();
    }
    Peer& oldest =
        *std::min_element(peers_.begin(), peers_.end(),
                          [](const Peer& a, const Peer& b) { return a.heard.at() < b.heard.at(); });
    if (oldest.heard.routed) forget_route(oldest.id);
    oldest = {id, {}};
    return oldest;
}

void Peers::heard_directly(NodeId id, Time now) { find_or_add(id).heard.set(now); }

void Peers::set_introduced(NodeId id) { find_or_add(id).heard.introduced = true; }

void Peers::set_signs(NodeId id) { find_or_add(id).heard.signs = true; }

bool Peers::introduced(NodeId id) const {
    const Peer* const peer = find(id);
    return peer != nullptr && peer->heard.introduced;
}

bool Peers::signs(NodeId id) const {
    const Peer* const peer = find(id);
    return peer != nullptr && peer->heard.signs;
}

NextHop Peers::next_hop(NodeId id) const {
    if (!routes_.has_value()) return {};
    const auto at = place_of(*routes_, id);
    return at == routes_->end() ? NextHop{} : at->hop;
}

void Peers::set_next_hop(NodeId id, const NextHop& hop) {
    Heard& heard = find_or_add(id).heard;
    if (heard.routed) {
        place_of(*routes_, id)->hop = hop;
        return;
    }
    if (!routes_.has_value()) routes_ = std::vector<Routed>{};
    make_room(*routes_, kMorePeers);
    routes_->push_back({id, hop});
    heard.routed = true;
}

void Peers::forget_route(NodeId id) { routes_->erase(place_of(*routes_, id)); }

bool Peers::unique_neighbour(std::uint8_t name, Time now) const {
    return std::count_if(peers_.begin(), peers_.end(), [&](const Peer& each) {
               const Time heard = each.heard.at();
               return heard != Time{} && now - heard <= kNeighbourFresh &&
                      short_name(each.id) == name;
           }) == 1;
}

void Peers::learn_key(NodeId id, const crypto::Key& key) {
    if (!keys_.has_value()) keys_ = std::vector<Known>{};
    if (const auto known = place_of(*keys_, id); known != keys_->end()) {
        known->key = key;
        return;
    }
    if (keys_->size() == capacity_) keys_->erase(keys_->begin());
    keys_->push_back({id, key});
}

const crypto::Key* Peers::key(NodeId id) const {
    if (!keys_.has_value()) return nullptr;
    const auto at = place_of(*keys_, id);
    return at == keys_->end() ? nullptr : &at->key;
}

}  // namespace compot::radio
