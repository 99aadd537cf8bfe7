#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.hpp"

/// What radios did in one situation, told alike of the real firmware (vectors/firmware_traces.json)
/// and of ours, so that the two can be laid side by side.

namespace compot::traces {

struct Happening {
    enum class Kind : std::uint8_t {
        Send,  ///< a client, or the stranger, sends
        Sent,  ///< a frame went on air
        Told,  ///< a client was told: a packet, how its own packet ended, or why it was refused
    };

    Kind kind = Kind::Send;
    double at_s = 0;
    int node = 0;
    std::uint32_t origin = 0;
    std::uint32_t to = 0;
    std::uint32_t id = 0;
    std::uint32_t request = 0;  ///< the packet that this one answers
    std::uint32_t port = 0;     ///< 0: sealed for another
    std::size_t bytes = 0;      ///< of payload
    std::size_t frame = 0;      ///< of the whole frame; 0: the log does not say
    int hop_limit = 0;
    int hop_start = 0;
    int next_hop = 0;
    int relay = 0;
    int channel_hash = -1;  ///< -1: the log does not say
    int error = -1;         ///< of a Routing message, or of a packet refused at once
    bool ack = false;
    bool pkc = false;
};

struct Situation {
    std::string title;
    std::string bed;  ///< "chain": three in a row; "pair": two, and a stranger made of bytes
    std::vector<Happening> happened;
};

/// Throws nlohmann::json::exception or std::runtime_error.
[[nodiscard]] std::vector<Situation> load(const std::string& file);

/// One line for each frame and each thing told that concerns what was sent in this situation,
/// sorted; times left out. Packets that radios made themselves are named by what they answer.
[[nodiscard]] std::vector<std::string> lines(const Situation& situation,
                                             const std::vector<Happening>& happened);

/// Seconds between the transmissions of packet `id` by the one who sent it first.
[[nodiscard]] std::vector<double> gaps(const std::vector<Happening>& happened, std::uint32_t id);

}  // namespace compot::traces
