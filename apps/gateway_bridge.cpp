#include "apps/gateway_bridge.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/links/mqtt_link.hpp"

namespace compot::apps {

namespace {

mqtt::Terms terms_of(const mqtt::Credentials& credentials) {
    mqtt::Terms terms;
    terms.credentials = credentials;
    terms.packet_bytes_max = 4096;
    return terms;
}

BytesView bytes_of(const std::string& text) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): a string that holds bytes
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

/// One gateway's. The world's thread brings what goes up, the client's what comes down.
class GatewayBridge::Connection final : public mqtt::Listener {
public:
    Connection(Runner& runner, const links::GatewayTerms& terms, const mqtt::Broker& broker,
               const mqtt::Credentials& credentials, std::string name)
        : runner_(runner),
          self_(terms.self),
          root_(broker.path),
          name_(std::move(name)),
          gateway_(terms),
          client_(broker, terms_of(credentials), *this) {
        for (const std::string& channel : {terms.channel.name, std::string(links::kPkiChannel)})
            client_.subscribe(links::topics(root_, channel), mqtt::Quality::AtLeastOnce);
    }

    void up(BytesView frame, std::int16_t rssi_cdbm, std::int16_t snr_cdb) {
        const auto carried = links::carried_of(frame, rssi_cdbm, snr_cdb);
        if (!carried) return;
        std::optional<links::Envelope> envelope;
        {
            const std::lock_guard lock(mutex_);
            envelope = gateway_.uplink(*carried);
        }
        if (!envelope) return;
        mqtt::Message message;
        message.topic = links::topic(root_, envelope->channel, self_);
        message.payload = links::encode_envelope(*envelope);
        // A broker that is away for long misses what was said meanwhile, as with a real gateway.
        (void)client_.publish(message);
    }

    void up() override { say("is connected to the broker"); }

    void trouble(const std::string& sentence) override {
        say("has no broker: " + sentence + "; it is tried again");
    }

    void heard(const mqtt::Message& message) override {
        const auto envelope = links::read_message(root_, message.topic, bytes_of(message.payload));
        if (!envelope) return;
        std::optional<links::Carried> carried;
        {
            const std::lock_guard lock(mutex_);
            carried = gateway_.downlink(*envelope);
        }
        if (!carried) return;
        (void)runner_.post([at = self_, frame = links::frame_of(*carried)](World& world) {
            (void)world.bring(at, frame.view());
        });
    }

private:
    void say(const std::string& what) const {
        fmt::print(stderr, "compotastic sim: the gateway {} {}\n", name_, what);
    }

    Runner& runner_;
    NodeId self_;
    std::string root_;
    std::string name_;
    std::mutex mutex_;  // guards gateway_
    links::Gateway gateway_;
    mqtt::Client client_;
};

GatewayBridge::GatewayBridge() = default;
GatewayBridge::~GatewayBridge() = default;

void GatewayBridge::attach(sim::Simulation& world) {
    {
        const std::lock_guard lock(mutex_);
        nodes_.clear();
        for (const sim::Unit& unit : world.units()) nodes_.emplace_back(unit.id(), unit.plan.name);
        channel_ = world.channel();
    }
    world.add_backhaul(this);
}

Result<void, std::string> GatewayBridge::open(Runner& runner, const GatewayOptions& options) {
    const auto broker = links::parse_mesh_broker(options.broker);
    if (!broker) return "--mqtt: " + broker.error();
    const auto credentials = mqtt::credentials_from_environment();
    if (!credentials) return credentials.error();
    const std::lock_guard lock(mutex_);
    for (const std::string& name : options.names) {
        const auto found = std::find_if(nodes_.begin(), nodes_.end(),
                                        [&](const auto& node) { return node.second == name; });
        if (found == nodes_.end())
            return fmt::format("--gateway {}: no node of the scenario is called so", name);
        links::GatewayTerms terms;
        terms.self = found->first;
        terms.channel = channel_;
        terms.private_broker = links::is_private(broker->host);
        terms.zero_hop = options.zero_hop;
        connections_[found->first] =
            std::make_unique<Connection>(runner, terms, *broker, *credentials, name);
    }
    return {};
}

void GatewayBridge::close() {
    std::map<NodeId, std::unique_ptr<Connection>> connections;
    const std::lock_guard lock(mutex_);
    connections.swap(connections_);
}

void GatewayBridge::sent(NodeId at, BytesView frame, bool relayed) {
    if (!relayed) heard(at, frame, 0, 0);  // what it relays it has heard, and that went up then
}

void GatewayBridge::heard(NodeId at, BytesView frame, std::int16_t rssi_cdbm,
                          std::int16_t snr_cdb) {
    const std::lock_guard lock(mutex_);
    const auto found = connections_.find(at);
    if (found != connections_.end()) found->second->up(frame, rssi_cdbm, snr_cdb);
}

}  // namespace compot::apps
