#pragma once

#include <memory>
#include <vector>

#include "radio/history.hpp"
#include "radio/mac.hpp"
#include "radio/radio.hpp"

/// The inside of a Radio, for its own sources only: send.cpp, receive.cpp and acks.cpp each hold
/// one side of it.

namespace compot::radio {

/// A packet that is sent again until somebody confirms it.
struct Pending {
    Waiting packet;
    Time next{};
    std::uint8_t left = 0;  ///< transmissions still to come
    Duration airtime{};
};

struct Radio::Self {
    Self(std::shared_ptr<const Settings> settings_in, const Identity& identity_in,
         Random random_in);

    // radio.cpp
    void handle(const Event& event, Time now, Effects& out);
    [[nodiscard]] Time wake_at() const;

    // send.cpp
    void submit(const Packet& packet, Time now, Effects& out);
    [[nodiscard]] mesh::RoutingError originate(Packet packet, Time now, Effects& out);
    [[nodiscard]] mesh::RoutingError seal(const Packet& packet, Waiting& item) const;
    /// False when the queue is full of what is more urgent, or the duty cycle is used up.
    [[nodiscard]] bool enqueue(const Waiting& item, Time now, Effects& out);
    void transmit(std::unique_ptr<Waiting> item, Effects& out);
    [[nodiscard]] PacketId fresh_id();
    [[nodiscard]] bool duty_used_up(Time now) const;

    // receive.cpp
    void receive(const Received& event, Time now, Effects& out);
    void own_packet_heard(const Header& header, Time now, Effects& out);
    void duplicate(const Received& event, const Header& header, History::Record& record, Time now,
                   Effects& out);
    void fresh(const Received& event, const Header& header, Time now, Effects& out);
    [[nodiscard]] bool open(const Received& event, const Header& header, Packet& packet) const;
    /// Queues our copy of it, if it is ours to relay.
    [[nodiscard]] bool relay(const Received& event, const Header& header, const Packet* opened,
                             Time now, Effects& out);
    [[nodiscard]] bool upgrade(const Received& event, const Header& header, Time now, Effects& out);
    [[nodiscard]] bool relays() const;
    [[nodiscard]] bool routes() const;

    // acks.cpp
    void keep_sending(const Waiting& item, std::uint8_t transmissions, Time now);
    bool stop_sending(NodeId from, PacketId id);
    void send_again(Time now, Effects& out);
    void postpone(Duration airtime);
    void acknowledge(const Packet& packet, Time now, Effects& out);
    void take_acknowledgement(const Packet& packet, Effects& out);
    void reply(NodeId to, PacketId request, std::uint8_t channel, std::uint8_t hop_limit,
               bool want_ack, mesh::RoutingError error, Time now, Effects& out);
    [[nodiscard]] std::uint8_t reply_hops(const Packet& packet) const;

    std::shared_ptr<const Settings> settings;
    Identity identity;
    Random random;
    std::uint8_t name;  ///< of ours in next_hop and relay_node
    Mac mac;
    History history;
    std::vector<Pending> pending;
    Duration on_air{};  ///< of the frame that is being sent
    std::uint32_t next_counter = 0;
    Verdict verdict = Verdict::None;
    Counters counters;
};

}  // namespace compot::radio
