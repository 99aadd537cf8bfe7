#include "core/profile/keyring.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/base/bytes.hpp"

namespace compot::profile {

namespace {

/// The context string, and for a pair both ids in one order, so that both sides derive the same
/// key.
crypto::MacKey derive_key(BytesView secret, std::string_view purpose, NodeId a, NodeId b) {
    std::array<std::uint8_t, 40> context{};
    ByteWriter out{context};
    for (const char letter : purpose) out.u8(static_cast<std::uint8_t>(letter));
    out.u32(std::min(a, b).value);
    out.u32(std::max(a, b).value);
    return crypto::derive(secret, *out.finish());
}

}  // namespace

Keyring::Keyring(NodeId self, const crypto::Key& channel_key)
    : self_(self), group_(derive_key(channel_key, "compotastic group 1", kNoNode, kNoNode)) {}

bool Keyring::enrol(NodeId peer, const crypto::Key& own_secret, const crypto::Key& peer_public) {
    crypto::Key shared{};
    if (pairs_.full() || !crypto::exchange(own_secret, peer_public, shared)) return false;
    pairs_.push(Pair{peer, derive_key(shared, "compotastic pair 1", self_, peer)});
    return true;
}

const crypto::MacKey* Keyring::pair(NodeId peer) const {
    const auto* found = std::find_if(pairs_.begin(), pairs_.end(),
                                     [peer](const Pair& pair) { return pair.peer == peer; });
    return found == pairs_.end() ? nullptr : &found->key;
}

}  // namespace compot::profile
