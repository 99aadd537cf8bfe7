#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/base/check.hpp"
#include "host/links/bare.hpp"
#include "host/stream_client/radio.hpp"

/// What the tests of links have in common.

namespace compot::links {

inline Identity identity(std::uint32_t number, const std::string& name) {
    Identity identity;
    identity.self = NodeId{number};
    identity.name = name;
    const std::vector<std::uint8_t> key(32, 7);
    identity.channel = *radio::make_channel("compot", key);
    identity.seed = number;
    return identity;
}

inline radio::Packet private_packet(std::uint32_t id, const std::string& words) {
    radio::Packet packet;
    packet.id = PacketId{id};
    packet.data.portnum = mesh::port::kPrivate;
    const std::vector<std::uint8_t> bytes(words.begin(), words.end());
    COMPOT_CHECK(packet.data.payload.assign(bytes));
    return packet;
}

inline std::string words_in(const radio::Packet& packet) {
    return {packet.data.payload.begin(), packet.data.payload.end()};
}

/// Remembers what a link tells.
class Ear final : public stream_client::Listener {
public:
    void news(const stream_client::News& news) override {
        const std::lock_guard lock(mutex_);
        if (std::holds_alternative<stream_client::Ready>(news)) ++ready_;
        if (std::holds_alternative<stream_client::NotReady>(news)) ++not_ready_;
        if (std::holds_alternative<stream_client::Said>(news)) ++said_;
        if (const auto* heard = std::get_if<stream_client::Heard>(&news))
            packets_.push_back(heard->packet);
        if (const auto* taken = std::get_if<stream_client::Taken>(&news))
            taken_.push_back(taken->error);
    }

    void trouble(const std::string& sentence) override {
        const std::lock_guard lock(mutex_);
        troubles_.push_back(sentence);
    }

    [[nodiscard]] int ready() const { return get(ready_); }

    [[nodiscard]] int not_ready() const { return get(not_ready_); }

    [[nodiscard]] int said() const { return get(said_); }

    [[nodiscard]] std::vector<std::string> troubles() const { return get(troubles_); }

    [[nodiscard]] std::vector<mesh::RoutingError> taken() const { return get(taken_); }

    [[nodiscard]] std::vector<radio::Packet> heard(std::uint32_t port) const {
        std::vector<radio::Packet> found;
        for (const radio::Packet& packet : get(packets_))
            if (packet.data.portnum == port) found.push_back(packet);
        return found;
    }

private:
    template <typename Value>
    Value get(const Value& value) const {
        const std::lock_guard lock(mutex_);
        return value;
    }

    mutable std::mutex mutex_;
    int ready_ = 0;
    int not_ready_ = 0;
    int said_ = 0;
    std::vector<radio::Packet> packets_;
    std::vector<mesh::RoutingError> taken_;
    std::vector<std::string> troubles_;
};

/// Waits for something that must come; how long is no promise.
template <typename Condition>
bool comes(Condition condition) {
    for (int i = 0; i < 3000; ++i) {
        if (condition()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
}

}  // namespace compot::links
