#include "observe/hex.hpp"

namespace compot::observe {

namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

/// 16 for what is none.
unsigned digit(char letter) {
    if (letter >= 'A' && letter <= 'F') return static_cast<unsigned>(letter - 'A' + 10);
    const auto place = kDigits.find(letter);
    return place == std::string_view::npos ? 16U : static_cast<unsigned>(place);
}

}  // namespace

std::string hex(BytesView bytes) {
    std::string text;
    for (const std::uint8_t byte : bytes) {
        text += kDigits[byte >> 4U];
        text += kDigits[byte & 0xFU];
    }
    return text;
}

Result<std::vector<std::uint8_t>, std::string> unhex(std::string_view text) {
    for (const char letter : text) {
        if (digit(letter) < 16) continue;
        return std::string("'") + letter + "' is no hexadecimal digit";
    }
    if (text.size() % 2 != 0) return std::string("an odd number of hexadecimal digits");
    std::vector<std::uint8_t> bytes;
    for (std::size_t i = 0; i < text.size(); i += 2)
        bytes.push_back(static_cast<std::uint8_t>(digit(text[i]) << 4U | digit(text[i + 1])));
    return bytes;
}

}  // namespace compot::observe
