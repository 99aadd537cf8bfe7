#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "sim/ether/propagation.hpp"

/// A scenario of Meshtasticator, the Meshtastic project's own simulator, in the JSON that its runs
/// are kept in: nodes, the level at which each hears each, and who says something when. Knows the
/// format and nothing of what happens then.

namespace compot::meshtasticator {

struct Failure {
    std::string sentence;
};

inline constexpr std::size_t kNodesMost = 1000;
inline constexpr std::size_t kMessagesMost = 1'000'000;
inline constexpr std::size_t kHearingsMost = 50'000'000;  ///< messages times nodes: memory
inline constexpr std::int32_t kInaudible = INT32_MIN;

/// What a node does beside saying its own messages.
enum class Part : std::uint8_t {
    Client,
    Mute,      ///< relays nothing
    Router,    ///< relays sooner, and though others have
    Repeater,  ///< relays though others have, and says nothing
};

struct Message {
    Duration at{};
    std::uint16_t origin = 0;
};

/// Of a run in which nodes moved.
struct Places {
    std::vector<ether::Position> starts;  ///< of each node; the area's middle is the origin
    std::vector<bool> moves;              ///< of each node
    std::int32_t side_cm = 1'500'000;     ///< of the square that nobody leaves
};

struct Scenario {
    std::uint16_t nodes = 0;
    std::uint8_t hop_limit = 3;
    std::uint16_t payload_bytes = 40;  ///< Meshtastic's 16 bytes of header come on top
    bool airtime_fixed = false;        ///< a run whose airtime formula had been corrected
    Duration until{};
    std::vector<std::int32_t> rssi_mdbm;   ///< nodes x nodes, row sends and column hears; at first
    std::optional<Places> places;          ///< unset: everybody stays
    std::vector<Message> messages;         ///< in order of time
    std::vector<Part> parts;               ///< of each node; none: all are clients
    std::vector<std::uint8_t> hop_limits;  ///< of each node; none: hop_limit

    [[nodiscard]] Part part(std::size_t node) const {
        return parts.empty() ? Part::Client : parts[node];
    }

    [[nodiscard]] std::uint8_t hops(std::size_t node) const {
        return hop_limits.empty() ? hop_limit : hop_limits[node];
    }

    [[nodiscard]] std::int32_t rssi(std::size_t sender, std::size_t receiver) const {
        return rssi_mdbm[sender * nodes + receiver];
    }
};

/// ERRORS: a sentence that names the key. Only broadcasts on LONG_FAST are known.
[[nodiscard]] Result<Scenario, Failure> parse(const std::string& json);

}  // namespace compot::meshtasticator
