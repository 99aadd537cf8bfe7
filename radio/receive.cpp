#include <algorithm>
#include <utility>

#include "core/base/check.hpp"
#include "radio/cipher.hpp"
#include "radio/self.hpp"
#include "radio/signature.hpp"

/// Frames on their way in: met before or not, readable or not, for our client or not.

namespace compot::radio {

void Radio::Self::receive(const Received& event, Time now, Effects& out) {
    ++counters.received;
    mac.heard(event.airtime, now, random);
    const Result<Header> decoded = decode_header(event.frame);
    if (!decoded.ok()) {
        ++counters.malformed;
        verdict = Verdict::Malformed;
        return;
    }
    Header header = *decoded;
    if (header.hop_start == 0) {  // before 2.3 these two bytes were not set
        header.next_hop = kNoHop;
        header.relay_node = kNoHop;
    }
    // A relayed copy of a packet of ours ends its own wait below.
    postpone(PacketId{}, event.airtime);
    if (header.from == identity.self) {
        own_packet_heard(header, out);
    } else if (const auto known = history.find(header.from, header.id);
               known != History::kNowhere) {
        duplicate(event, header, known, now, out);
    } else {
        fresh(event, header, now, out);
    }
}

/// Neighbours that the header names are those of another place.
void Radio::Self::take_bridged(const Bridged& event, Time now, Effects& out) {
    const Result<Header> decoded = decode_header(event.frame);
    if (!decoded.ok()) {
        ++counters.malformed;
        verdict = Verdict::Malformed;
        return;
    }
    Header header = *decoded;
    header.next_hop = kNoHop;
    header.relay_node = kNoHop;
    if (header.from == identity.self || history.find(header.from, header.id) != History::kNowhere) {
        ++counters.duplicates;
        verdict = Verdict::Duplicate;
        return;
    }
    Received received;
    received.frame = event.frame;
    fresh(received, header, now, out);
}

void Radio::Self::own_packet_heard(const Header& header, Effects& out) {
    ++counters.duplicates;
    verdict = Verdict::Duplicate;
    if (const auto known = history.find(header.from, header.id); known != History::kNowhere) {
        History::Record record = history.at(known);
        record.heard_from(name, header);
        history.renew(known, record);
    }
    // Somebody carries it on: that will do for a broadcast; a destination confirms by itself.
    const Pending* const waits = awaited(header.from, header.id);
    if (waits == nullptr) return;
    const bool told = waits->told;
    stop_sending(header.from, header.id);
    if (told) out.emplace_back(Settled{header.id, identity.self, mesh::RoutingError::NoError});
}

void Radio::Self::remember(const Header& header) {
    History::Record made;
    made.next_hop = header.next_hop;
    made.hop_limit = header.hop_limit;
    history.insert(header.from, header.id, made);
}

/// Who sent this itself, and not through others, is in reach of us.
void Radio::Self::notice_neighbour(const Header& header, Time now) {
    if (header.hop_start == 0 || header.hop_start != header.hop_limit || header.via_mqtt) return;
    peers.heard_directly(header.from, now);
}

bool Radio::Self::open_for_us(const Received& event, const Header& header, Packet& packet) const {
    if (header.to != identity.self || !identity.exchange_secret.has_value()) return false;
    const BytesView sealed = event.frame.subspan(kHeaderBytes);
    if (sealed.size() <= kPkcOverheadBytes) return false;
    const crypto::Key* const peer = peers.key(header.from);
    if (peer == nullptr) return false;
    Result<mesh::Data> data = Error::Unknown;
    if (event.opened != nullptr) {
        data = *event.opened;
    } else if (!settings->encrypts) {
        data = mesh::decode_data(sealed.first(sealed.size() - kPkcOverheadBytes));
    } else {
        const Result<crypto::Key> key = pkc_key(*identity.exchange_secret, *peer);
        if (!key.ok()) return false;
        const Result<Sealed> clear = open_pkc(*key, header.from, header.id, sealed);
        if (!clear.ok()) return false;
        data = mesh::decode_data(clear->view());
    }
    if (!data.ok()) return false;
    packet.data = *data;
    packet.pkc = true;
    return true;
}

Opening Radio::Self::open_channel(const Received& event, const Header& header,
                                  Packet& packet) const {
    const BytesView sealed = event.frame.subspan(kHeaderBytes);
    // PKC for us from somebody whose key we know was tried before, and did not open.
    Opening result = header.channel_hash == kPkcChannelHash && header.to == identity.self &&
                             identity.exchange_secret.has_value() &&
                             peers.key(header.from) != nullptr
                         ? Opening::Unreadable
                         : Opening::Foreign;
    for (std::size_t i = 0; i < settings->channels.size(); ++i) {
        const Channel& channel = settings->channels[i];
        if (!channel.enabled || channel.hash != header.channel_hash) continue;
        packet.channel = static_cast<std::uint8_t>(i);
        if (event.opened != nullptr) {
            packet.data = *event.opened;
            return Opening::Open;
        }
        Bytes<kFrameBytesMax> clear;
        COMPOT_CHECK(clear.assign(sealed));
        if (settings->encrypts) {
            crypt_channel(channel.key, header.from, header.id,
                          MutableBytes{clear.data(), clear.size()});
        }
        if (const Result<mesh::Data> data = mesh::decode_data(clear.view()); data.ok()) {
            packet.data = *data;
            return Opening::Open;
        }
        result = Opening::Unreadable;
    }
    return result;
}

/// 2.8's rules; older firmware knows no signatures and ignores them.
bool Radio::Self::signature_holds(const Header& header, mesh::Data& data, bool& valid) const {
    if (settings->firmware == Firmware::V27 || !settings->encrypts) return true;
    if (data.signature.empty()) {
        if (settings->signatures == SignaturePolicy::Strict) return false;
        return settings->signatures == SignaturePolicy::Compatible || header.to != kBroadcast ||
               !peers.signs(header.from) || !signature_fits(data);
    }
    if (data.signature.size() != crypto::kSignatureBytes) return false;
    const crypto::Key* key = peers.key(header.from);
    crypto::Key introduced{};
    if (key == nullptr && data.portnum == mesh::port::kNodeInfo) {
        if (const auto named = introduced_key(data)) {
            introduced = *named;
            key = &introduced;
        }
    }
    if (key == nullptr) return true;
    valid = verify_broadcast(*key, header.from, header.id, data);
    return valid;
}

Opening Radio::Self::open(const Received& event, const Header& header, Packet& packet) const {
    packet.to = header.to;
    packet.from = header.from;
    packet.id = header.id;
    packet.hop_limit = header.hop_limit;
    packet.hop_start = header.hop_start;
    packet.next_hop = header.next_hop;
    packet.relay_node = header.relay_node;
    packet.want_ack = header.want_ack;
    packet.via_mqtt = header.via_mqtt;
    packet.rssi_cdbm = event.rssi_cdbm;
    packet.snr_cdb = event.snr_cdb;
    if (header.channel_hash == kPkcChannelHash && open_for_us(event, header, packet)) {
        return Opening::Open;
    }
    const Opening result = open_channel(event, header, packet);
    if (result != Opening::Open) return result;
    return signature_holds(header, packet.data, packet.signature_valid) ? Opening::Open
                                                                        : Opening::Forged;
}

/// A sender that wants to know is told why we can't read what it sent us.
void Radio::Self::refuse_unreadable(const Header& header, Time now, Effects& out) {
    if (header.to != identity.self || !header.want_ack) return;
    const bool pkc = header.channel_hash == kPkcChannelHash;
    if (pkc && peers.key(header.from) != nullptr) return;
    reply(header.from, header.id, 0, settings->hop_limit, false,
          pkc ? mesh::RoutingError::PkiUnknownPubkey : mesh::RoutingError::NoChannel, now, out);
}

/// 2.8 drops text to us alone under the channel's key: it should have been PKC.
bool Radio::Self::legacy_direct_text(const Packet& packet) const {
    return settings->firmware != Firmware::V27 && identity.exchange_secret.has_value() &&
           packet.to == identity.self && packet.data.portnum == mesh::port::kText && !packet.pkc;
}

void Radio::Self::fresh(const Received& event, const Header& header, Time now, Effects& out) {
    Packet packet;
    const Opening opening =
        mode == RebroadcastMode::AllSkipDecoding ? Opening::Foreign : open(event, header, packet);
    // July's 2.8 forgot at once what it could not read, and relayed every copy.
    const bool opaque = opening == Opening::Foreign || opening == Opening::Unreadable;
    if (!opaque || settings->firmware != Firmware::V28July) remember(header);
    notice_neighbour(header, now);
    if (opening == Opening::Forged) {
        ++counters.forged;
        verdict = Verdict::Refused;
        return;
    }
    if (opaque) {
        verdict = Verdict::Opaque;
        ++(opening == Opening::Unreadable ? counters.unreadable : counters.opaque);
        if (may_relay(header, nullptr, opening == Opening::Unreadable)) {
            relay(event, header, nullptr, now, out);
        }
        refuse_unreadable(header, now, out);
        return;
    }
    if (packet.signature_valid) peers.set_signs(header.from);
    if (mode == RebroadcastMode::CorePortnumsOnly && !policy::core_port(packet.data.portnum)) {
        ++counters.refused;
        verdict = Verdict::Refused;
        return;
    }
    verdict = Verdict::Fresh;
    if (packet.data.request_id != 0) answer_seen(packet, now);
    if (may_relay(header, &packet, true)) relay(event, header, &packet, now, out);
    const bool for_us = header.to == identity.self;
    if ((!for_us && header.to != kBroadcast) || legacy_direct_text(packet)) return;
    note_route(packet);
    const bool route_asked =
        for_us && packet.data.portnum == mesh::port::kTraceroute && packet.data.want_response;
    if (route_asked) {
        answer_traceroute(packet, now, out);  // which is acknowledgement enough
    } else if (for_us && header.want_ack) {
        acknowledge(packet, now, out);
    }
    if (for_us) take_acknowledgement(packet, out);
    take_introduction(packet, now, out);
    if (!for_us) wonder_who(packet, now);
    std::get<Deliver>(out.emplace_back(std::in_place_type<Deliver>)).packet = packet;
}

}  // namespace compot::radio
