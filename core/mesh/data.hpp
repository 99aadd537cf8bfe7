#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/base/containers.hpp"
#include "core/base/result.hpp"

/// What one Meshtastic packet says, decrypted: the Data message and its bytes. Knows nothing of who
/// sent it or how it was protected.

namespace compot::mesh {

/// Meshtastic's port numbers that are treated specially somewhere; any other number is legal too.
namespace port {
inline constexpr std::uint32_t kText = 1;
inline constexpr std::uint32_t kPosition = 3;
inline constexpr std::uint32_t kNodeInfo = 4;
inline constexpr std::uint32_t kRouting = 5;
inline constexpr std::uint32_t kAdmin = 6;
inline constexpr std::uint32_t kTextCompressed = 7;
inline constexpr std::uint32_t kWaypoint = 8;
inline constexpr std::uint32_t kAlert = 11;
inline constexpr std::uint32_t kKeyVerification = 12;
inline constexpr std::uint32_t kStoreForwardPlusPlus = 35;
inline constexpr std::uint32_t kStoreForward = 65;
inline constexpr std::uint32_t kTelemetry = 67;
inline constexpr std::uint32_t kTraceroute = 70;
inline constexpr std::uint32_t kPrivate = 256;
inline constexpr std::uint32_t kMax = 511;
}  // namespace port

inline constexpr std::size_t kDataPayloadMax = 233;  ///< of the client API; less fits the air
inline constexpr std::size_t kDataBytesMax = 239;    ///< encoded, of a 255-byte frame

struct Data {
    std::uint32_t portnum = 0;
    Bytes<kDataPayloadMax> payload;
    bool want_response = false;
    std::uint32_t dest = 0;
    std::uint32_t source = 0;
    std::uint32_t request_id = 0;
    std::uint32_t reply_id = 0;
    std::uint32_t emoji = 0;
    std::optional<std::uint32_t> bitfield;  ///< bit 0: may go to MQTT, bit 1: want_response
    Bytes<64> signature;                    ///< XEdDSA of 2.8: empty, or 64 bytes

    [[nodiscard]] bool operator==(const Data&) const = default;
};

/// Canonical protobuf: fields in order of their numbers, defaults left out. ERRORS: TooBig when it
/// does not fit `out`.
[[nodiscard]] Result<BytesView> encode(const Data& data, MutableBytes out);

/// ERRORS: Malformed, also for a port number of 0, by which the firmware tells a wrong key.
[[nodiscard]] Result<Data> decode_data(BytesView bytes);

/// A Routing message: an acknowledgement is NoError.
enum class RoutingError : std::uint8_t {
    NoError = 0,
    NoRoute = 1,
    GotNak = 2,
    Timeout = 3,
    NoInterface = 4,
    MaxRetransmit = 5,
    NoChannel = 6,
    TooLarge = 7,
    NoResponse = 8,
    DutyCycleLimit = 9,
    BadRequest = 32,
    NotAuthorized = 33,
    PkiFailed = 34,
    PkiUnknownPubkey = 35,
    RateLimitExceeded = 38,
    PkiSendFailPublicKey = 39,
};

[[nodiscard]] const char* to_string(RoutingError error);

/// The two bytes of a Routing message with this error_reason, which the firmware always writes out.
[[nodiscard]] std::array<std::uint8_t, 2> encode_routing(RoutingError error);

/// The error_reason of a Routing payload; nothing when it is a route request or reply, or broken.
[[nodiscard]] std::optional<RoutingError> routing_error(BytesView payload);

}  // namespace compot::mesh
