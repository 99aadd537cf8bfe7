#include "host/mqtt/broker.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>

namespace compot::mqtt {

namespace {

constexpr const char* kForms = "write mqtt://HOST, mqtt://HOST:PORT or mqtts://HOST";
constexpr ::mode_t kOthers = 0077;

/// The text itself is not repeated: it may hold a password.
std::string wrong(const std::string& what) { return "broker: " + what + "; " + kForms; }

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

Result<void, std::string> read_password(const std::string& file, std::string& password) {
    struct stat status {};

    std::ifstream in(file);
    if (::stat(file.c_str(), &status) != 0 || !in || !std::getline(in, password))
        return file + ": the broker's password can't be read there";
    if ((status.st_mode & kOthers) != 0)
        return file + ": others can read the broker's password; chmod 600 it";
    return {};
}

}  // namespace

Result<Broker, std::string> parse_broker(const std::string& text) {
    const bool printable =
        std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
    if (!printable) return wrong("the address holds a blank or a control character");
    Broker broker;
    std::string rest;
    if (text.starts_with("mqtts://")) {
        broker.tls = true;
        broker.port = kPortTls;
        rest = text.substr(8);
    } else if (text.starts_with("mqtt://")) {
        rest = text.substr(7);
    } else {
        return wrong("the address starts with neither mqtt:// nor mqtts://");
    }
    const std::size_t slash = rest.find('/');
    if (slash != std::string::npos) broker.path = rest.substr(slash + 1);
    const std::string authority = rest.substr(0, slash);
    if (authority.find('@') != std::string::npos)
        return wrong(
            "a user's name goes into COMPOTASTIC_MQTT_USER and the password into "
            "COMPOTASTIC_MQTT_PASSWORD, not into the address");
    const bool bracketed = authority.starts_with('[');
    const std::size_t close = bracketed ? authority.find(']') : 0;
    if (close == std::string::npos) return wrong("a ] is missing");
    const std::size_t colon = authority.find(':', close);
    const std::size_t end = std::min(colon, authority.size());
    if (bracketed && close + 1 != end) return wrong("only a port can follow the ]");
    broker.host = bracketed ? authority.substr(1, close - 1) : authority.substr(0, end);
    if (broker.host.empty()) return wrong("the address names no host");
    if (colon == std::string::npos) return broker;
    const std::string port = authority.substr(colon + 1);
    const auto parsed = std::from_chars(port.data(), port.data() + port.size(), broker.port);
    if (parsed.ec != std::errc{} || parsed.ptr != port.data() + port.size() || broker.port == 0)
        return wrong(port + " is no port (1 to 65535)");
    return broker;
}

std::string to_string(const Broker& broker) {
    const bool six = broker.host.find(':') != std::string::npos;
    return fmt::format("mqtt{}://{}{}{}:{}", broker.tls ? "s" : "", six ? "[" : "", broker.host,
                       six ? "]" : "", broker.port);
}

Result<Credentials, std::string> credentials_from_environment() {
    Credentials credentials;
    credentials.user = environment("COMPOTASTIC_MQTT_USER");
    credentials.password = environment("COMPOTASTIC_MQTT_PASSWORD");
    credentials.ca_file = environment("COMPOTASTIC_MQTT_CA");
    const std::string file = environment("COMPOTASTIC_MQTT_PASSWORD_FILE");
    if (file.empty()) return credentials;
    const auto read = read_password(file, credentials.password);
    if (!read) return read.error();
    return credentials;
}

}  // namespace compot::mqtt
