#include "radio/policy.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace compot::radio::policy {
namespace {

std::span<const Favourite> favourites_of(const Identity& identity) {
    if (!identity.favourites.has_value()) return {};
    return *identity.favourites;
}

bool is_favourite(const Identity& identity, NodeId id) {
    const auto favourites = favourites_of(identity);
    return std::any_of(favourites.begin(), favourites.end(),
                       [id](const Favourite& each) { return each.id == id; });
}

bool concerns_favourite(const Identity& identity, const Header& header) {
    return is_favourite(identity, header.from) || is_favourite(identity, header.to);
}

}  // namespace

RebroadcastMode effective_mode(const Identity& identity) {
    if (identity.rebroadcast.has_value()) return *identity.rebroadcast;
    return identity.role == Role::Router ? RebroadcastMode::CorePortnumsOnly : RebroadcastMode::All;
}

bool relays(const Identity& identity) {
    return identity.role != Role::ClientMute && effective_mode(identity) != RebroadcastMode::None;
}

bool insists(const Identity& identity, const Header& header) {
    switch (identity.role) {
        case Role::Router:
        case Role::RouterLate: return true;
        case Role::ClientBase: return concerns_favourite(identity, header);
        default: return false;
    }
}

bool goes_first(const Identity& identity, const Header& header) {
    if (identity.role == Role::Router) return true;
    return identity.role == Role::ClientBase && concerns_favourite(identity, header);
}

bool core_port(std::uint32_t portnum) {
    namespace port = mesh::port;
    constexpr std::array kCore{port::kText,
                               port::kPosition,
                               port::kNodeInfo,
                               port::kRouting,
                               port::kTelemetry,
                               port::kAdmin,
                               port::kAlert,
                               port::kKeyVerification,
                               port::kWaypoint,
                               port::kTextCompressed,
                               port::kStoreForward,
                               port::kTraceroute,
                               port::kStoreForwardPlusPlus};
    return std::find(kCore.begin(), kCore.end(), portnum) != kCore.end();
}

bool relays_opaque(RebroadcastMode mode, Firmware firmware, bool known_hash) {
    switch (mode) {
        case RebroadcastMode::All:
        case RebroadcastMode::AllSkipDecoding:
            // July's 2.8 took a packet of a stranger's channel with a familiar hash for broken.
            return firmware != Firmware::V28July || !known_hash;
        case RebroadcastMode::CorePortnumsOnly: return firmware != Firmware::V28July;
        case RebroadcastMode::LocalOnly:
        case RebroadcastMode::KnownOnly:
        case RebroadcastMode::None: return false;
    }
    return false;
}

bool hop_is_free(const Identity& identity, const Header& header) {
    const bool router = identity.role == Role::Router || identity.role == Role::RouterLate ||
                        identity.role == Role::ClientBase;
    if (!router || header.hop_start == 0 || header.hop_start == header.hop_limit) return false;
    // Two favourites of the same short name can't be told apart: then the hop is paid for.
    const auto favourites = favourites_of(identity);
    const auto relayed = [&](const Favourite& each) {
        return short_name(each.id) == header.relay_node;
    };
    const auto one = std::find_if(favourites.begin(), favourites.end(), relayed);
    return one != favourites.end() && one->routes &&
           std::none_of(one + 1, favourites.end(), relayed);
}

void cap_hops(Header& header) {
    constexpr std::uint8_t kMost = 2;
    if (header.hop_limit <= kMost) return;
    const auto surplus = static_cast<std::uint8_t>(header.hop_limit - kMost);
    header.hop_limit = kMost;
    header.hop_start =
        static_cast<std::uint8_t>(header.hop_start > surplus ? header.hop_start - surplus : 0);
}

bool wants_pkc(const Packet& packet) {
    if (packet.to == kBroadcast) return false;
    switch (packet.data.portnum) {
        case mesh::port::kTraceroute:
        case mesh::port::kNodeInfo:
        case mesh::port::kRouting:
        case mesh::port::kPosition: return false;
        default: return true;
    }
}

}  // namespace compot::radio::policy
