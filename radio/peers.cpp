#include "radio/peers.hpp"

#include <algorithm>

#include "core/base/check.hpp"

namespace compot::radio {

const Peer* Peers::find(NodeId id) const {
    const auto at = std::find_if(peers_.begin(), peers_.end(),
                                 [id](const Peer& each) { return each.id == id; });
    return at == peers_.end() ? nullptr : &*at;
}

Peer* Peers::find(NodeId id) {
    const auto at = std::find_if(peers_.begin(), peers_.end(),
                                 [id](const Peer& each) { return each.id == id; });
    return at == peers_.end() ? nullptr : &*at;
}

Peer& Peers::find_or_add(NodeId id) {
    COMPOT_CHECK(capacity_ > 0);
    if (Peer* const known = find(id)) return *known;
    Peer made;
    made.id = id;
    if (peers_.size() < capacity_) {
        // Doubling would waste half of it, in each of ten thousand radios.
        if (peers_.size() == peers_.capacity()) peers_.reserve(peers_.size() + 2);
        peers_.push_back(made);
        return peers_.back();
    }
    const auto oldest =
        std::min_element(peers_.begin(), peers_.end(),
                         [](const Peer& a, const Peer& b) { return a.heard < b.heard; });
    *oldest = made;
    return *oldest;
}

bool Peers::unique_neighbour(std::uint8_t name, Time now) const {
    return std::count_if(peers_.begin(), peers_.end(), [&](const Peer& each) {
               return each.heard != Time{} && now - each.heard <= kNeighbourFresh &&
                      short_name(each.id) == name;
           }) == 1;
}

void Peers::learn_key(NodeId id, const crypto::Key& key) {
    for (Known& each : keys_) {
        if (each.id == id) {
            each.key = key;
            return;
        }
    }
    if (keys_.size() == capacity_) keys_.erase(keys_.begin());
    keys_.push_back({id, key});
}

const crypto::Key* Peers::key(NodeId id) const {
    for (const Known& each : keys_) {
        if (each.id == id) return &each.key;
    }
    return nullptr;
}

}  // namespace compot::radio
