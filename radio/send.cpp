#include <algorithm>
#include <array>
#include <utility>

#include "core/base/check.hpp"
#include "radio/cipher.hpp"
#include "radio/self.hpp"
#include "radio/signature.hpp"

/// The client's packets on their way out.

namespace compot::radio {
namespace {

/// How often a packet that wants an acknowledgement is sent in all, and one that is only handed to
/// a chosen neighbour. The later 2.8 sends to one destination more often. SOURCE: firmware#11320.
constexpr std::uint8_t kTransmissions = 3;
constexpr std::uint8_t kTransmissionsToOne = 5;
constexpr std::uint8_t kTransmissionsOfRoute = 2;

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

void Radio::Self::sign(const Packet& packet, mesh::Data& data) {
    data.signature.clear();
    if (settings->firmware == Firmware::V27 || packet.to != kBroadcast) return;
    if (!signature_fits(data)) return;
    if (!settings->encrypts) {
        data.signature.resize(crypto::kSignatureBytes);  // as long as a real one
        return;
    }
    if (!identity.exchange_secret.has_value()) return;
    std::array<std::uint8_t, 64> nonce{};
    for (std::uint8_t& byte : nonce) byte = static_cast<std::uint8_t>(random.next32());
    COMPOT_CHECK(data.signature.assign(
        sign_broadcast(*identity.exchange_secret, identity.self, packet.id, data, nonce)));
}

mesh::RoutingError Radio::Self::seal_for_one(const Packet& packet, BytesView clear, Waiting& item) {
    item.header.channel_hash = kPkcChannelHash;
    const std::uint32_t extra_nonce = random.next32();
    if (!settings->encrypts) {
        if (clear.size() + kPkcOverheadBytes > item.payload.capacity()) {
            return mesh::RoutingError::TooLarge;
        }
        COMPOT_CHECK(item.payload.assign(clear));
        item.payload.resize(clear.size() + kPkcOverheadBytes);
        return mesh::RoutingError::NoError;
    }
    const Result<crypto::Key> key = pkc_key(*identity.exchange_secret, *peers.key(packet.to));
    if (!key.ok()) return mesh::RoutingError::PkiFailed;
    const Result<Sealed> sealed = seal_pkc(*key, identity.self, packet.id, extra_nonce, clear);
    if (!sealed.ok()) return mesh::RoutingError::TooLarge;
    item.payload = *sealed;
    return mesh::RoutingError::NoError;
}

mesh::RoutingError Radio::Self::seal(const Packet& packet, Waiting& item) {
    if (packet.channel >= settings->channels.size()) return mesh::RoutingError::NoChannel;
    const Channel& channel = settings->channels[packet.channel];
    if (!channel.enabled) return mesh::RoutingError::NoChannel;
    mesh::Data data = packet.data;
    data.bitfield = (data.bitfield.value_or(0) & ~2U) | (data.want_response ? 2U : 0U);
    sign(packet, data);

    std::array<std::uint8_t, mesh::kDataBytesMax> buffer{};
    const Result<BytesView> clear = mesh::encode(data, buffer);
    if (!clear.ok()) return mesh::RoutingError::TooLarge;

    item.header.to = packet.to;
    item.header.from = identity.self;
    item.header.id = packet.id;
    item.header.hop_limit = packet.hop_limit;
    item.header.hop_start = packet.hop_start;
    item.header.want_ack = packet.want_ack && packet.to != kBroadcast;
    item.header.next_hop = packet.next_hop;
    item.header.relay_node = name;
    item.priority = packet.priority == Priority::Unset
                        ? implied_priority(packet.data, packet.want_ack)
                        : packet.priority;
    item.own = true;

    if (identity.exchange_secret.has_value() && policy::wants_pkc(packet)) {
        if (peers.key(packet.to) != nullptr) return seal_for_one(packet, *clear, item);
        // Until 2.7 it fell back to the channel's key.
        if (packet.pkc || settings->firmware != Firmware::V27) {
            return mesh::RoutingError::PkiSendFailPublicKey;
        }
    }
    COMPOT_CHECK(item.payload.assign(*clear));
    item.header.channel_hash = channel.hash;
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
    packet.next_hop = route_to(packet.to, kNoHop, now);
    if (duty_used_up(now)) {
        ++counters.duty_drops;
        return mesh::RoutingError::DutyCycleLimit;
    }
    WaitingList made(1);
    const Waiting& item = made.front();
    const mesh::RoutingError error = seal(packet, made.front());
    if (error != mesh::RoutingError::NoError) return error;
    remember_own(packet);
    PendingList kept;
    if (packet.want_ack) {
        const bool more = settings->firmware == Firmware::V28Fixed && packet.to != kBroadcast;
        kept = to_send_again(item, more ? kTransmissionsToOne : kTransmissions, true, now);
    } else if (packet.next_hop != kNoHop && packet.hop_limit > 0) {
        kept = to_send_again(item, kTransmissionsOfRoute, false, now);
    }
    if (!enqueue(std::move(made), now, out)) return mesh::RoutingError::BadRequest;
    keep_sending(std::move(kept));
    return mesh::RoutingError::NoError;
}

/// What a client gives us twice under one id keeps its age.
void Radio::Self::remember_own(const Packet& packet) {
    const History::Place known = history.find(identity.self, packet.id);
    History::Record record = known == History::kNowhere ? History::Record{} : history.at(known);
    record.next_hop = packet.next_hop;
    record.hop_limit = packet.hop_limit;
    record.sent_by(name, packet.hop_limit);
    if (known == History::kNowhere) {
        history.insert(identity.self, packet.id, record);
    } else {
        history.put(known, record);
    }
}

bool Radio::Self::enqueue(WaitingList item, Time now, Effects& out) {
    WaitingList evicted;
    if (!mac.push(std::move(item), now, random, evicted)) {
        ++counters.queue_drops;
        return false;
    }
    for (const Waiting& gone : evicted) {
        ++counters.queue_drops;
        if (gone.own) out.emplace_back(Queued{gone.header.id, mesh::RoutingError::BadRequest, 0});
    }
    return true;
}

void Radio::Self::transmit(const Waiting& item, Effects& out) {
    Transmit& effect = std::get<Transmit>(out.emplace_back(std::in_place_type<Transmit>));
    const auto header = encode(item.header);
    effect.frame.resize(header.size() + item.payload.size());
    std::copy(item.payload.begin(), item.payload.end(),
              std::copy(header.begin(), header.end(), effect.frame.begin()));
    effect.airtime = *air::airtime(settings->modem, effect.frame.size());
    effect.relayed = !item.own;
    ++(item.own ? counters.sent : counters.relayed);
    on_air_id = item.header.id;
    on_air_us = static_cast<std::uint32_t>(to_us(effect.airtime));
}

}  // namespace compot::radio
