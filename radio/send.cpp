#include <algorithm>
#include <array>
#include <utility>

#include "core/base/check.hpp"
#include "radio/cipher.hpp"
#include "radio/self.hpp"

/// The client's packets on their way out.

namespace compot::radio {
namespace {

/// How often a packet that wants an acknowledgement is sent in all.
constexpr std::uint8_t kTransmissions = 3;

}  // namespace

PacketId Radio::Self::fresh_id() {
    // Ten bits that count, and twenty-two of chance; 0 names no packet.
    ++next_counter;
    const std::uint32_t id = (random.next32() << 10U) | (next_counter & 0x3FFU);
    return PacketId{id == 0 ? 1 : id};
}

bool Radio::Self::duty_used_up(Time now) const {
    return settings->duty_cycle_permille < 1000 &&
           mac.log().duty_permille(now) > settings->duty_cycle_permille;
}

mesh::RoutingError Radio::Self::seal(const Packet& packet, Waiting& item) const {
    if (packet.channel >= settings->channels.size()) return mesh::RoutingError::NoChannel;
    const Channel& channel = settings->channels[packet.channel];
    mesh::Data data = packet.data;
    data.bitfield = (data.bitfield.value_or(0) & ~2U) | (data.want_response ? 2U : 0U);

    std::array<std::uint8_t, mesh::kDataBytesMax> buffer{};
    const Result<BytesView> bytes = mesh::encode(data, buffer);
    if (!bytes.ok()) return mesh::RoutingError::TooLarge;
    COMPOT_CHECK(item.payload.assign(*bytes));

    item.header.to = packet.to;
    item.header.from = identity.self;
    item.header.id = packet.id;
    item.header.hop_limit = packet.hop_limit;
    item.header.hop_start = packet.hop_start;
    item.header.want_ack = packet.want_ack && packet.to != kBroadcast;
    item.header.channel_hash = channel.hash;
    item.header.relay_node = name;
    item.priority = packet.priority == Priority::Unset
                        ? implied_priority(packet.data, packet.want_ack)
                        : packet.priority;
    item.own = true;
    if (settings->encrypts) {
        crypt_channel(channel.key, identity.self, packet.id,
                      MutableBytes{item.payload.data(), item.payload.size()});
    }
    return mesh::RoutingError::NoError;
}

void Radio::Self::submit(const Packet& packet, Time now, Effects& out) {
    Packet chosen = packet;
    if (chosen.id.value == 0) chosen.id = fresh_id();
    const mesh::RoutingError error = originate(chosen, now, out);
    out.emplace_back(Queued{chosen.id, error, static_cast<std::uint8_t>(mac.queue().free())});
}

mesh::RoutingError Radio::Self::originate(Packet packet, Time now, Effects& out) {
    packet.from = identity.self;
    if (packet.hop_limit > kHopsMax) packet.hop_limit = kHopsDefault;
    // With an acknowledgement wanted, no hops means the usual number; without, it means none.
    if (packet.hop_limit == 0 && packet.want_ack) packet.hop_limit = settings->hop_limit;
    packet.hop_start = packet.hop_limit;
    if (duty_used_up(now)) {
        ++counters.duty_drops;
        return mesh::RoutingError::DutyCycleLimit;
    }
    Waiting item;
    const mesh::RoutingError error = seal(packet, item);
    if (error != mesh::RoutingError::NoError) return error;
    if (history.find(identity.self, packet.id) == nullptr) {
        history.insert(identity.self, packet.id, now);
    }
    if (!enqueue(item, now, out)) return mesh::RoutingError::BadRequest;
    if (packet.want_ack) keep_sending(item, kTransmissions, now);
    return mesh::RoutingError::NoError;
}

bool Radio::Self::enqueue(const Waiting& item, Time now, Effects& out) {
    std::unique_ptr<Waiting> evicted;
    if (!mac.push(std::make_unique<Waiting>(item), now, random, &evicted)) {
        ++counters.queue_drops;
        return false;
    }
    if (evicted != nullptr) {
        ++counters.queue_drops;
        if (evicted->own) {
            out.emplace_back(Queued{evicted->header.id, mesh::RoutingError::BadRequest, 0});
        }
    }
    return true;
}

void Radio::Self::transmit(std::unique_ptr<Waiting> item, Effects& out) {
    Transmit effect;
    const auto header = encode(item->header);
    COMPOT_CHECK(effect.frame.assign(header));
    for (const std::uint8_t byte : item->payload) effect.frame.push(byte);
    effect.airtime = *air::airtime(settings->modem, effect.frame.size());
    effect.relayed = !item->own;
    ++(item->own ? counters.sent : counters.relayed);
    on_air = effect.airtime;
    out.emplace_back(std::move(effect));
}

}  // namespace compot::radio
