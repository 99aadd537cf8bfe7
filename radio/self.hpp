#pragma once

#include <forward_list>
#include <memory>
#include <optional>

#include "radio/history.hpp"
#include "radio/mac.hpp"
#include "radio/peers.hpp"
#include "radio/pkc.hpp"
#include "radio/policy.hpp"
#include "radio/radio.hpp"

/// The inside of a Radio, for its own sources only: send.cpp, receive.cpp, relay.cpp, acks.cpp and
/// nodeinfo.cpp each hold one side of it.

namespace compot::radio {

/// A packet that is sent again until somebody confirms it.
struct Pending {
    Waiting packet;
    Time next{};
    std::uint8_t left = 0;  ///< transmissions still to come
    bool told = false;      ///< our client waits for the outcome
    Duration airtime{};
};

/// Handed over as packets are: WaitingList.
using PendingList = std::forward_list<Pending>;

/// When we say who we are, and ask who others are.
struct Introducing {
    Time at = kNever;  ///< unasked
    Time asks_at = kNever;
    NodeId stranger{};           ///< asked who it is at asks_at
    std::optional<Time> last{};  ///< to anybody
};

/// What came of trying to read a frame.
enum class Opening : std::uint8_t {
    Open,
    Foreign,     ///< no channel of ours has its hash
    Unreadable,  ///< one has, but what it opens is no message
    Forged,      ///< its signature is wrong, or missing against the policy
};

/// The public key in a NodeInfo packet, if there is one.
[[nodiscard]] std::optional<crypto::Key> introduced_key(const mesh::Data& data);

struct Radio::Self {
    Self(std::shared_ptr<const Settings> settings_in, Identity identity_in, Random random_in,
         std::shared_ptr<Names> names);

    // radio.cpp
    void handle(const Event& event, Time now, Effects& out);
    [[nodiscard]] Time wake_at() const;
    void look_ahead() const;

    // send.cpp
    void submit(const Packet& packet, Time now, Effects& out);
    [[nodiscard]] mesh::RoutingError originate(Packet packet, Time now, Effects& out);
    [[nodiscard]] mesh::RoutingError seal(const Packet& packet, Waiting& item);
    [[nodiscard]] mesh::RoutingError seal_for_one(const Packet& packet, BytesView clear,
                                                  Waiting& item);
    void sign(const Packet& packet, mesh::Data& data);
    /// False when the queue is full of what is more urgent.
    [[nodiscard]] bool enqueue(WaitingList item, Time now, Effects& out);
    void transmit(const Waiting& item, Effects& out);
    void remember_own(const Packet& packet);
    [[nodiscard]] PacketId fresh_id();
    [[nodiscard]] bool duty_used_up(Time now) const;

    // receive.cpp
    void receive(const Received& event, Time now, Effects& out);
    void take_bridged(const Bridged& event, Time now, Effects& out);
    void own_packet_heard(const Header& header, Effects& out);
    void fresh(const Received& event, const Header& header, Time now, Effects& out);
    void remember(const Header& header);
    void notice_neighbour(const Header& header, Time now);
    [[nodiscard]] Opening open(const Received& event, const Header& header, Packet& packet) const;
    [[nodiscard]] Opening open_channel(const Received& event, const Header& header,
                                       Packet& packet) const;
    [[nodiscard]] bool open_for_us(const Received& event, const Header& header,
                                   Packet& packet) const;
    [[nodiscard]] bool signature_holds(const Header& header, mesh::Data& data, bool& valid) const;
    void refuse_unreadable(const Header& header, Time now, Effects& out);
    [[nodiscard]] bool legacy_direct_text(const Packet& packet) const;

    // relay.cpp
    void duplicate(const Received& event, const Header& header, History::Place known, Time now,
                   Effects& out);
    [[nodiscard]] bool may_relay(const Header& header, const Packet* opened, bool known_hash) const;
    /// Queues our copy of it, if it is ours to relay.
    bool relay(const Received& event, const Header& header, const Packet* opened, Time now,
               Effects& out);
    /// What is relayed of a packet: its bytes as they came, or written anew where a relay must.
    void carry(const Received& event, const Header& header, const Packet* opened,
               Waiting& item) const;
    /// relay() of what was met before, so is not open any more.
    bool relay_again(const Received& event, const Header& header, Time now, Effects& out);
    [[nodiscard]] bool upgrade(const Received& event, const Header& header, Time now, Effects& out);

    // acks.cpp
    [[nodiscard]] PendingList to_send_again(const Waiting& item, std::uint8_t transmissions,
                                            bool told, Time now) const;
    /// Nothing when it is empty.
    void keep_sending(PendingList one);
    /// Null when nobody's confirmation of it is awaited.
    [[nodiscard]] const Pending* awaited(NodeId from, PacketId id) const;
    bool stop_sending(NodeId from, PacketId id);
    void send_again(Time now, Effects& out);
    void postpone(PacketId id, Duration airtime);
    void acknowledge(const Packet& packet, Time now, Effects& out);
    void take_acknowledgement(const Packet& packet, Effects& out);
    void answer_seen(const Packet& packet, Time now);
    void reply(NodeId to, PacketId request, std::uint8_t channel, std::uint8_t hop_limit,
               bool want_ack, mesh::RoutingError error, Time now, Effects& out);
    [[nodiscard]] std::uint8_t reply_hops(const Packet& packet) const;
    [[nodiscard]] std::uint8_t route_to(NodeId to, std::uint8_t heard_from, Time now) const;
    void route_failed(NodeId to);

    // nodeinfo.cpp
    /// Answers `asked`, or tells `to` unasked when that is null.
    void introduce(NodeId to, const Packet* asked, bool want_response, Time now, Effects& out);
    void introduce_on_demand(Time now, Effects& out);
    void take_introduction(const Packet& packet, Time now, Effects& out);
    void wonder_who(const Packet& packet, Time now);
    void introduce_when_due(Time now, Effects& out);
    [[nodiscard]] bool introduced_within(Duration pause, Time now) const;

    // traceroute.cpp
    /// Notes in a traceroute that it came by us, or to us. True when `packet` was changed.
    bool note_route(Packet& packet) const;
    void answer_traceroute(const Packet& packet, Time now, Effects& out);

    // What every reception touches comes first.
    std::shared_ptr<const Settings> settings;
    Random random;
    std::uint8_t name;  ///< of ours in next_hop and relay_node
    RebroadcastMode mode;
    Verdict verdict = Verdict::None;
    PacketId on_air_id{};  ///< of the frame that is being sent
    PendingList pending;
    Rarely<Introducing> introducing;  ///< unset: sends and asks for no NodeInfo
    Mac mac;
    History history;
    Counters counters;
    Identity identity;  // of which number and role come first

    Peers peers;
    std::uint32_t on_air_us = 0;
    std::uint32_t next_counter = 0;
};

}  // namespace compot::radio
