#include "apps/node_way.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>

namespace compot::apps {

namespace {

constexpr std::size_t kEarlyMax = 64;

stream_client::Terms terms_for(const stream_client::Address& address) {
    stream_client::Terms terms;
    terms.lossy = address.kind == stream_client::Address::Kind::Serial;
    terms.wants_nodes = false;
    terms.seed = std::random_device{}();
    return terms;
}

}  // namespace

Result<WayAddress, std::string> parse_way(const std::string& text) {
    const bool wrapped = text.starts_with("mqtt:mqtt");
    if (wrapped || text.starts_with("mqtt:") || text.starts_with("mqtts:")) {
        const auto broker = links::parse_mesh_broker(wrapped ? text.substr(5) : text);
        if (!broker) return broker.error();
        return WayAddress{*broker};
    }
    if (text.starts_with("udp")) {
        const auto network = links::parse_udp(text);
        if (!network) return network.error();
        return WayAddress{*network};
    }
    const auto line = stream_client::parse_address(text);
    if (!line) return line.error() + ", udp or mqtt://HOST/msh/REGION";
    return WayAddress{*line};
}

std::string to_string(const WayAddress& address) {
    if (const auto* line = std::get_if<stream_client::Address>(&address))
        return stream_client::to_string(*line);
    if (const auto* broker = std::get_if<mqtt::Broker>(&address))
        return mqtt::to_string(*broker) + "/" + broker->path;
    const auto& network = std::get<links::UdpAddress>(address);
    return network.interface.empty() ? "udp"
                                     : fmt::format("udp:{}:{}", network.interface, network.port);
}

Way::Way(WayAddress address, const mqtt::Credentials& credentials, const links::Identity& identity,
         WayListener& listener)
    : address_(std::move(address)), identity_(identity), listener_(listener) {
    identity_.seed = std::random_device{}();
    // Their threads have news at once; news() waits until the link has its place here.
    const std::lock_guard lock(mutex_);
    if (const auto* line = std::get_if<stream_client::Address>(&address_)) {
        radio_ = std::make_unique<stream_client::Radio>(*line, terms_for(*line), *this);
    } else {
        index_ = kSwarm;
        if (const auto* broker = std::get_if<mqtt::Broker>(&address_))
            mqtt_ = std::make_unique<links::MqttLink>(*broker, credentials, identity_, *this);
        if (const auto* network = std::get_if<links::UdpAddress>(&address_))
            udp_ = std::make_unique<links::UdpLink>(*network, identity_, *this);
    }
}

Way::~Way() = default;

void Way::send(radio::Packet packet) {
    if (unfit_) return;
    {
        const std::lock_guard lock(mutex_);
        if (index_ == kOther) {
            if (early_.size() == kEarlyMax) early_.pop_front();
            early_.push_back(packet);
            return;
        }
    }
    packet.channel = index_;
    if (radio_ != nullptr) radio_->send(packet);
    if (mqtt_ != nullptr) mqtt_->send(packet);
    if (udp_ != nullptr) udp_->send(packet);
}

void Way::news(const stream_client::News& news) {
    using namespace stream_client;
    { const std::lock_guard made(mutex_); }
    if (std::holds_alternative<Ready>(news)) ready();
    if (const auto* heard = std::get_if<Heard>(&news)) hear(heard->packet);
    if (const auto* taken = std::get_if<Taken>(&news);
        taken != nullptr && taken->error != mesh::RoutingError::NoError)
        listener_.told(*this,
                       std::string("a packet was not taken: ") + mesh::to_string(taken->error));
    if (const auto* said = std::get_if<Said>(&news))
        listener_.told(*this, (radio_ != nullptr ? "the radio says: " : "") + said->words);
}

void Way::trouble(const std::string& sentence) {
    const bool radio = std::holds_alternative<stream_client::Address>(address_);
    listener_.told(*this, (radio ? "no radio: " : "") + sentence + "; it is tried again");
}

void Way::ready() {
    if (std::holds_alternative<stream_client::Address>(address_)) {
        const std::string why = problem(radio_->facts());
        unfit_ = !why.empty();
        if (unfit_) return listener_.unfit(*this, why);
        send_early();
        return listener_.told(*this,
                              fmt::format("the radio !{:08x} is there", identity_.self.value));
    }
    listener_.told(*this, "it is there");
}

void Way::send_early() {
    std::deque<radio::Packet> early;
    {
        const std::lock_guard lock(mutex_);
        early.swap(early_);
    }
    for (const radio::Packet& packet : early) send(packet);
}

void Way::hear(radio::Packet packet) {
    packet.channel = packet.channel == index_ ? kSwarm : kOther;
    listener_.heard(*this, packet);
}

/// Frames prove who said them by the radio's number, and nobody hears them on another channel.
std::string Way::problem(const stream_client::RadioFacts& facts) {
    if (facts.self != identity_.self)
        return fmt::format("this radio is !{:08x}, but {} is enrolled with !{:08x}",
                           facts.self.value, identity_.name, identity_.self.value);
    const auto& key = identity_.channel.key;
    for (const auto& each : facts.channels) {
        const BytesView psk{each.settings.psk.bytes, each.settings.psk.size};
        const bool same = std::equal(psk.begin(), psk.end(), key.begin(), key.end());
        if (!same || identity_.channel.name != &each.settings.name[0]) continue;
        index_ = static_cast<std::uint8_t>(each.index);
        return "";
    }
    return fmt::format(
        "the radio has no channel {} with the swarm's key: add it with a Meshtastic app",
        identity_.channel.name);
}

}  // namespace compot::apps
