#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/base/result.hpp"
#include "core/base/time.hpp"

/// How a LoRa modem is set, and how long things last on the air with it. All arithmetic is in
/// integers and equals RadioLib's for the SX126x. Knows nothing of frequencies, power or loss.

namespace compot::air {

inline constexpr std::size_t kFrameBytesMax = 255;
inline constexpr std::size_t kHeaderBytes = 16;        ///< Meshtastic's own header in each frame
inline constexpr std::size_t kSignatureBytes = 66;     ///< 2.8's XEdDSA field in Data
inline constexpr std::uint32_t kPrivatePort = 256;     ///< PRIVATE_APP
inline constexpr std::size_t kSignedPayloadMax = 165;  ///< longest broadcast of ours that is signed

struct Modem {
    std::uint32_t bandwidth_hz = 250'000;
    std::uint8_t spreading_factor = 11;  ///< 5..12
    std::uint8_t coding_rate = 5;        ///< 5..8: the denominator of 4/5..4/8
    std::uint8_t preamble_symbols = 16;
    bool wide_band = false;  ///< 2.4 GHz: a channel check takes four symbols, not two and a half

    [[nodiscard]] bool operator==(const Modem&) const = default;
};

/// Meshtastic's modem presets with their numbers on the client API. 2 was VERY_LONG_SLOW and is
/// gone.
enum class Preset : std::uint8_t {
    LongFast = 0,
    LongSlow = 1,
    MediumSlow = 3,
    MediumFast = 4,
    ShortSlow = 5,
    ShortFast = 6,
    LongModerate = 7,
    ShortTurbo = 8,
    LongTurbo = 9,
    LiteFast = 10,
    LiteSlow = 11,
    NarrowFast = 12,
    NarrowSlow = 13,
    TinyFast = 14,
    TinySlow = 15,
    MediumTurbo = 16,
};
inline constexpr std::uint8_t kPresetNumberMax = 16;

/// ERRORS: Unknown for 2 and whatever Meshtastic has no preset for.
[[nodiscard]] Result<Preset> preset_numbered(std::uint32_t number);

/// By display name ("LongFast", "LongMod") or as in a config file ("LONG_FAST"), in any case.
/// ERRORS: Unknown.
[[nodiscard]] Result<Preset> preset_named(std::string_view name);

/// The display name, which is also the name of an unnamed primary channel.
[[nodiscard]] std::string_view name(Preset preset);

/// `wide_band`: the region is in the 2.4 GHz band, where the widths differ.
[[nodiscard]] Modem modem(Preset preset, bool wide_band = false);

/// modem(preset_named(name)). ERRORS: Unknown.
[[nodiscard]] Result<Modem> preset(std::string_view name);

/// One symbol in whole microseconds, rounded down as RadioLib does.
[[nodiscard]] Duration symbol(const Modem& modem);

/// The sixteen (at 2.4 GHz twelve) symbols alone, without the sync word.
[[nodiscard]] Duration preamble(const Modem& modem);

/// The unit of all of Meshtastic's random waits: channel check, propagation, turnaround and
/// processing, in whole milliseconds.
[[nodiscard]] Duration slot(const Modem& modem);

/// Symbols of 16 ms and more carry two bits less each (low data rate optimisation).
[[nodiscard]] bool low_data_rate(const Modem& modem);

/// Time one frame holds the channel, from preamble to last symbol.
///
/// `frame_bytes` is the whole LoRa payload with Meshtastic's 16-byte header, 1..255.
/// ERRORS: TooBig, and Malformed for no bytes.
/// SOURCE: Semtech AN1200.13 and the SX1262 datasheet 6.1.4; figures in air_test.cpp are
/// RadioLib's.
[[nodiscard]] Result<Duration> airtime(const Modem& modem, std::size_t frame_bytes);

/// Size on air of a channel broadcast: header, Data envelope (port, length, bitfield) and payload.
/// `signs`: a 2.8 radio sends it, which signs what still fits. ERRORS: TooBig.
[[nodiscard]] Result<std::size_t> broadcast_bytes(std::size_t payload_bytes, bool signs = true,
                                                  std::uint32_t portnum = kPrivatePort);

/// What a broadcast costs the neighbourhood: its airtime from a 2.8 radio times `transmissions`
/// (one, and as many relays as are known or feared). ERRORS: TooBig.
[[nodiscard]] Result<Duration> price(const Modem& modem, std::size_t payload_bytes,
                                     std::uint32_t transmissions);

/// About as long as an answer takes through a flooded mesh: both payloads from 2.8 radios, sent
/// after an own window and relayed `hops` times each, stretched by what others use of the channel.
/// SOURCE: the firmware's windows: own 2^3 slots on an idle channel to 2^8 on a full one, a relay's
/// 16 and 0..255 slots at a strong signal. REQUIRES: payloads that fit; busy_permille below 1000.
[[nodiscard]] Duration round_trip(const Modem& modem, std::size_t request_bytes,
                                  std::size_t answer_bytes, unsigned hops,
                                  std::uint16_t busy_permille);

}  // namespace compot::air
