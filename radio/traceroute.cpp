#include <algorithm>
#include <array>

#include "core/mesh/client.hpp"
#include "radio/self.hpp"

/// Traceroutes: each radio that can read one writes into it that it came by, and how strongly it
/// was heard there; the destination sends it back, and the way back is written down likewise.
/// SOURCE: the real firmware 2.8.0 in vectors/firmware_traces.json.

namespace compot::radio {
namespace {

constexpr std::uint32_t kUnknownNode = 0xFFFFFFFF;
constexpr std::int8_t kUnknownSnr = -128;
constexpr std::int32_t kSnrStepCdb = 25;  ///< in a route a level counts in quarters of a dB

using Route = compot_pb_RouteDiscovery;

/// One way of the two in the message.
struct Way {
    std::uint32_t* nodes;
    pb_size_t* node_count;
    std::int8_t* levels;
    pb_size_t* level_count;
};

constexpr pb_size_t kNodesMost = sizeof(Route::route) / sizeof(std::uint32_t);

Way way_of(Route& route, bool back) {
    if (back) {
        return {route.route_back, &route.route_back_count, route.snr_back, &route.snr_back_count};
    }
    return {route.route, &route.route_count, route.snr_towards, &route.snr_towards_count};
}

/// Radios on the way that could not read it left no trace.
void fill_up(const Way& way, std::uint8_t hops) {
    while (*way.node_count < std::min<pb_size_t>(hops, kNodesMost)) {
        way.nodes[(*way.node_count)++] = kUnknownNode;
    }
    while (*way.level_count < *way.node_count) way.levels[(*way.level_count)++] = kUnknownSnr;
}

void note_level(const Way& way, std::int16_t snr_cdb) {
    if (*way.level_count == kNodesMost) return;
    way.levels[(*way.level_count)++] =
        static_cast<std::int8_t>(std::clamp<std::int32_t>(snr_cdb / kSnrStepCdb, -127, 127));
}

}  // namespace

bool Radio::Self::note_route(Packet& packet) const {
    if (packet.data.portnum != mesh::port::kTraceroute || packet.pkc) return false;
    Result<Route> route = mesh::decode_route(packet.data.payload.view());
    if (!route.ok()) return false;
    const Way way = way_of(*route, packet.data.request_id != 0);
    const int hops = packet.hop_start - packet.hop_limit;
    fill_up(way, static_cast<std::uint8_t>(std::max(hops, 0)));
    note_level(way, packet.snr_cdb);
    if (packet.to != identity.self && *way.node_count < kNodesMost) {
        way.nodes[(*way.node_count)++] = identity.self.value;
    }
    std::array<std::uint8_t, mesh::kDataPayloadMax> buffer{};
    const Result<BytesView> bytes = mesh::encode(*route, buffer);
    return bytes.ok() && packet.data.payload.assign(*bytes);
}

void Radio::Self::answer_traceroute(const Packet& packet, Time now, Effects& out) {
    Packet answer;
    answer.to = packet.from;
    answer.id = fresh_id();
    answer.channel = packet.channel;
    answer.hop_limit = reply_hops(packet);
    answer.want_ack = packet.want_ack;
    answer.data.portnum = mesh::port::kTraceroute;
    answer.data.request_id = packet.id.value;
    answer.data.payload = packet.data.payload;
    static_cast<void>(originate(answer, now, out));
}

}  // namespace compot::radio
