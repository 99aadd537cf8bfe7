#include <algorithm>

#include "radio/contention.hpp"
#include "radio/self.hpp"

/// What is sent until somebody confirms it, and what we confirm.

namespace compot::radio {

void Radio::Self::keep_sending(const Waiting& item, std::uint8_t transmissions, Time now) {
    Pending each;
    each.packet = item;
    each.left = static_cast<std::uint8_t>(transmissions - 1);
    each.airtime = *air::airtime(settings->modem, kHeaderBytes + item.payload.size());
    each.next = now + retransmit_after(each.airtime, mac.slot(), mac.log().busy_permille(now));
    pending.push_back(each);
}

bool Radio::Self::stop_sending(NodeId from, PacketId id) {
    const auto at = std::find_if(pending.begin(), pending.end(), [&](const Pending& each) {
        return each.packet.header.from == from && each.packet.header.id == id;
    });
    if (at == pending.end()) return false;
    pending.erase(at);
    static_cast<void>(mac.cancel(from, id));
    return true;
}

/// The air was taken by something else: an answer could not have come.
void Radio::Self::postpone(Duration airtime) {
    for (Pending& each : pending) each.next += airtime;
}

void Radio::Self::send_again(Time now, Effects& out) {
    for (std::size_t i = 0; i < pending.size();) {
        Pending& each = pending[i];
        if (each.next > now) {
            ++i;
            continue;
        }
        if (each.left == 0) {
            out.emplace_back(
                Settled{each.packet.header.id, identity.self, mesh::RoutingError::MaxRetransmit});
            pending.erase(pending.begin() + static_cast<std::ptrdiff_t>(i));
            continue;
        }
        --each.left;
        each.next = now + retransmit_after(each.airtime, mac.slot(), mac.log().busy_permille(now));
        if (mac.queue().find(each.packet.header.from, each.packet.header.id) == nullptr) {
            static_cast<void>(enqueue(each.packet, now, out));
        }
        ++i;
    }
}

std::uint8_t Radio::Self::reply_hops(const Packet& packet) const {
    if (packet.hop_start == 0) return 0;
    const std::uint8_t used = static_cast<std::uint8_t>(
        packet.hop_start > packet.hop_limit ? packet.hop_start - packet.hop_limit : 0);
    if (used > settings->hop_limit) return used;
    // Two more than it took, since the way back may be another.
    return used + 2 < settings->hop_limit ? static_cast<std::uint8_t>(used + 2)
                                          : settings->hop_limit;
}

void Radio::Self::acknowledge(const Packet& packet, Time now, Effects& out) {
    if (packet.data.request_id != 0 || packet.data.reply_id != 0) {
        // An answer that came straight to us; the implicit acknowledgement covers the others.
        if (packet.hop_start == packet.hop_limit && packet.hop_start > 0) {
            reply(packet.from, packet.id, packet.channel, 0, false, mesh::RoutingError::NoError,
                  now, out);
        }
        return;
    }
    const bool text = packet.data.portnum == mesh::port::kText;
    reply(packet.from, packet.id, packet.channel, reply_hops(packet), text,
          mesh::RoutingError::NoError, now, out);
}

void Radio::Self::reply(NodeId to, PacketId request, std::uint8_t channel, std::uint8_t hop_limit,
                        bool want_ack, mesh::RoutingError error, Time now, Effects& out) {
    Packet answer;
    answer.to = to;
    answer.id = fresh_id();
    answer.channel = channel;
    answer.hop_limit = hop_limit;
    answer.want_ack = want_ack;
    answer.priority = Priority::Ack;
    answer.data.portnum = mesh::port::kRouting;
    answer.data.request_id = request.value;
    const auto payload = mesh::encode_routing(error);
    static_cast<void>(answer.data.payload.assign(payload));
    static_cast<void>(originate(answer, now, out));
}

void Radio::Self::take_acknowledgement(const Packet& packet, Effects& out) {
    if (packet.data.portnum != mesh::port::kRouting || packet.data.request_id == 0) return;
    const auto error = mesh::routing_error(packet.data.payload.view());
    if (!error.has_value()) return;
    const PacketId request{packet.data.request_id};
    static_cast<void>(stop_sending(identity.self, request));
    out.emplace_back(Settled{request, packet.from, *error});
}

}  // namespace compot::radio
