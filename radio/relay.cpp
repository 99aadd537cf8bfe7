#include <algorithm>
#include <array>
#include <utility>

#include "core/base/check.hpp"
#include "radio/cipher.hpp"
#include "radio/self.hpp"

/// What we carry for others, and when we stop because others do.

namespace compot::radio {
namespace {

/// How often a packet is handed to the neighbour that its route names.
constexpr std::uint8_t kTransmissionsOfRoute = 2;

}  // namespace

bool Radio::Self::may_relay(const Header& header, const Packet* opened, bool known_hash) const {
    if (header.to == identity.self || header.from == identity.self) return false;
    if (header.hop_limit == 0 || header.id.value == 0) return false;
    if (!policy::relays(identity)) return false;
    if (header.next_hop != kNoHop && header.next_hop != name) return false;
    if (opened == nullptr) {
        return policy::relays_opaque(mode, settings->firmware, known_hash);
    }
    return mode != RebroadcastMode::KnownOnly || peers.introduced(header.from);
}

void Radio::Self::carry(const Received& event, const Header& header, const Packet* opened,
                        Waiting& item) const {
    COMPOT_CHECK(item.payload.assign(event.frame.subspan(kHeaderBytes)));
    if (opened == nullptr || opened->data.portnum != mesh::port::kTraceroute) return;
    Packet noted = *opened;
    if (!note_route(noted)) return;
    std::array<std::uint8_t, mesh::kDataBytesMax> buffer{};
    const Result<BytesView> clear = mesh::encode(noted.data, buffer);
    if (!clear.ok()) return;
    COMPOT_CHECK(item.payload.assign(*clear));
    if (!settings->encrypts) return;
    crypt_channel(settings->channels[noted.channel].key, header.from, header.id,
                  MutableBytes{item.payload.data(), item.payload.size()});
}

bool Radio::Self::relay(const Received& event, const Header& header, const Packet* opened, Time now,
                        Effects& out) {
    if (duty_used_up(now)) {
        ++counters.duty_drops;
        return false;
    }
    WaitingList made(1);
    Waiting& item = made.front();
    item.header = header;
    if (!policy::hop_is_free(identity, header)) --item.header.hop_limit;
    if (settings->event_build) policy::cap_hops(item.header);
    item.header.next_hop = route_to(header.to, header.relay_node, now);
    item.header.relay_node = name;
    carry(event, header, opened, item);
    item.own = false;
    item.early = policy::goes_first(identity, header);
    item.snr_cdb = event.snr_cdb;
    item.priority = opened != nullptr ? implied_priority(opened->data, header.want_ack)
                    : header.want_ack ? Priority::Reliable
                                      : Priority::Default;
    const std::uint8_t hop_limit = item.header.hop_limit;
    const bool again = item.header.next_hop != kNoHop && (hop_limit > 0 || header.want_ack);
    PendingList kept;
    if (again) kept = to_send_again(item, kTransmissionsOfRoute, false, now);
    if (!enqueue(std::move(made), now, out)) return false;
    if (const auto known = history.find(header.from, header.id); known != History::kNowhere) {
        History::Record record = history.at(known);
        record.sent_by(name, hop_limit);
        history.put(known, record);
    }
    keep_sending(std::move(kept));
    return true;
}

bool Radio::Self::relay_again(const Received& event, const Header& header, Time now, Effects& out) {
    Packet packet;
    const Opening opening = open(event, header, packet);
    const Packet* const opened = opening == Opening::Open ? &packet : nullptr;
    if (opening == Opening::Forged) return false;
    if (opened != nullptr && mode == RebroadcastMode::CorePortnumsOnly &&
        !policy::core_port(packet.data.portnum)) {
        return false;
    }
    return may_relay(header, opened, opening != Opening::Foreign) &&
           relay(event, header, opened, now, out);
}

/// A copy that may travel farther than the one we have queued takes its place.
bool Radio::Self::upgrade(const Received& event, const Header& header, Time now, Effects& out) {
    const Waiting* const waiting = mac.queue().find(header.from, header.id);
    if (waiting == nullptr || waiting->header.hop_limit >= header.hop_limit - 1) return false;
    mac.cancel(header.from, header.id);
    relay_again(event, header, now, out);
    return true;
}

void Radio::Self::duplicate(const Received& event, const Header& header, History::Place known,
                            Time now, Effects& out) {
    ++counters.duplicates;
    verdict = Verdict::Duplicate;
    History::Record record = history.at(known);
    const bool upgraded = header.hop_limit > record.hop_limit;
    const bool we_were_next_hop = record.next_hop == name;
    // It was directed, neither we nor its next hop carried it, and now somebody floods it.
    const bool fell_back = record.next_hop != kNoHop && !we_were_next_hop &&
                           header.next_hop == kNoHop && header.relay_node != kNoHop &&
                           !record.relayed_by(name) && !record.relayed_by(record.next_hop);
    record.hop_limit = std::max(record.hop_limit, header.hop_limit);
    record.heard_from(name, header);
    history.renew(known, record);

    if (upgraded && upgrade(event, header, now, out)) return;
    const bool repeated = header.hop_start > 0 && header.hop_start == header.hop_limit;
    stop_sending(header.from, header.id);
    if (fell_back || repeated) {
        if (mac.queue().find(header.from, header.id) != nullptr) return;
        if (relay_again(event, header, now, out) || fell_back) return;
        Packet packet;
        if (header.to == identity.self && header.want_ack &&
            open(event, header, packet) == Opening::Open && !legacy_direct_text(packet)) {
            reply(header.from, header.id, packet.channel, 0, false, mesh::RoutingError::NoError,
                  now, out);
        }
        return;
    }
    if (we_were_next_hop) return;
    if (policy::insists(identity, header)) {
        if (identity.role == Role::RouterLate) mac.make_late(header.from, header.id, now);
        return;
    }
    if (mac.cancel(header.from, header.id)) ++counters.relays_cancelled;
}

}  // namespace compot::radio
