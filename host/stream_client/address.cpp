#include "host/stream_client/address.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace compot::stream_client {

namespace {

constexpr const char* kForms = "write tcp:HOST, tcp:HOST:PORT or serial:DEVICE";

std::optional<std::uint32_t> number(const std::string& text) {
    std::uint32_t value = 0;
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, value);
    if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
    return value;
}

Result<Address, std::string> tcp(const std::string& text, const std::string& rest) {
    Address address;
    std::string port;
    const bool bracketed = !rest.empty() && rest.front() == '[';
    const std::size_t close = bracketed ? rest.find(']') : std::string::npos;
    const std::size_t colon = rest.find(':', bracketed && close != std::string::npos ? close : 0);
    if (bracketed) {
        if (close == std::string::npos) return fmt::format("radio {}: a ] is missing", text);
        address.place = rest.substr(1, close - 1);
        const std::string after = rest.substr(close + 1);
        if (!after.empty() && after.front() != ':')
            return fmt::format("radio {}: only a port can follow the ]", text);
    } else {
        address.place = rest.substr(0, colon);
    }
    if (address.place.empty()) return fmt::format("radio {}: no host; {}", text, kForms);
    if (colon == std::string::npos) return address;
    const auto value = number(rest.substr(colon + 1));
    if (!value || *value == 0 || *value > 0xFFFF)
        return fmt::format("radio {}: {} is no port (1 to 65535)", text, rest.substr(colon + 1));
    address.port = static_cast<std::uint16_t>(*value);
    return address;
}

Result<Address, std::string> serial(const std::string& text, const std::string& rest) {
    Address address;
    address.kind = Address::Kind::Serial;
    const std::size_t at = rest.rfind('@');
    address.place = rest.substr(0, at);
    if (address.place.empty()) return fmt::format("radio {}: no device; {}", text, kForms);
    if (at == std::string::npos) return address;
    const auto baud = number(rest.substr(at + 1));
    if (!baud || *baud < 300 || *baud > 4'000'000)
        return fmt::format("radio {}: {} is no baud rate", text, rest.substr(at + 1));
    address.baud = *baud;
    return address;
}

}  // namespace

Result<Address, std::string> parse_address(const std::string& text) {
    const std::size_t colon = text.find(':');
    const std::string kind = text.substr(0, colon);
    const std::string rest = colon == std::string::npos ? "" : text.substr(colon + 1);
    if (kind == "tcp") return tcp(text, rest);
    if (kind == "serial") return serial(text, rest);
    return fmt::format("radio {}: {} is no kind of link; {}", text, kind, kForms);
}

std::string to_string(const Address& address) {
    if (address.kind == Address::Kind::Serial) {
        return address.baud == kMeshtasticBaud
                   ? fmt::format("serial:{}", address.place)
                   : fmt::format("serial:{}@{}", address.place, address.baud);
    }
    const bool v6 = address.place.find(':') != std::string::npos;
    return fmt::format("tcp:{}{}{}:{}", v6 ? "[" : "", address.place, v6 ? "]" : "", address.port);
}

}  // namespace compot::stream_client
