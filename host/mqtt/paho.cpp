#include "host/mqtt/paho.hpp"

#include <fmt/format.h>

#include <random>

namespace compot::mqtt {

namespace {

constexpr auto kConnectWithin = std::chrono::seconds(10);

paho::property number(paho::property::code code, std::int64_t value) {
    return {code, static_cast<std::int32_t>(value)};
}

}  // namespace

paho::connect_options options_of(const Broker& broker, const Terms& terms) {
    paho::connect_options options;
    options.set_mqtt_version(MQTTVERSION_5);
    const bool keeps = terms.session.count() > 0;
    options.set_clean_start(!keeps);
    options.set_keep_alive_interval(terms.keep_alive);
    options.set_connect_timeout(kConnectWithin);
    options.set_automatic_reconnect(false);
    paho::properties properties;
    properties.add(number(paho::property::MAXIMUM_PACKET_SIZE, terms.packet_bytes_max));
    if (keeps)
        properties.add(number(paho::property::SESSION_EXPIRY_INTERVAL, terms.session.count()));
    options.set_properties(properties);
    if (!terms.credentials.user.empty()) options.set_user_name(terms.credentials.user);
    if (!terms.credentials.password.empty()) options.set_password(terms.credentials.password);
    if (broker.tls) {
        paho::ssl_options ssl;
        if (!terms.credentials.ca_file.empty()) ssl.set_trust_store(terms.credentials.ca_file);
        ssl.set_enable_server_cert_auth(true);
        ssl.set_verify(true);
        options.set_ssl(ssl);
    }
    return options;
}

std::string uri_of(const Broker& broker) {
    // Paho's own words for the two kinds of line.
    return (broker.tls ? "ssl" : "tcp") + to_string(broker).substr(broker.tls ? 5 : 4);
}

paho::message_ptr letter_of(const Message& message) {
    auto letter = paho::make_message(message.topic, message.payload,
                                     static_cast<int>(message.quality), message.retained);
    if (message.expires.count() > 0) {
        paho::properties properties;
        properties.add(number(paho::property::MESSAGE_EXPIRY_INTERVAL, message.expires.count()));
        letter->set_properties(properties);
    }
    return letter;
}

Message message_of(const paho::message& letter) {
    Message message;
    message.topic = letter.get_topic();
    message.payload = letter.get_payload_str();
    message.quality = letter.get_qos() == 0 ? Quality::AtMostOnce : Quality::AtLeastOnce;
    message.retained = letter.is_retained();
    return message;
}

std::string random_id() {
    std::random_device device;
    return fmt::format("compot-{:08x}{:08x}", device(), device());
}

void* context_of(Ticket ticket) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): nobody looks behind it
    return reinterpret_cast<void*>(ticket);
}

Ticket ticket_of(const paho::token& token) {
    return reinterpret_cast<Ticket>(token.get_user_context());
}

std::string words_of(paho::ReasonCode code) {
    const char* words = ::MQTTReasonCode_toString(static_cast<::MQTTReasonCodes>(code));
    return words == nullptr ? "the broker ends the connection" : words;
}

std::string reason_of(const paho::token& token) {
    const int code = token.get_reason_code();
    if (code >= kRefused) {
        // NOLINTNEXTLINE(clang-analyzer-optin.core.EnumCastOutOfRange): names what it knows
        const char* words = ::MQTTReasonCode_toString(static_cast<::MQTTReasonCodes>(code));
        return words == nullptr ? fmt::format("reason {}", code) : words;
    }
    const char* words = ::MQTTAsync_strerror(token.get_return_code());
    return words == nullptr || *words == '\0' ? "nobody answers" : words;
}

std::uint32_t packet_bytes_max_of(const paho::token& token) {
    try {
        const auto response = token.get_connect_response();
        const auto& properties = response.get_properties();
        if (properties.contains(paho::property::MAXIMUM_PACKET_SIZE))
            return paho::get<std::uint32_t>(properties, paho::property::MAXIMUM_PACKET_SIZE);
    } catch (const std::exception&) {
        // A response without properties: no limit is named.
    }
    return 0;
}

}  // namespace compot::mqtt
