#pragma once

#include <cstddef>

#include "core/base/containers.hpp"
#include "core/base/ids.hpp"
#include "core/crypto/crypto.hpp"

/// The keys that authenticate frames: one for the group, one for each pair. Signing keys are not in
/// here; they speak for content, not for frames.

namespace compot::profile {

inline constexpr std::size_t kPeersMax = 16;

class Keyring {
public:
    Keyring(NodeId self, const crypto::Key& channel_key);

    /// Derives the pair's key. COST: one X25519, at boot. False when there is no room or the public
    /// key is of small order.
    [[nodiscard]] bool enrol(NodeId peer, const crypto::Key& own_secret,
                             const crypto::Key& peer_public);

    [[nodiscard]] NodeId self() const { return self_; }

    [[nodiscard]] const crypto::MacKey& group() const { return group_; }

    /// Null for a node that is not enrolled.
    [[nodiscard]] const crypto::MacKey* pair(NodeId peer) const;

    [[nodiscard]] bool knows(NodeId peer) const { return pair(peer) != nullptr; }

private:
    struct Pair {
        NodeId peer;
        crypto::MacKey key{};
    };

    NodeId self_;
    crypto::MacKey group_{};
    FixedVector<Pair, kPeersMax> pairs_;
};

}  // namespace compot::profile
