#pragma once

#include <cstddef>
#include <cstdint>

#include "core/air/modem.hpp"

/// What a LoRa receiver can do: the noise it has, the least signal it decodes, how likely a frame
/// survives near that edge, and how much stronger than another frame it has to be. Geometry and
/// time are not known here.

namespace compot::ether {

/// Thermal noise over the bandwidth, and the receiver's own.
[[nodiscard]] std::int32_t noise_floor_cdbm(std::uint32_t bandwidth_hz,
                                            std::int32_t noise_figure_cdb = 600);

/// -2.5 dB for SF5, 2.5 dB less for each more. SOURCE: SX126x datasheet.
[[nodiscard]] std::int32_t snr_least_cdb(std::uint8_t spreading_factor);

/// This far below snr_least_cdb() nothing survives.
inline constexpr std::int32_t kSurvivalMarginCdb = 400;

/// The chance in 1/65536 that a frame without interference is decoded. Falls from all to nothing
/// over about 2 dB below snr_least_cdb(). SOURCE: tools/make_loss_table.py.
[[nodiscard]] std::uint32_t survival_q16(std::uint8_t spreading_factor, std::size_t frame_bytes,
                                         std::int32_t snr_cdb);

/// The least SNR at which survival_q16() is at least `survival`: what a measured reception rate
/// says of a link. A link on which everything arrived is taken to be 2 dB above the least SNR,
/// where nothing is lost any more. REQUIRES: 0 < survival <= 65536.
[[nodiscard]] std::int32_t snr_for_survival_cdb(std::uint8_t spreading_factor,
                                                std::size_t frame_bytes, std::uint32_t survival);

/// How much stronger (or, across spreading factors, how little weaker) than interference a frame
/// has to be.
enum class Capture : std::uint8_t {
    SixDecibels,  ///< Goursaud and Gorce 2015, as ns-3's lorawan has it: 6 dB within a factor
    Croce,        ///< Croce et al., IEEE Communications Letters 2018, measured: 1 dB
};

/// In hundredths of a dB; spreading factors 5 and 6 count as 7.
[[nodiscard]] std::int32_t capture_cdb(Capture capture, std::uint8_t wanted_factor,
                                       std::uint8_t other_factor);

}  // namespace compot::ether
