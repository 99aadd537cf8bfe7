#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/crypto/crypto.hpp"
#include "radio/frame.hpp"

/// What a radio has learned of others: whom it hears directly, by whom a destination is best
/// reached, and public keys. Only nodes of which there is something to know take room.

namespace compot::radio {

inline constexpr Duration kNeighbourFresh = 2h;  ///< since when heard directly
inline constexpr Duration kRouteFresh = 30min;   ///< of firmware 2.8
inline constexpr std::uint8_t kRouteFailuresMax = 3;

struct Peer {
    NodeId id;
    std::uint8_t next_hop = kNoHop;  ///< low byte of the neighbour that leads there
    std::uint8_t route_failures = 0;
    bool signs = false;       ///< a valid signature was seen
    bool introduced = false;  ///< its NodeInfo was seen
    Time heard{};             ///< directly; the epoch: never
    Time routed{};            ///< when next_hop was learned or last confirmed
};

class Peers {
public:
    /// REQUIRES: capacity > 0. When full, the one heard directly longest ago is forgotten.
    explicit Peers(std::uint16_t capacity) : capacity_(capacity) {}

    [[nodiscard]] Peer* find(NodeId id);
    [[nodiscard]] const Peer* find(NodeId id) const;
    Peer& find_or_add(NodeId id);

    /// Exactly one fresh direct neighbour is called so; 2.8 trusts no ambiguous name.
    [[nodiscard]] bool unique_neighbour(std::uint8_t name, Time now) const;

    void learn_key(NodeId id, const crypto::Key& key);
    /// Null when unknown.
    [[nodiscard]] const crypto::Key* key(NodeId id) const;

    [[nodiscard]] std::size_t size() const { return peers_.size(); }

private:
    struct Known {
        NodeId id;
        crypto::Key key;
    };

    std::vector<Peer> peers_;
    std::vector<Known> keys_;
    std::uint16_t capacity_;
};

}  // namespace compot::radio
