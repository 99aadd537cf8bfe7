#include <algorithm>
#include <utility>

#include "core/base/check.hpp"
#include "radio/cipher.hpp"
#include "radio/self.hpp"

/// Frames on their way in: met before or not, ours to relay or not, for our client or not.

namespace compot::radio {

/// Takes part in relaying at all.
bool Radio::Self::relays() const {
    return identity.role != Role::ClientMute && identity.rebroadcast != RebroadcastMode::None;
}

/// Never gives up a relay because somebody else was quicker.
bool Radio::Self::routes() const {
    return identity.role == Role::Router || identity.role == Role::RouterLate;
}

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
    postpone(event.airtime);
    if (header.from == identity.self) {
        own_packet_heard(header, now, out);
        return;
    }
    History::Record* const record = history.find(header.from, header.id);
    if (record != nullptr) {
        duplicate(event, header, *record, now, out);
        return;
    }
    History::Record& made = history.insert(header.from, header.id, now);
    made.next_hop = header.next_hop;
    made.hop_limit = header.hop_limit;
    made.add_relayer(header.relay_node);
    fresh(event, header, now, out);
}

void Radio::Self::own_packet_heard(const Header& header, Time now, Effects& out) {
    ++counters.duplicates;
    verdict = Verdict::Duplicate;
    if (History::Record* const record = history.find(header.from, header.id)) {
        record->add_relayer(header.relay_node);
        history.touch(*record, now);
    }
    // Somebody carries it on: that will do for a broadcast; a destination confirms by itself.
    if (stop_sending(header.from, header.id)) {
        out.emplace_back(Settled{header.id, identity.self, mesh::RoutingError::NoError});
    }
}

void Radio::Self::duplicate(const Received& event, const Header& header, History::Record& record,
                            Time now, Effects& out) {
    ++counters.duplicates;
    verdict = Verdict::Duplicate;
    const bool upgraded = header.hop_limit > record.hop_limit;
    const bool we_were_next_hop = record.next_hop == name;
    const bool fell_back = record.next_hop != kNoHop && !we_were_next_hop &&
                           header.next_hop == kNoHop && header.relay_node != kNoHop &&
                           !record.relayed_by(header.relay_node) && !record.relayed_by(name) &&
                           !record.relayed_by(record.next_hop);
    record.hop_limit = std::max(record.hop_limit, header.hop_limit);
    record.add_relayer(header.relay_node);
    history.touch(record, now);

    if (upgraded && upgrade(event, header, now, out)) return;
    static_cast<void>(stop_sending(header.from, header.id));
    const bool repeated = header.hop_start > 0 && header.hop_start == header.hop_limit;
    if (fell_back || repeated) {
        if (mac.queue().find(header.from, header.id) != nullptr) return;
        if (relay(event, header, nullptr, now, out) || fell_back) return;
        Packet packet;
        if (header.to == identity.self && header.want_ack && open(event, header, packet)) {
            reply(header.from, header.id, packet.channel, 0, false, mesh::RoutingError::NoError,
                  now, out);
        }
        return;
    }
    if (we_were_next_hop || routes()) {
        if (identity.role == Role::RouterLate) mac.make_late(header.from, header.id, now);
        return;
    }
    if (mac.cancel(header.from, header.id) != nullptr) ++counters.relays_cancelled;
}

/// A copy that may travel farther than the one we have queued takes its place.
bool Radio::Self::upgrade(const Received& event, const Header& header, Time now, Effects& out) {
    Waiting* const waiting = mac.queue().find(header.from, header.id);
    if (waiting == nullptr || waiting->header.hop_limit >= header.hop_limit - 1) return false;
    static_cast<void>(mac.cancel(header.from, header.id));
    static_cast<void>(relay(event, header, nullptr, now, out));
    return true;
}

bool Radio::Self::open(const Received& event, const Header& header, Packet& packet) const {
    const BytesView sealed = event.frame.subspan(kHeaderBytes);
    for (std::size_t i = 0; i < settings->channels.size(); ++i) {
        const Channel& channel = settings->channels[i];
        if (channel.hash != header.channel_hash) continue;
        if (event.opened != nullptr) {
            packet.data = *event.opened;
        } else {
            Bytes<kFrameBytesMax> clear;
            COMPOT_CHECK(clear.assign(sealed));
            if (settings->encrypts) {
                crypt_channel(channel.key, header.from, header.id,
                              MutableBytes{clear.data(), clear.size()});
            }
            const Result<mesh::Data> data = mesh::decode_data(clear.view());
            if (!data.ok()) continue;
            packet.data = *data;
        }
        packet.channel = static_cast<std::uint8_t>(i);
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
        return true;
    }
    return false;
}

void Radio::Self::fresh(const Received& event, const Header& header, Time now, Effects& out) {
    Packet packet;
    if (!open(event, header, packet)) {
        verdict = Verdict::Opaque;
        static_cast<void>(relay(event, header, nullptr, now, out));
        return;
    }
    verdict = Verdict::Fresh;
    static_cast<void>(relay(event, header, &packet, now, out));
    const bool for_us = header.to == identity.self;
    if (!for_us && header.to != kBroadcast) return;
    if (for_us && header.want_ack) acknowledge(packet, now, out);
    if (for_us) take_acknowledgement(packet, out);
    out.emplace_back(Deliver{packet});
}

bool Radio::Self::relay(const Received& event, const Header& header, const Packet* opened, Time now,
                        Effects& out) {
    if (header.to == identity.self || header.hop_limit == 0 || header.id.value == 0) return false;
    if (!relays()) return false;
    if (header.next_hop != kNoHop && header.next_hop != name) return false;
    if (duty_used_up(now)) {
        ++counters.duty_drops;
        return false;
    }
    Waiting item;
    item.header = header;
    item.header.hop_limit = static_cast<std::uint8_t>(header.hop_limit - 1);
    item.header.next_hop = kNoHop;
    item.header.relay_node = name;
    COMPOT_CHECK(item.payload.assign(event.frame.subspan(kHeaderBytes)));
    item.own = false;
    item.snr_cdb = event.snr_cdb;
    Packet reopened;
    if (opened == nullptr && open(event, header, reopened)) opened = &reopened;
    item.priority = opened != nullptr ? implied_priority(opened->data, header.want_ack)
                    : header.want_ack ? Priority::Reliable
                                      : Priority::Default;
    if (!enqueue(item, now, out)) return false;
    if (History::Record* const record = history.find(header.from, header.id)) {
        record->own_hop_limit = item.header.hop_limit;
        record->add_relayer(name);
    }
    return true;
}

}  // namespace compot::radio
