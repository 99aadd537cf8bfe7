#include "sim/meshtasticator/model.hpp"

#include <algorithm>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "core/base/random.hpp"
#include "sim/meshtasticator/movement.hpp"
#include "sim/queue/queue.hpp"

namespace compot::meshtasticator {

namespace {

constexpr std::uint8_t kRetransmissions = 3;
constexpr Duration kProcessing = 4500ms;
constexpr std::uint8_t kCopiesThatCancel = 2;  // a second copy heard: others have relayed it
constexpr std::uint8_t kCopiesThatCancelRouter = 3;
constexpr std::int32_t kSnrOfZeroDbm = 119'250;  // noise floor of LONG_FAST, negated
constexpr std::int32_t kSnrLeast = -20'000;
constexpr std::int32_t kSnrMost = 15'000;
constexpr std::uint32_t kWindowLeast = 2;
constexpr std::uint32_t kWindowSpan = 6;  // to 8

/// A message that somebody has said: what each node knows of it is in `heard_`.
struct Said {
    std::uint16_t origin = 0;
    Time at{};
    std::uint8_t tries_left = kRetransmissions;
    std::uint16_t acks = 0;  ///< nodes that have a packet of it and have heard another copy since
};

/// One node's wish to send a message once.
struct Packet {
    std::uint32_t message = 0;
    std::uint8_t hop_limit = 0;
    std::int32_t heard_mdbm = kInaudible;  ///< of the copy that it relays; inaudible: its own
    std::shared_ptr<const Reach> reach{};  ///< of its sender when it was made
};

struct Node {
    std::deque<std::uint32_t> queue;  ///< packets; the first one is waiting for its turn
    bool sending = false;
    std::uint32_t receiving = 0;
    Duration air{};  ///< sent, and on the air towards it
};

enum class What : std::uint32_t { Say, Check, End, Retry, Move };

class Model {
public:
    Model(const Scenario& scenario, const Fixes& fixes, std::uint64_t seed)
        : scenario_(scenario),
          fixes_(fixes),
          medium_(scenario, fixes),
          movement_(scenario, seed),
          rssi_mdbm_(scenario.rssi_mdbm),
          random_(seed),
          nodes_(scenario.nodes),
          copies_(scenario.messages.size() * scenario.nodes),
          has_packet_(scenario.messages.size() * scenario.nodes),
          acked_(scenario.messages.size() * scenario.nodes) {}

    Outcome run();

private:
    void push(Time at, What what, std::size_t which) {
        events_.push(at, static_cast<std::uint32_t>(what), static_cast<std::uint32_t>(which));
    }

    [[nodiscard]] std::size_t cell(std::uint32_t message, std::uint16_t node) const {
        return static_cast<std::size_t>(message) * scenario_.nodes + node;
    }

    void say(std::uint32_t message);
    void retry(std::uint32_t message);
    void check(std::uint16_t node);
    void end(std::size_t slot);
    void move();
    void plan_move();

    void offer(std::uint16_t node, Packet packet);
    void acknowledge(std::uint32_t message, std::uint16_t node);
    void forget(std::uint32_t message, std::uint16_t node);
    void next(std::uint16_t node);
    void transmit(std::uint16_t node);
    void receive(const Ear& ear, const Packet& packet, Time ends);

    [[nodiscard]] std::uint32_t own_window(const Node& node) const;
    [[nodiscard]] Duration wait(std::uint16_t node);
    [[nodiscard]] bool blocked(std::uint16_t node);

