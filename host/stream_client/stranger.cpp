#include "host/stream_client/stranger.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace compot::stream_client {

std::string protocol_of(BytesView first) {
    constexpr std::array<std::pair<std::string_view, const char*>, 7> kGreetings{{
        {"HTTP/", "HTTP"},
        {"<!DOCTYPE", "HTML"},
        {"<html", "HTML"},
        {"SSH-", "SSH"},
        {"220 ", "FTP or SMTP"},
        {"* OK ", "IMAP"},
        {"RFB ", "VNC"},
    }};
    for (const auto& [greeting, protocol] : kGreetings) {
        const bool same = first.size() >= greeting.size() &&
                          std::equal(greeting.begin(), greeting.end(), first.begin(),
                                     [](char letter, std::uint8_t byte) {
                                         return static_cast<std::uint8_t>(letter) == byte;
                                     });
        if (same) return protocol;
    }
    // A record of TLS: its type and the major version 3.
    if (first.size() >= 3 && first[0] >= 0x14 && first[0] <= 0x17 && first[1] == 3 && first[2] <= 4)
        return "TLS";
    // A packet of MQTT that refuses or ends a connection.
    if (first.size() >= 2 && (first[0] == 0x20 || first[0] == 0xE0) && first[1] <= 3) return "MQTT";
    return "";
}

}  // namespace compot::stream_client
