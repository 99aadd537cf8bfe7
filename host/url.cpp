#include <algorithm>

#include "host/http_client.hpp"

namespace compot::host {

namespace {

scene::Failure malformed(const char* why) { return {Error::Malformed, std::string("URL: ") + why}; }

bool digits(std::string_view text) {
    return !text.empty() && text.size() <= 5 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string Url::authority() const {
    const bool six = host.find(':') != std::string::npos;
    const std::string name = six ? "[" + host + "]" : host;
    return port == (tls ? "443" : "80") ? name : name + ":" + port;
}

Result<Url, scene::Failure> parse_url(std::string_view text) {
    const bool printable =
        std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
    if (!printable) return malformed("holds a blank or a control character");
    Url url;
    if (text.starts_with("https://")) {
        url.tls = true;
        text.remove_prefix(8);
    } else if (text.starts_with("http://")) {
        text.remove_prefix(7);
    } else {
        return malformed("must start with http:// or https://");
    }
    text = text.substr(0, text.find('#'));
    const std::size_t path = std::min(text.find_first_of("/?"), text.size());
    std::string_view authority = text.substr(0, path);
    url.target = text.substr(path);
    if (!url.target.starts_with('/')) url.target.insert(0, "/");
    if (authority.find('@') != std::string_view::npos) return malformed("holds a user name");

    url.port = url.tls ? "443" : "80";
    std::string_view rest;
    if (authority.starts_with('[')) {
        const std::size_t end = authority.find(']');
        if (end == std::string_view::npos) return malformed("an IPv6 address has no end");
        url.host = authority.substr(1, end - 1);
        rest = authority.substr(end + 1);
    } else {
        const std::size_t colon = std::min(authority.find(':'), authority.size());
        url.host = authority.substr(0, colon);
        rest = authority.substr(colon);
    }
    if (url.host.empty()) return malformed("names no host");
    if (rest.empty()) return url;
    if (rest[0] != ':' || !digits(rest.substr(1))) return malformed("its port is no number");
    url.port = rest.substr(1);
    const unsigned long port = std::stoul(url.port);
    if (port == 0 || port > 65535) return malformed("its port is not between 1 and 65535");
    return url;
}

}  // namespace compot::host