    const Scenario& scenario_;
    Fixes fixes_;
    Medium medium_;
    Movement movement_;
    std::vector<std::int32_t> rssi_mdbm_;
    Random random_;
    Time now_{};
    queue::Queue events_;
    std::vector<Node> nodes_;
    std::vector<Said> said_;
    std::vector<Packet> packets_;
    std::vector<std::uint8_t> copies_;  ///< heard, by message and node
    std::vector<bool> has_packet_;
    std::vector<bool> acked_;
    std::uint64_t transmissions_ = 0;
    std::uint64_t useful_ = 0;
    std::vector<Duration> delays_;
};

Outcome Model::run() {
    said_.resize(scenario_.messages.size());
    std::uint64_t messages = 0;
    for (std::size_t i = 0; i < scenario_.messages.size(); ++i) {
        if (scenario_.messages[i].at > scenario_.until) break;
        ++messages;
        push(Time{scenario_.messages[i].at}, What::Say, i);
    }
    plan_move();
    while (!events_.empty() && events_.next().at <= Time{scenario_.until}) {
        const queue::Event event = events_.pop();
        now_ = event.at;
        switch (static_cast<What>(event.kind)) {
            case What::Say: say(event.subject); break;
            case What::Check: check(static_cast<std::uint16_t>(event.subject)); break;
            case What::End: end(event.subject); break;
            case What::Retry: retry(event.subject); break;
            case What::Move: move(); break;
        }
    }
    return tally(messages, transmissions_, useful_, scenario_.nodes,
                 transmissions_ * medium_.airtime(), scenario_.until, std::move(delays_));
}

void Model::plan_move() {
    if (movement_.next_at() != kNever) push(movement_.next_at(), What::Move, 0);
}

void Model::move() {
    const std::uint16_t moved = movement_.step(rssi_mdbm_);
    medium_.set_levels(rssi_mdbm_, moved);
    plan_move();
}

/// What the windows are drawn from when the channel is loaded: the whole run's load, not the last
/// minute's.
std::uint32_t Model::own_window(const Node& node) const {
    const std::int64_t now = std::max<std::int64_t>(1, to_us(now_));
    const auto load = static_cast<std::uint32_t>(
        std::min<std::int64_t>(kWindowSpan, to_us(node.air) * kWindowSpan / now));
    return 1U << (kWindowLeast + load);
}

Duration Model::wait(std::uint16_t node) {
    const Node& here = nodes_[node];
    const Packet& packet = packets_[here.queue.front()];
    std::uint32_t window = 0;
    if (packet.heard_mdbm == kInaudible) {
        window = own_window(here);
    } else {
        const std::int32_t snr =
            std::clamp(packet.heard_mdbm + kSnrOfZeroDbm, kSnrLeast, kSnrMost) - kSnrLeast;
        const auto part = static_cast<std::uint32_t>(snr) * kWindowSpan /
                          static_cast<std::uint32_t>(kSnrMost - kSnrLeast);
        const std::uint32_t exponent = kWindowLeast + part;
        window = scenario_.part(node) == Part::Router ? 2 * exponent : 1U << exponent;
    }
    return kSlot * random_.below(window);
}

void Model::say(std::uint32_t message) {
    Said& said = said_[message];
    said.origin = scenario_.messages[message].origin;
    said.at = now_;
    offer(said.origin, {message, scenario_.hops(said.origin), kInaudible});
    const Duration patience =
        2 * medium_.airtime() + kSlot * (own_window(nodes_[said.origin]) + 32) + kProcessing;
    push(now_ + patience, What::Retry, message);
}

void Model::retry(std::uint32_t message) {
    Said& said = said_[message];
    // Defect 13: the origin looks at everybody's packets, so it knows of acknowledgements that no
    // radio brought it.
    const bool acknowledged =
        fixes_.oracle_ack ? acked_[cell(message, said.origin)] : said.acks > 0;
    if (acknowledged || said.tries_left == 0) return;
    --said.tries_left;
    offer(said.origin, {message, scenario_.hops(said.origin), kInaudible});
    const Duration patience =
        2 * medium_.airtime() + kSlot * (own_window(nodes_[said.origin]) + 32) + kProcessing;
    push(now_ + patience, What::Retry, message);
}

void Model::offer(std::uint16_t node, Packet packet) {
    has_packet_[cell(packet.message, node)] = true;
    packet.reach = medium_.reach(node);
    packets_.push_back(std::move(packet));
    Node& here = nodes_[node];
    here.queue.push_back(static_cast<std::uint32_t>(packets_.size() - 1));
    if (here.queue.size() == 1) push(now_ + wait(node), What::Check, node);
}

/// The first of the queue is done with.
void Model::next(std::uint16_t node) {
    Node& here = nodes_[node];
    here.queue.pop_front();
    if (!here.queue.empty()) push(now_ + wait(node), What::Check, node);
}

bool Model::blocked(std::uint16_t node) {
    const Node& here = nodes_[node];
    if (here.receiving > 0 || here.sending) return true;
    // Defect 3: a level of 0.05 becomes 1 in 10, for it is compared with a whole number up to 9.
    const std::uint32_t strangers = fixes_.interference ? 20 : 10;
    return random_.below(strangers) == 0 || medium_.busy(node, now_);
}

void Model::check(std::uint16_t node) {
    if (blocked(node)) {
        push(now_ + wait(node), What::Check, node);
        return;
    }
    const Packet& packet = packets_[nodes_[node].queue.front()];
    const Part part = scenario_.part(node);
    const std::uint8_t enough = part == Part::Router || part == Part::Repeater
                                    ? kCopiesThatCancelRouter
                                    : kCopiesThatCancel;
    if (copies_[cell(packet.message, node)] >= enough) {
        forget(packet.message, node);
        next(node);
    } else {
        transmit(node);
    }
}

void Model::transmit(std::uint16_t node) {
    Node& here = nodes_[node];
    const std::uint32_t packet = here.queue.front();
    const std::size_t slot = medium_.begin(node, packet, packets_[packet].reach, now_);
    ++transmissions_;
    here.sending = true;
    here.air += medium_.airtime();
    for (Ear& ear : medium_.at(slot).ears) {
        Node& there = nodes_[ear.receiver];
        if (there.sending) {
            ear.sensed = false;  // half duplex: it will never know
        } else if (!ear.collided) {
            ++there.receiving;
        } else if (!fixes_.lost_start) {
            if (there.receiving > 0) --there.receiving;  // defect 6
            there.air += medium_.airtime();
        }
    }
    push(medium_.at(slot).ends, What::End, slot);
}

void Model::end(std::size_t slot) {
    const Transmission& sent = medium_.at(slot);
    nodes_[sent.sender].sending = false;
    const Packet packet = packets_[sent.packet];
    for (const Ear& ear : sent.ears) {
        if (!ear.sensed) continue;
        Node& there = nodes_[ear.receiver];
        if (there.receiving > 0) --there.receiving;
        there.air += medium_.airtime();
        if (!ear.collided) receive(ear, packet, sent.ends);
    }
    const std::uint16_t sender = sent.sender;
    medium_.finish(slot);
    next(sender);
}

void Model::acknowledge(std::uint32_t message, std::uint16_t node) {
    const std::size_t here = cell(message, node);
    if (acked_[here]) return;
    acked_[here] = true;
    ++said_[message].acks;
}

/// A relay that is not needed any more is deleted, and what it knew with it.
void Model::forget(std::uint32_t message, std::uint16_t node) {
    const std::size_t here = cell(message, node);
    if (node == said_[message].origin || !acked_[here]) return;
    acked_[here] = false;
    --said_[message].acks;
}

void Model::receive(const Ear& ear, const Packet& packet, Time ends) {
    Said& said = said_[packet.message];
    delays_.push_back(ends - said.at);
    const std::size_t here = cell(packet.message, ear.receiver);
    if (has_packet_[here]) acknowledge(packet.message, ear.receiver);
    if (!has_packet_[here] && copies_[here] == 0) ++useful_;
    if (copies_[here] < UINT8_MAX) ++copies_[here];
    if (has_packet_[here] || packet.hop_limit == 0) return;
    if (scenario_.part(ear.receiver) == Part::Mute) return;
    offer(ear.receiver,
          {packet.message, static_cast<std::uint8_t>(packet.hop_limit - 1), ear.rssi_mdbm});
}

}  // namespace

Outcome run(const Scenario& scenario, const Fixes& fixes, std::uint64_t seed) {
    return Model(scenario, fixes, seed).run();
}

}  // namespace compot::meshtasticator
