#include "host/links/mqtt_link.hpp"

#include "host/links/envelope.hpp"

namespace compot::links {

namespace {

constexpr std::size_t kWaitingMax = 64;
/// A gateway's subscribers are not interested in what was said long ago.
constexpr auto kExpires = std::chrono::seconds(120);

BytesView bytes_of(const std::string& text) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): a string that holds bytes
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

mqtt::Terms terms_of(const mqtt::Credentials& credentials) {
    mqtt::Terms terms;
    terms.credentials = credentials;
    terms.waiting_max = kWaitingMax;
    terms.packet_bytes_max = 4096;
    return terms;
}

}  // namespace

Result<mqtt::Broker, std::string> parse_mesh_broker(const std::string& text) {
    auto broker = mqtt::parse_broker(text);
    if (!broker) return broker;
    while (broker->path.ends_with('/')) broker->path.pop_back();
    if (broker->path.empty())
        return std::string(
            "broker: the address lacks the mesh's root topic; write mqtt://HOST/msh/REGION");
    if (broker->path.find_first_of("+#") != std::string::npos)
        return std::string("broker: a root topic holds neither + nor #");
    return broker;
}

MqttLink::MqttLink(const mqtt::Broker& broker, const mqtt::Credentials& credentials,
                   const Identity& identity, stream_client::Listener& listener)
    : identity_(identity),
      root_(broker.path),
      post_(identity, listener, [this](const Carried& carried) { return carry(carried); }),
      client_(std::make_unique<mqtt::Client>(broker, terms_of(credentials), *this)) {
    client_->subscribe(topics(root_, identity_.channel.name), mqtt::Quality::AtLeastOnce);
    post_.start();
}

MqttLink::~MqttLink() {
    post_.stop();
    client_.reset();
}

void MqttLink::up() { post_.up(); }

void MqttLink::down() { post_.down(); }

void MqttLink::trouble(const std::string& sentence) { post_.trouble(sentence); }

void MqttLink::heard(const mqtt::Message& message) {
    const auto envelope = read_message(root_, message.topic, bytes_of(message.payload));
    if (!envelope) return post_.heard(envelope.error(), true);
    if (envelope->gateway == identity_.self) {
        ++echoes_;
        return;
    }
    post_.heard(envelope->packet, true);
}

bool MqttLink::carry(const Carried& carried) {
    mqtt::Message message;
    message.topic = topic(root_, identity_.channel.name, identity_.self);
    message.payload = encode_envelope({carried, identity_.channel.name, identity_.self});
    message.expires = kExpires;
    return client_->publish(message) != 0;
}

MqttLink::Counters MqttLink::counters() const {
    return {post_.counters(), client_->counters(), echoes_};
}

}  // namespace compot::links
