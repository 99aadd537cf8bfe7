#include <iterator>
#include <utility>

#include "radio/contention.hpp"
#include "radio/self.hpp"

/// What is sent until somebody confirms it, what we confirm, and what confirmations teach of
/// routes.

namespace compot::radio {

PendingList Radio::Self::to_send_again(const Waiting& item, std::uint8_t transmissions, bool told,
                                       Time now) const {
    PendingList made(1);
    Pending& one = made.front();
    one.packet = item;
    one.left = static_cast<std::uint8_t>(transmissions - 1);
    one.told = told;
    one.airtime = *air::airtime(settings->modem, kHeaderBytes + item.payload.size());
    one.next = now + retransmit_after(one.airtime, mac.slot(), mac.log().busy_permille(now));
    return made;
}

/// Behind the others.
void Radio::Self::keep_sending(PendingList one) {
    if (one.empty()) return;
    const Header& header = one.front().packet.header;
    pending.remove_if([&](const Pending& each) {
        return each.packet.header.from == header.from && each.packet.header.id == header.id;
    });
    auto last = pending.cbefore_begin();
    while (std::next(last) != pending.cend()) ++last;
    pending.splice_after(last, one);
}

const Pending* Radio::Self::awaited(NodeId from, PacketId id) const {
    for (const Pending& each : pending) {
        if (each.packet.header.from == from && each.packet.header.id == id) return &each;
    }
    return nullptr;
}

bool Radio::Self::stop_sending(NodeId from, PacketId id) {
    const Pending* const one = awaited(from, id);
    if (one == nullptr) return false;
    pending.remove_if([one](const Pending& each) { return &each == one; });
    mac.cancel(from, id);
    return true;
}

/// The air was taken by packet `id`: an answer to any other could not have come meanwhile.
void Radio::Self::postpone(PacketId id, Duration airtime) {
    for (Pending& each : pending) {
        if (each.packet.header.id != id) each.next += airtime;
    }
}

void Radio::Self::send_again(Time now, Effects& out) {
    for (auto before = pending.before_begin(); std::next(before) != pending.end();) {
        Pending& each = *std::next(before);
        if (each.next > now) {
            ++before;
            continue;
        }
        if (each.left == 0) {
            if (each.told) {
                out.emplace_back(Settled{each.packet.header.id, identity.self,
                                         mesh::RoutingError::MaxRetransmit});
            }
            pending.erase_after(before);
            continue;
        }
        --each.left;
        if (each.left == 0 && each.packet.header.next_hop != kNoHop) {
            // The route did not work: the last attempt goes to everybody.
            route_failed(each.packet.header.to);
            each.packet.header.next_hop = kNoHop;
        }
        each.next = now + retransmit_after(each.airtime, mac.slot(), mac.log().busy_permille(now));
        if (mac.queue().find(each.packet.header.from, each.packet.header.id) == nullptr) {
            static_cast<void>(enqueue(WaitingList(1, each.packet), now, out));
        }
        ++before;
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
    const std::uint8_t channel = packet.pkc ? std::uint8_t{0} : packet.channel;
    if (packet.data.request_id != 0 || packet.data.reply_id != 0) {
        // An answer that came straight to us; the implicit acknowledgement covers the others.
        if ((packet.hop_start == packet.hop_limit && packet.hop_start > 0) ||
            packet.next_hop != kNoHop) {
            reply(packet.from, packet.id, channel, 0, false, mesh::RoutingError::NoError, now, out);
        }
        return;
    }
    const bool text = packet.data.portnum == mesh::port::kText;
    reply(packet.from, packet.id, channel, reply_hops(packet), text, mesh::RoutingError::NoError,
          now, out);
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
    stop_sending(identity.self, request);
    out.emplace_back(Settled{request, packet.from, *error});
}

/// An answer went by: its request has arrived, and the way it came is a way there.
void Radio::Self::answer_seen(const Packet& packet, Time now) {
    const PacketId request{packet.data.request_id};
    if (packet.to != identity.self) {
        // Nobody needs our relay of the request any more.
        if (mac.cancel(packet.to, request)) ++counters.relays_cancelled;
        stop_sending(packet.to, request);
    }
    const auto known = history.find(packet.to, request);
    if (known == History::kNowhere || packet.relay_node == kNoHop) return;
    const History::Record asked = history.at(known);
    const bool both_ways = asked.relayed_by(name) && asked.relayed_by(packet.relay_node);
    const bool straight =
        packet.hop_start > 0 && packet.hop_start == packet.hop_limit && asked.relayed_only_by(name);
    if (!both_ways && !straight) return;
    if (settings->firmware != Firmware::V27 && !peers.unique_neighbour(packet.relay_node, now)) {
        return;
    }
    peers.set_next_hop(packet.from, {packet.relay_node, 0, now});
}

std::uint8_t Radio::Self::route_to(NodeId to, std::uint8_t heard_from, Time now) const {
    if (to == kBroadcast) return kNoHop;
    const NextHop known = peers.next_hop(to);
    if (known.relay == kNoHop || known.relay == heard_from) return kNoHop;
    if (settings->firmware == Firmware::V27) return known.relay;
    const bool stale = now - known.learned > kRouteFresh;
    if (stale || known.failures >= kRouteFailuresMax || !settings->knows_time ||
        !peers.unique_neighbour(known.relay, now)) {
        return kNoHop;
    }
    return known.relay;
}

void Radio::Self::route_failed(NodeId to) {
    NextHop known = peers.next_hop(to);
    if (known.relay == kNoHop) return;
    if (settings->firmware == Firmware::V27) {
        known.relay = kNoHop;
    } else {
        ++known.failures;
    }
    peers.set_next_hop(to, known);
}

}  // namespace compot::radio
