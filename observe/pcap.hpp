#pragma once

#include <cstdint>

#include "core/base/bytes.hpp"
#include "core/base/time.hpp"
#include "observe/recording.hpp"

/// What a sniffer that hears every transmission would write: a classic pcap file of LoRaTap packets
/// (link type 270), which tshark and Wireshark read. Times are the swarm's own, counted from 1970.
/// Knows nothing of what is in a frame.
/// SOURCE: draft-ietf-opsawg-pcap for the file, github.com/eriknl/LoRaTap version 0 for the header.

namespace compot::observe {

/// What a LoRaTap header says of the radio.
struct LoraTapTerms {
    std::uint32_t frequency_hz = 0;
    std::uint32_t bandwidth_hz = 0;  ///< told in steps of 125 kHz, rounded up
    std::uint8_t spreading_factor = 0;
};

class PcapWriter {
public:
    /// Writes the file's header. `out` must outlive the writer.
    PcapWriter(ByteSink& out, const LoraTapTerms& terms);

    /// One transmission that began at `at`, from Meshtastic's header on. Longer than 255 bytes is
    /// no LoRa frame. REQUIRES: at most 255 bytes.
    void frame(Time at, BytesView bytes);

    /// Some bytes could not be kept; nothing is written after that.
    [[nodiscard]] bool failed() const { return failed_; }

private:
    ByteSink& out_;
    LoraTapTerms terms_;
    bool failed_ = false;
};

}  // namespace compot::observe
