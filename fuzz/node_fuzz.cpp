#include <memory>

#include "core/base/bytes.hpp"
#include "core/node/node.hpp"
#include "core/profile/codec.hpp"
#include "core/profile/frame.hpp"

/// A whole node of either role under whatever members and strangers can send it, with time passing:
/// no check fails, and it never has more to do than its effects hold.
namespace {

using namespace compot;

constexpr NodeId kSelf{0xA1};
constexpr NodeId kPeer{0xB2};

crypto::Key key_of(std::uint8_t fill) {
    crypto::Key key{};
    key.fill(fill);
    return key;
}

node::Config config_of(node::Role role) {
    node::Config config;
    config.self = kSelf;
    config.role = role;
    config.exchange_secret = key_of(1);
    config.signing_seed = key_of(2);
    config.duties.works = role == node::Role::Cat;
    config.duties.patrols = config.duties.classifies = role == node::Role::Edge;
    config.duties.holds_batches_for = kPeer;
    config.sites = {learn::Cell{3, 3}};
    config.waypoints = {learn::Cell{0, 0}, learn::Cell{9, 9}};
    config.members = {
        {kSelf, role, crypto::exchange_public(key_of(1)), crypto::signing_public(key_of(2)), true},
        {kPeer, node::Role::Edge, crypto::exchange_public(key_of(3)),
         crypto::signing_public(key_of(4)), true}};
    return config;
}

/// A message of the fuzzer's making, sealed as the peer would seal it.
void send_as_peer(const profile::Keyring& peer, std::uint32_t sequence, ByteReader& in, Time now,
                  node::Node& node, node::Effects& out) {
    const auto type = static_cast<profile::MessageType>(in.u8() % (profile::kMessageTypeMax + 1));
    const BytesView body = in.take(std::min<std::size_t>(in.u8(), in.rest().size()));
    const auto message = profile::decode_body(type, body);
    if (!message.ok()) return;
    const PacketId id = make_packet_id(1, sequence);
    const auto frame = profile::seal(peer, id, *message);
    if (!frame.ok()) return;
    node.handle(node::Heard{kPeer, id, -9000, 500, 0, frame->view()}, now, out);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    ByteReader in{{data, size}};
    const auto role = (in.u8() & 1U) != 0 ? node::Role::Edge : node::Role::Cat;
    const auto config = std::make_unique<node::Config>(config_of(role));
    const auto node = std::make_unique<node::Node>(*config);
    profile::Keyring peer{kPeer, config->channel_key};
    if (!peer.enrol(kSelf, key_of(3), crypto::exchange_public(key_of(1)))) return 0;

    Time now{};
    const auto out = std::make_unique<node::Effects>();
    node->handle(node::Booted{7}, now, *out);
    for (std::uint32_t sequence = 1; !in.failed() && !in.rest().empty() && sequence < 200;
         ++sequence) {
        out->clear();
        now += std::chrono::milliseconds(in.u8() * 16);
        switch (in.u8() % 7) {
            case 0: send_as_peer(peer, sequence, in, now, *node, *out); break;
            case 1: {
                const BytesView raw = in.take(std::min<std::size_t>(in.u8(), in.rest().size()));
                node->handle(node::Heard{kPeer, PacketId{in.u32()}, -9000, 500, 1, raw}, now, *out);
                break;
            }
            case 2: {
                node::Sensed sensed;
                sensed.at = learn::cell_at(in.u8());
                sensed.fix = learn::cell_at(in.u8());
                sensed.occupied_moves = in.u8() & 0x0FU;
                sensed.battery_percent = static_cast<std::uint8_t>(in.u8() % 101);
                sensed.worked = (in.u8() & 1U) != 0;
                node->handle(sensed, now, *out);
                break;
            }
            case 3: {
                const BytesView output =
                    in.take(std::min<std::size_t>(in.u8() % 5, in.rest().size()));
                node->handle(node::RunEnded{in.u8(), true, output}, now, *out);
                break;
            }
            case 4: {
                const auto what = static_cast<learn::TileClass>(in.u8() % learn::kTileClasses);
                node->handle(node::Shown{learn::cell_at(in.u8()), what, in.u16()}, now, *out);
                break;
            }
            case 5: node->handle(node::Withdrawn{in.u32()}, now, *out); break;
            default: node->handle(node::Woke{}, now, *out);
        }
    }
    return 0;
}
