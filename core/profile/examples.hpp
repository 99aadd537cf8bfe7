#pragma once

#include <vector>

#include "core/profile/frame.hpp"

/// Three enrolled nodes and one message of each kind, for tests and for the bytes in
/// doc/profile.md.

namespace compot::profile {

inline constexpr PacketId kExampleId = make_packet_id(3, 9);

inline crypto::Key example_key(std::uint8_t fill) {
    crypto::Key key{};
    key.fill(fill);
    return key;
}

inline constexpr NodeId kExampleAlpha{0xA1};
inline constexpr NodeId kExampleBeta{0xB2};
inline constexpr NodeId kExampleGamma{0xC3};

/// Three enrolled nodes of one swarm.
struct ExampleSwarm {
    Keyring alpha{kExampleAlpha, example_key(9)};
    Keyring beta{kExampleBeta, example_key(9)};
    Keyring gamma{kExampleGamma, example_key(9)};

    ExampleSwarm() {
        enrol(alpha, 1, kExampleBeta, 2);
        enrol(alpha, 1, kExampleGamma, 3);
        enrol(beta, 2, kExampleAlpha, 1);
        enrol(beta, 2, kExampleGamma, 3);
        enrol(gamma, 3, kExampleAlpha, 1);
        enrol(gamma, 3, kExampleBeta, 2);
    }

    static void enrol(Keyring& ring, std::uint8_t own, NodeId peer, std::uint8_t peer_secret) {
        COMPOT_CHECK(
            ring.enrol(peer, example_key(own), crypto::exchange_public(example_key(peer_secret))));
    }
};

/// One of each kind, with every field away from its default.
inline std::vector<Message> example_messages() {
    Beacon beacon;
    beacon.boot_nonce = 0x01020304;
    beacon.capability_version = 5;
    beacon.registry_digest = 6;
    beacon.ledger_digest = 7;
    beacon.facts_digest = 8;
    beacon.fix = 0x21;
    beacon.fix_age_4s = 3;
    beacon.battery_percent = 91;
    beacon.state = 4;
    beacon.seeks_echo = true;
    beacon.echoes = {0xAABBCCDD, 2};
    AssistRequest request;
    request.nonce = 77;
    request.attempt = 2;
    request.reason = AssistRequest::Reason::StillBlocked;
    request.fix = 0x45;
    request.fix_age_4s = 1;
    request.battery_percent = 60;
    request.sites_left = 0x00F3;
    request.policy_digest = 0x1122334455667788;
    request.facts_digest = 0x8877665544332211;
    request.transition_count = 8;
    request.transitions = 0xFF12345678;
    request.echoes = {0xAABBCCDD};
    request.kept_out = {0x55};
    request.taken = {0x33, 0x44};
    FactsQuery query;
    query.facts_digest = 5;
    query.have = {1, 2, 3};
    LedgerHeads heads;
    heads.digest = 3;
    heads.heads = {{kExampleAlpha, 1}, {kExampleBeta, 700}};
    const WindowTerms terms{10, 60, 5000};
    return {beacon,
            Capability{{1, 2, 3}},
            CapabilityQuery{kExampleBeta, 3},
            request,
            Offer{kExampleBeta, 77, 5, 40, 800, terms},
            Award{kExampleBeta, 77, 5, terms},
            Progress{kExampleBeta, 77, Progress::Stage::Searching, 12},
            Result{kExampleBeta, 77, Result::Outcome::Unsure, 400},
            Cancel{kExampleBeta, 77, 2},
            Facts{{9, 8, 7}},
            query,
            Window{kExampleBeta, 77, true, terms},
            SuccessAck{{1, 2}},
            Telemetry{1, 60, -500, 10, 900, 50, 3, 4},
            LedgerEntry{{4, 5}},
            heads};
}

}  // namespace compot::profile
