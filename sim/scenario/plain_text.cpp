#include "sim/scenario/plain_text.hpp"

#include <algorithm>

namespace compot::scenario {

namespace {

/// Behind the string that begins at `at`, or at the line's end if it is not closed there; strings
/// in three quotes go over lines.
std::size_t behind_string(std::string_view text, std::size_t at) {
    const char quote = text[at];
    const std::string_view three = text.substr(at, 3);
    const bool many = three.size() == 3 && three[1] == quote && three[2] == quote;
    at += many ? 3 : 1;
    while (at < text.size()) {
        if (quote == '"' && text[at] == '\\') {
            at += 2;
            continue;
        }
        if (!many && text[at] == '\n') return at;
        if (text[at] == quote && !many) return at + 1;
        if (many && text.substr(at, 3) == three) return at + 3;
        ++at;
    }
    return text.size();
}

/// A quote opens a string only where a key or a value may begin; elsewhere the file is wrong.
bool opens_string(std::string_view text, std::size_t at) {
    constexpr std::string_view kBefore = " \t\n=,[{.";
    return at == 0 || kBefore.find(text[at - 1]) != std::string_view::npos;
}

}  // namespace

std::string one_line(std::string_view text) {
    std::string line(text);
    std::replace_if(
        line.begin(), line.end(), [](unsigned char letter) { return letter < ' '; }, ' ');
    return line;
}

std::optional<std::size_t> stray_letter(std::string_view toml) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    std::size_t at = toml.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
    std::size_t counted = 0;
    std::size_t line = 1;
    while (at < toml.size()) {
        for (; counted < at; ++counted)
            if (toml[counted] == '\n') ++line;
        const char letter = toml[at];
        if (static_cast<unsigned char>(letter) > 0x7F) return line;
        if ((letter == '"' || letter == '\'') && opens_string(toml, at)) {
            at = behind_string(toml, at);
        } else if (letter == '#') {
            at = std::min(toml.find('\n', at), toml.size());
        } else {
            ++at;
        }
    }
    return std::nullopt;
}

}  // namespace compot::scenario
