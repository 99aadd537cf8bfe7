#pragma once

#include <memory>

#include "radio/testbed.hpp"

/// What the tests of situations have in common: nodes in a row, one firmware.

namespace compot::radio {

inline constexpr NodeId kA{0x579BAF4A};
inline constexpr NodeId kB{0x3765846D};
inline constexpr NodeId kC{0x3CF3D6A4};
inline constexpr NodeId kD{0x0BA5C8F9};

inline crypto::Key secret_of(NodeId id) {
    crypto::Key secret{};
    Random random(id.value);
    for (std::uint8_t& byte : secret) byte = static_cast<std::uint8_t>(random.below(256));
    return secret;
}

inline Packet message(std::uint32_t id, NodeId to, std::uint32_t portnum, bool want_ack = false) {
    Packet made;
    made.id = PacketId{id};
    made.to = to;
    made.want_ack = want_ack;
    made.data.portnum = portnum;
    made.data.payload.resize(4);
    return made;
}

inline Settings with_firmware(Firmware firmware) {
    Settings settings = Testbed::default_settings();
    settings.firmware = firmware;
    return settings;
}

/// Nodes in a row, all alike but for what a test changes before it adds them.
struct World {
    explicit World(Firmware firmware = Firmware::V28Fixed)
        : settings(std::make_shared<Settings>(with_firmware(firmware))), bed(*settings) {}

    std::size_t add(NodeId self, bool keys = false, Role role = Role::Client) {
        Identity identity;
        identity.self = self;
        identity.role = role;
        if (keys) identity.exchange_secret = secret_of(self);
        return add(identity);
    }

    std::size_t add(const Identity& identity) {
        const std::size_t index = bed.add(identity, settings);
        if (index > 0) bed.link(index - 1, index);
        return index;
    }

    void introduce(std::size_t node, NodeId other) {
        bed.radio(node).learn_key(other, crypto::exchange_public(secret_of(other)));
    }

    std::shared_ptr<Settings> settings;
    Testbed bed;
};

}  // namespace compot::radio
