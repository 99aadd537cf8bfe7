#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <variant>

#include "host/links/mqtt_link.hpp"
#include "host/links/udp_link.hpp"
#include "host/stream_client/radio.hpp"

/// One of a daemon's ways to its mesh: a radio on a line, a broker, or the local network. All of
/// them bring and take packets of the swarm's channel; which index it has at a radio stays here.

namespace compot::apps {

using WayAddress = std::variant<stream_client::Address, mqtt::Broker, links::UdpAddress>;

/// serial:DEVICE, tcp:HOST[:PORT], udp[:INTERFACE], mqtt://HOST/ROOT (or mqtt:mqtt://HOST/ROOT).
/// ERRORS: one sentence.
[[nodiscard]] Result<WayAddress, std::string> parse_way(const std::string& text);

[[nodiscard]] std::string to_string(const WayAddress& address);

class Way;

/// Called on the way's thread.
class WayListener {
public:
    virtual ~WayListener() = default;
    /// Something for people.
    virtual void told(Way& way, const std::string& sentence) = 0;
    virtual void heard(Way& way, const radio::Packet& packet) = 0;
    /// Nobody would believe what goes this way, or hear it: one sentence.
    virtual void unfit(Way& way, const std::string& sentence) = 0;
};

class Way final : public stream_client::Listener {
public:
    /// Packets of the swarm's channel have this index, whichever way they take.
    static constexpr std::uint8_t kSwarm = 0;
    static constexpr std::uint8_t kOther = 0xFF;

    /// Begins at once. `listener` outlives the way.
    Way(WayAddress address, const mqtt::Credentials& credentials, const links::Identity& identity,
        WayListener& listener);
    Way(const Way&) = delete;
    Way& operator=(const Way&) = delete;
    ~Way() override;

    void send(radio::Packet packet);

    [[nodiscard]] const WayAddress& address() const { return address_; }

    /// Null where the way is another one.
    [[nodiscard]] const stream_client::Radio* radio() const { return radio_.get(); }

    [[nodiscard]] const links::MqttLink* broker() const { return mqtt_.get(); }

    [[nodiscard]] const links::UdpLink* network() const { return udp_.get(); }

    void news(const stream_client::News& news) override;
    void trouble(const std::string& sentence) override;

private:
    void ready();
    void send_early();
    void hear(radio::Packet packet);
    [[nodiscard]] std::string problem(const stream_client::RadioFacts& facts);

    WayAddress address_;
    links::Identity identity_;
    WayListener& listener_;
    std::atomic<std::uint8_t> index_{kOther};  ///< of the swarm's channel at a radio
    std::atomic<bool> unfit_{false};

    std::mutex mutex_;                 // guards early_, and the links while they are made
    std::deque<radio::Packet> early_;  ///< said before the radio's channels were known

    std::unique_ptr<stream_client::Radio> radio_;
    std::unique_ptr<links::MqttLink> mqtt_;
    std::unique_ptr<links::UdpLink> udp_;
};

}  // namespace compot::apps
