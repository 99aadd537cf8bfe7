#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/crypto/crypto.hpp"
#include "radio/frame.hpp"
#include "radio/rarely.hpp"

/// What a radio has learned of others: whom it hears directly, by whom a destination is best
/// reached, and public keys. Only nodes of which there is something to know take room: twelve bytes
/// each, for a radio hears some twenty others, and of ten thousand radios each keeps them.

namespace compot::radio {

inline constexpr Duration kNeighbourFresh = 2h;  ///< since when heard directly
inline constexpr Duration kRouteFresh = 30min;   ///< of firmware 2.8
inline constexpr std::uint8_t kRouteFailuresMax = 3;

/// The neighbour that leads to a node, and how well it has done so.
struct NextHop {
    std::uint8_t relay = kNoHop;  ///< its low byte
    std::uint8_t failures = 0;
    Time learned{};  ///< or last confirmed
};

class Peers {
public:
    /// REQUIRES: capacity > 0. When full, the one heard directly longest ago is forgotten.
    explicit Peers(std::uint16_t capacity) : capacity_(capacity) {}

    void heard_directly(NodeId id, Time now);
    /// Its NodeInfo was seen.
    void set_introduced(NodeId id);
    /// A valid signature of it was seen.
    void set_signs(NodeId id);
    void set_next_hop(NodeId id, const NextHop& hop);

    /// False of who is not known, here and below.
    [[nodiscard]] bool introduced(NodeId id) const;
    [[nodiscard]] bool signs(NodeId id) const;
    /// Without a next hop when there is none.
    [[nodiscard]] NextHop next_hop(NodeId id) const;

    /// Exactly one fresh direct neighbour is called so; 2.8 trusts no ambiguous name.
    [[nodiscard]] bool unique_neighbour(std::uint8_t name, Time now) const;

    void learn_key(NodeId id, const crypto::Key& key);
    /// Null when unknown.
    [[nodiscard]] const crypto::Key* key(NodeId id) const;

private:
    /// Eight bytes in halves, so that they follow a number of four without a gap.
    class Heard {
    public:
        [[nodiscard]] Time at() const {
            return Time{Duration{static_cast<std::int64_t>(high_) << 32U | low_}};
        }

        void set(Time at) {
            const auto us = static_cast<std::uint64_t>(to_us(at));
            low_ = static_cast<std::uint32_t>(us);
            high_ = static_cast<std::uint32_t>(us >> 32U) & kHighMost;
        }

        bool introduced : 1 = false;
        bool signs : 1 = false;
        bool routed : 1 = false;  ///< routes_ has it

    private:
        static constexpr unsigned kHighBits = 29;
        static constexpr std::uint32_t kHighMost = (1U << kHighBits) - 1;

        std::uint32_t high_ : kHighBits = 0;
        std::uint32_t low_ = 0;
    };

    struct Peer {
        NodeId id;
        Heard heard;  ///< directly; the epoch: never
    };

    static_assert(sizeof(Peer) == 12);

    struct Routed {
        NodeId id;
        NextHop hop;
    };

    struct Known {
        NodeId id;
        crypto::Key key;
    };

    [[nodiscard]] const Peer* find(NodeId id) const;
    Peer& find_or_add(NodeId id);
    void forget_route(NodeId id);

    std::vector<Peer> peers_;
    Rarely<std::vector<Routed>> routes_;
    Rarely<std::vector<Known>> keys_;
    std::uint16_t capacity_;
};

}  // namespace compot::radio
