#pragma once

#include <cstdint>
#include <vector>

#include "core/base/containers.hpp"
#include "core/base/random.hpp"

/// What a bad serial line does to a radio's messages: it loses a piece of one, it adds bytes
/// between two. It does not add bytes where it has just lost some: Meshtastic's stream has no
/// checksum, and nobody could tell.

namespace compot::serial_noise {

class Noise {
public:
    explicit Noise(std::uint64_t seed) : random_(seed) {}

    struct Passed {
        std::vector<std::uint8_t> bytes;
        bool whole = true;  ///< nothing of the message was lost
    };

    /// One message with its header, as it arrives.
    [[nodiscard]] Passed pass(BytesView frame);

    /// The beginning of a message, cut off anywhere.
    [[nodiscard]] std::vector<std::uint8_t> beginning(BytesView frame);

    struct Done {
        std::uint32_t cuts = 0;
        std::uint32_t bursts = 0;
        std::uint64_t added_bytes = 0;
        std::uint64_t lost_bytes = 0;
    };

    [[nodiscard]] const Done& done() const { return done_; }

private:
    void add_burst(std::vector<std::uint8_t>& to);

    Random random_;
    bool lost_before_ = false;
    Done done_;
};

}  // namespace compot::serial_noise
