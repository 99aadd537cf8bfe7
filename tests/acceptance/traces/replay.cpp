#include "tests/acceptance/traces/replay.hpp"

#include <algorithm>
#include <array>

#include "core/base/check.hpp"
#include "core/mesh/client.hpp"
#include "radio/cipher.hpp"
#include "radio/pkc.hpp"
#include "radio/testbed.hpp"

namespace compot::traces {

namespace {

using radio::Testbed;

/// Longer than any retry: what a situation began has ended.
constexpr Duration kSilence = 120s;
/// In the pair's log a situation follows upon the other, and who asks twice in a minute is not
/// answered.
constexpr Duration kPause = 9s;
/// The pair's log tells it in its traceroute.
constexpr std::int16_t kSnrCdb = 600;
/// Before the pair's log begins, its radios have told each other who they are, long enough ago that
/// they would do so again.
constexpr Duration kEarlier = 7min;
constexpr NodeId kStranger{0x3CF3D6A4};

crypto::Key secret_of(NodeId id) {
    crypto::Key secret{};
    Random random(id.value);
    for (std::uint8_t& byte : secret) byte = static_cast<std::uint8_t>(random.below(256));
    return secret;
}

crypto::Key public_of(NodeId id) { return crypto::exchange_public(secret_of(id)); }

radio::Settings settings_of_july() {
    radio::Settings settings = Testbed::default_settings();
    settings.firmware = radio::Firmware::V28July;  // the logs are of 2.8.0
    settings.knows_time = false;                   // and nobody told those radios the time
    return settings;
}

Happening told(std::size_t node, std::uint32_t id, NodeId by, mesh::RoutingError error) {
    Happening made;
    made.kind = Happening::Kind::Told;
    made.node = static_cast<int>(node);
    made.origin = by.value;
    made.id = id;
    made.error = static_cast<int>(error);
    return made;
}

/// What the testbed saw, as the logs tell it.
class Observer {
public:
    explicit Observer(const radio::Channel& channel) : channel_(channel) {}

    [[nodiscard]] std::vector<Happening> take(Testbed& bed, std::size_t nodes) const {
        std::vector<Happening> found;
        for (const Testbed::Sent& sent : bed.sent()) found.push_back(on_air(sent));
        for (std::size_t node = 0; node < nodes; ++node) {
            for (const auto& each : bed.told<radio::Deliver>(node)) {
                found.push_back(delivered(node, each.packet));
            }
            for (const auto& each : bed.told<radio::Settled>(node)) {
                found.push_back(told(node, each.id.value, each.by, each.error));
            }
            for (const auto& each : bed.told<radio::Queued>(node)) {
                if (each.error != mesh::RoutingError::NoError) {
                    found.push_back(told(node, each.id.value, {}, each.error));
                }
            }
        }
        bed.forget();
        return found;
    }

private:
    [[nodiscard]] Happening on_air(const Testbed::Sent& sent) const {
        const radio::Header& header = sent.header;
        Happening made;
        made.kind = Happening::Kind::Sent;
        made.at_s = static_cast<double>(to_us(sent.at)) / 1e6;
        made.node = static_cast<int>(sent.radio);
        made.origin = header.from.value;
        made.to = header.to.value;
        made.id = header.id.value;
        made.frame = sent.frame.size();
        made.hop_limit = header.hop_limit;
        made.hop_start = header.hop_start;
        made.ack = header.want_ack;
        made.next_hop = header.next_hop;
        made.relay = header.relay_node;
        made.channel_hash = header.channel_hash;
        if (header.channel_hash != channel_.hash) return made;
        std::vector<std::uint8_t> clear(sent.frame.begin() + radio::kHeaderBytes, sent.frame.end());
        radio::crypt_channel(channel_.key, header.from, header.id, clear);
        const auto data = mesh::decode_data(clear);
        COMPOT_CHECK(data.ok());
        made.port = data->portnum;
        made.request = data->request_id;
        made.bytes = data->payload.size();
        return made;
    }

    [[nodiscard]] static Happening delivered(std::size_t node, const radio::Packet& packet) {
        Happening made;
        made.kind = Happening::Kind::Told;
        made.node = static_cast<int>(node);
        made.origin = packet.from.value;
        made.to = packet.to.value;
        made.id = packet.id.value;
        made.port = packet.data.portnum;
        made.request = packet.data.request_id;
        made.bytes = packet.data.payload.size();
        made.hop_limit = packet.hop_limit;
        made.hop_start = packet.hop_start;
        return made;
    }

