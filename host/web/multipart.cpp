#include "host/web/multipart.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

namespace compot::web {

namespace {

constexpr std::size_t kBoundaryBytesMax = 70;  // SOURCE: RFC 2046, 5.1.1

bool same_word(std::string_view a, std::string_view b) {
    const auto equal = [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) ==
               std::tolower(static_cast<unsigned char>(y));
    };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), equal);
}

std::string_view trimmed(std::string_view text) {
    const auto blank = [](char letter) { return letter == ' ' || letter == '\t'; };
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    return text;
}

/// The first ';'-separated piece, and `rest` after it. A ';' in quotes separates nothing.
std::string_view next_piece(std::string_view& rest) {
    bool quoted = false;
    std::size_t end = 0;
    while (end < rest.size() && (quoted || rest[end] != ';')) {
        if (rest[end] == '"') quoted = !quoted;
        ++end;
    }
    const std::string_view piece = rest.substr(0, end);
    rest.remove_prefix(std::min(rest.size(), end + 1));
    return trimmed(piece);
}

/// The value of `name=value` or `name="value"` in a header.
std::optional<std::string_view> parameter(std::string_view header, std::string_view name) {
    static_cast<void>(next_piece(header));
    while (!header.empty()) {
        const std::string_view piece = next_piece(header);
        const std::size_t equals = piece.find('=');
        if (equals == std::string_view::npos || !same_word(trimmed(piece.substr(0, equals)), name))
            continue;
        std::string_view value = trimmed(piece.substr(equals + 1));
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
            value = value.substr(1, value.size() - 2);
        return value;
    }
    return std::nullopt;
}

/// Removes and returns what stands before `mark`, and the mark; nothing when it is not there.
std::optional<std::string_view> take_until(std::string_view& rest, std::string_view mark) {
    const std::size_t place = rest.find(mark);
    if (place == std::string_view::npos) return std::nullopt;
    const std::string_view taken = rest.substr(0, place);
    rest.remove_prefix(place + mark.size());
    return taken;
}

bool read_header(std::string_view line, Part& part) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return false;
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (same_word(line.substr(0, colon), "content-type")) part.content_type = value;
    if (!same_word(line.substr(0, colon), "content-disposition")) return true;
    std::string_view rest = value;
    if (!same_word(next_piece(rest), "form-data")) return false;
    part.name = parameter(value, "name").value_or("");
    part.filename = parameter(value, "filename").value_or("");
    return true;
}

/// Header lines up to the empty one.
bool read_headers(std::string_view& rest, Part& part) {
    const auto headers = take_until(rest, "\r\n\r\n");
    if (!headers || headers->size() > kPartHeaderBytesMax) return false;
    std::string_view lines = *headers;
    while (!lines.empty()) {
        const std::string_view line = lines.substr(0, lines.find("\r\n"));
        lines.remove_prefix(std::min(lines.size(), line.size() + 2));
        if (!read_header(line, part)) return false;
    }
    return !part.name.empty();
}

}  // namespace

Result<std::vector<Part>, std::string> parse_multipart(std::string_view content_type,
                                                       std::string_view body) {
    std::string_view kind = content_type;
    if (!same_word(next_piece(kind), "multipart/form-data"))
        return std::string("the request must be multipart/form-data");
    const auto boundary = parameter(content_type, "boundary");
    if (!boundary || boundary->empty() || boundary->size() > kBoundaryBytesMax)
        return std::string("the multipart boundary is missing or too long");

    const std::string opening = "--" + std::string(*boundary);
    const std::string delimiter = "\r\n" + opening;
    std::vector<Part> parts;
    std::string_view rest = body;
    if (rest.substr(0, opening.size()) == opening) {
        rest.remove_prefix(opening.size());
    } else if (!take_until(rest, delimiter)) {
        return std::string("the body does not begin with its multipart boundary");
    }
    while (rest.substr(0, 2) != "--") {
        const auto padding = take_until(rest, "\r\n");
        if (!padding || !trimmed(*padding).empty())
            return std::string("a multipart boundary does not end its line");
        if (parts.size() == kPartsMax) return std::string("the body has more than 8 parts");
        Part part;
        if (rest.substr(0, 2) == "\r\n" || !read_headers(rest, part))
            return std::string("a part's headers are broken, too long or give no name");
        const auto data = take_until(rest, delimiter);
        if (!data) return std::string("the body ends inside a part");
        part.data = *data;
        parts.push_back(part);
    }
    return parts;
}

}  // namespace compot::web
