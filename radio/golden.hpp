#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/containers.hpp"

/// For tests of this floor: the golden vectors and hexadecimal.

namespace compot::radio::golden {

using ByteVector = std::vector<std::uint8_t>;

inline ByteVector unhex(const std::string& text) {
    ByteVector bytes;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
        bytes.push_back(static_cast<std::uint8_t>(std::stoi(text.substr(i, 2), nullptr, 16)));
    }
    return bytes;
}

inline std::string hex(BytesView bytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (const std::uint8_t byte : bytes) {
        text += kDigits[byte >> 4U];
        text += kDigits[byte & 0xFU];
    }
    return text;
}

inline const nlohmann::json& vectors() {
    static const nlohmann::json parsed = [] {
        std::ifstream file("vectors/meshtastic.json");
        return nlohmann::json::parse(file);
    }();
    return parsed;
}

}  // namespace compot::radio::golden