    radio::Channel channel_;
};

radio::Packet packet_of(const Happening& send) {
    radio::Packet made;
    made.to = NodeId{send.to};
    made.id = PacketId{send.id};
    made.want_ack = send.ack;
    made.data.portnum = send.port;
    // More than 233 bytes do not get past the client API: they fail to decode.
    made.data.payload.resize(std::min(send.bytes, mesh::kDataPayloadMax));
    return made;
}

std::array<NodeId, 3> chain_nodes() {
    return {NodeId{0x51B00D45}, NodeId{0x52D2992B}, NodeId{0x0BA5C8F9}};
}

/// The stranger's frame: what its log calls len is the payload's or the frame's, so the payload's
/// size is chosen such that its relays' frames can be compared.
radio::Frame stranger_frame(const Happening& send, const radio::Channel& channel) {
    radio::Header header;
    header.to = NodeId{send.to};
    header.from = kStranger;
    header.id = PacketId{send.id};
    header.want_ack = send.ack;
    header.channel_hash = send.pkc ? radio::kPkcChannelHash : channel.hash;
    header.relay_node = radio::short_name(kStranger);
    mesh::Data data;
    data.portnum = send.port;
    data.want_response = send.port == mesh::port::kNodeInfo || send.port == mesh::port::kTraceroute;
    if (send.port == mesh::port::kNodeInfo) {
        compot_pb_User user = compot_pb_User_init_zero;
        std::array<std::uint8_t, mesh::kDataPayloadMax> buffer{};
        COMPOT_CHECK(data.payload.assign(*mesh::encode(user, buffer)));
    }
    // Then filled up to the log's size: names and keys of the stranger's own.
    const std::size_t overhead = send.pkc ? radio::kPkcOverheadBytes : 0;
    std::vector<std::uint8_t> clear;
    for (std::size_t size = data.payload.size(); size <= mesh::kDataPayloadMax; ++size) {
        data.payload.resize(size);
        std::array<std::uint8_t, mesh::kDataBytesMax> buffer{};
        const auto bytes = mesh::encode(data, buffer);
        COMPOT_CHECK(bytes.ok());
        clear.assign(bytes->begin(), bytes->end());
        if (radio::kHeaderBytes + clear.size() + overhead >= send.bytes) break;
    }
    radio::Frame frame;
    COMPOT_CHECK(frame.assign(radio::encode(header)));
    if (send.pkc) {
        const auto key = radio::pkc_key(secret_of(kStranger), public_of(NodeId{send.to}));
        const auto sealed = radio::seal_pkc(*key, header.from, header.id, 77, clear);
        for (const std::uint8_t byte : *sealed) frame.push(byte);
    } else {
        radio::crypt_channel(channel.key, header.from, header.id, clear);
        for (const std::uint8_t byte : clear) frame.push(byte);
    }
    return frame;
}

Duration seconds(double value) { return Duration{static_cast<std::int64_t>(value * 1e6)}; }

void run_until(Testbed& bed, Time at) {
    if (at > bed.now()) bed.run(at - bed.now());
}

}  // namespace

std::vector<std::vector<Happening>> replay_chain(const std::vector<Situation>& situations,
                                                 std::uint64_t seed) {
    Testbed bed(settings_of_july(), seed);
    bed.let_overlap();  // the script that joined the simulated radios knew no collisions
    for (const NodeId id : chain_nodes()) bed.add(id);
    const Observer observer(Testbed::default_settings().channels[0]);
    std::vector<std::vector<Happening>> ours;
    Duration late{};
    for (const Situation& situation : situations) {
        if (situation.bed != "chain") continue;
        bed.link(0, 1, kSnrCdb);
        bed.link(1, 2, kSnrCdb);
        if (situation.title.rfind("dead link", 0) == 0) {
            bed.cut(0, 1);
            bed.cut(1, 2);
        }
        for (const Happening& send : situation.happened) {
            if (send.kind != Happening::Kind::Send) continue;
            run_until(bed, Time{seconds(send.at_s) + late});
            if (send.bytes > mesh::kDataPayloadMax) continue;
            bed.submit(static_cast<std::size_t>(send.node), packet_of(send));
        }
        const Time before = bed.now();
        bed.run(kSilence);
        late += bed.now() - before;
        ours.push_back(observer.take(bed, chain_nodes().size()));
    }
    return ours;
}

std::vector<std::vector<Happening>> replay_pair(const std::vector<Situation>& situations,
                                                std::uint64_t seed) {
    const std::array nodes{NodeId{0x579BAF4A}, NodeId{0x3765846D}};
    const auto settings = std::make_shared<const radio::Settings>(settings_of_july());
    Testbed bed(*settings, seed);
    for (const NodeId id : nodes) {
        radio::Identity identity;
        identity.self = id;
        identity.exchange_secret = secret_of(id);
        identity.introduction = radio::Introduction{"Meshtastic af4a", "af4a", 37, 3h};
        bed.add(identity, settings);
    }
    bed.link(0, 1, kSnrCdb);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        bed.radio(i).learn_key(nodes[1 - i], public_of(nodes[1 - i]));
        bed.radio(i).learn_key(kStranger, public_of(kStranger));
    }
    bed.run(kEarlier);
    bed.forget();
    const radio::Channel& channel = settings->channels[0];
    const Observer observer(channel);
    std::vector<std::vector<Happening>> ours;
    Duration late = kEarlier;
    for (const Situation& situation : situations) {
        if (situation.bed != "pair") continue;
        run_until(bed, Time{late + seconds(situation.happened.front().at_s)});
        if (situation.title == "nodeinfo ping") bed.introduce(0);
        for (const Happening& send : situation.happened) {
            if (send.kind != Happening::Kind::Send) continue;
            run_until(bed, Time{late + seconds(send.at_s)});
            if (send.node < 2) {
                bed.submit(static_cast<std::size_t>(send.node), packet_of(send));
                continue;
            }
            const radio::Frame frame = stranger_frame(send, channel);
            for (std::size_t i = 0; i < nodes.size(); ++i) bed.inject(i, frame, kSnrCdb);
        }
        late += kPause;
        run_until(bed, Time{late + seconds(situation.happened.back().at_s)});
        ours.push_back(observer.take(bed, nodes.size()));
    }
    return ours;
}

}  // namespace compot::traces
