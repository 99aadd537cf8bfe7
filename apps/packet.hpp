#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/containers.hpp"
#include "observe/hex.hpp"

/// What `compotastic packet` is asked, and the two translations that it does: packet_frame.cpp for
/// over-the-air frames, packet_client.cpp for messages of the client API.

namespace compot::apps::packet {

using ByteVector = std::vector<std::uint8_t>;

struct Options {
    std::string channel = "LongFast";
    std::string preset = "LongFast";  ///< whose name an unnamed channel has
    std::string psk = "01";
    std::string private_key;
    std::string peer;
    std::string signer;
    std::string sign;
    std::string bytes;  ///< in hexadecimal
    bool to_radio = false;
    bool from_radio = false;
    bool stream = false;
    bool json = false;
};

/// Ends the subcommand with one line on standard error; caught where it runs.
struct Refusal {
    std::string why;
};

/// Throws Refusal, which says what `what` is.
[[nodiscard]] ByteVector unhex(const std::string& what, const std::string& text);
using observe::hex;

/// Both print on standard output, read JSON from `input`, and throw Refusal.
void decode_frame(const Options& options);
void encode_frame(const Options& options, const std::string& input);
void decode_client(const Options& options);
void encode_client(const Options& options, const std::string& input);

}  // namespace compot::apps::packet
