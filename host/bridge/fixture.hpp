#pragma once

#include "core/node/config.hpp"
#include "host/bridge/wire.hpp"

/// For tests: the enrolment of a few nodes, as each of them has it, and a picture.

namespace compot::bridge {

inline constexpr NodeId kHut{0xA1};
inline constexpr NodeId kBeta{0xB2};
inline constexpr NodeId kCompot{0xC3};
inline constexpr NodeId kOther{0xD4};

inline crypto::Key test_key(NodeId id, std::uint8_t purpose) {
    crypto::Key key{};
    key.fill(static_cast<std::uint8_t>(id.value));
    key[0] = purpose;
    return key;
}

/// A JPEG by its first bytes, for who does not look at it.
inline ByteString test_jpeg(std::size_t bytes) {
    ByteString file(bytes, 0x5A);
    file[0] = file[2] = 0xFF;
    file[1] = 0xD8;
    return file;
}

/// Beta is a Cat that works, the others are edges; Compot and Other publish facts.
inline node::Config enrolled(NodeId self) {
    node::Config config;
    config.self = self;
    config.exchange_secret = test_key(self, 1);
    config.signing_seed = test_key(self, 2);
    config.channel_key = test_key(kHut, 3);
    config.modem = *air::preset("ShortFast");
    config.sites = {learn::Cell{8, 12}};
    config.purse = {20, 20s};
    for (const NodeId id : {kHut, kBeta, kCompot, kOther}) {
        const auto role = id == kBeta ? node::Role::Cat : node::Role::Edge;
        config.members.push({id, role, crypto::exchange_public(test_key(id, 1)),
                             crypto::signing_public(test_key(id, 2)),
                             id == kCompot || id == kOther});
        if (id == self) config.role = role;
    }
    return config;
}

}  // namespace compot::bridge
