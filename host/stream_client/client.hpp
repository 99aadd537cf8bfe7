#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "core/base/random.hpp"
#include "core/base/time.hpp"
#include "host/stream_client/frames.hpp"
#include "host/stream_client/messages.hpp"

/// A client of one Meshtastic radio, without the line to it: it asks for the configuration, sends
/// packets no faster than the radio takes them, says each again that the radio did not confirm, and
/// notices a radio that reboots or falls silent. Bytes and the time go in, bytes and news come out.
///
///     Down --connected()--> Asking --config_complete--> Ready --rebooted--> Asking
///      ^---- disconnected(), which whoever holds the line calls when dead() says so

namespace compot::stream_client {

inline constexpr std::size_t kQueueMax = 64;       ///< packets that wait for the radio
inline constexpr std::size_t kOutstandingMax = 3;  ///< sent, and not confirmed yet
/// Places in the radio's queue that are left to relays and acknowledgements.
inline constexpr std::uint32_t kPlacesLeftFree = 4;
inline constexpr std::size_t kNodesMax = 4096;  ///< of the radio's list; more are not kept

struct Terms {
    bool lossy = false;  ///< a serial line: bytes may be missing
    /// Everything, or the configuration without the list of nodes.
    bool wants_nodes = true;
    /// The radio is a firmware in simulated-radio mode: its transmissions come as Simulated.
    bool simulated = false;
    std::uint64_t seed = 0;
};

/// What the radio has told about itself and its mesh.
struct RadioFacts {
    NodeId self;
    std::string firmware;
    compot_pb_LoraConfig lora{};
    bool has_lora = false;
    std::vector<compot_pb_Channel> channels;  ///< those that are not disabled
    std::map<std::uint32_t, compot_pb_NodeInfo> nodes;
    std::uint32_t queue_free = 0;
    std::uint32_t queue_length = 0;
};

/// The configuration is complete; packets flow.
struct Ready {};

/// The radio has begun anew or the line is gone; what waits is kept.
struct NotReady {};

struct Heard {
    radio::Packet packet;
};

/// A packet of port 69 as the firmware gave it: what its simulated radio sends.
struct Simulated {
    mesh::MeshPacket packet;
};

/// The radio has put a packet of ours into its queue, or says why not. After many attempts without
/// a word from the radio the reason is Timeout.
struct Taken {
    PacketId id;
    mesh::RoutingError error = mesh::RoutingError::NoError;
};

/// Words of the radio for people.
struct Said {
    std::string words;
};

using News = std::variant<Ready, NotReady, Heard, Taken, Said, Simulated>;

class Client {
public:
    explicit Client(const Terms& terms);

    void connected(Time now);
    void disconnected(Time now);
    void hear(BytesView bytes, Time now);
    /// When wake() is due; kNever while nothing is planned.
    [[nodiscard]] Time wake_at() const;
    void wake(Time now);

    /// False, and nothing is sent, when too many wait. REQUIRES: an id that is not 0.
    [[nodiscard]] bool send(const radio::Packet& packet, Time now);
    /// What a simulated radio's antenna heard: as it is, unconfirmed. False, and nothing is sent,
    /// while the radio is not ready or does not read.
    [[nodiscard]] bool inject(const mesh::MeshPacket& packet);
    /// Says goodbye; to be called before the line is closed on purpose.
    void leave();

    [[nodiscard]] std::string take_output();
    [[nodiscard]] std::vector<News> take_news();

    [[nodiscard]] bool ready() const { return state_ == State::Ready; }

    /// Nobody answers: the line should be closed and opened again.
    [[nodiscard]] bool dead() const { return dead_; }

    /// What the other side speaks that has said nothing of a radio's since connected(); empty when
    /// it is one, or nothing is known.
    [[nodiscard]] std::string stranger() const;

    [[nodiscard]] bool idle() const { return waiting_.empty() && outstanding_.empty(); }

    [[nodiscard]] const RadioFacts& facts() const { return facts_; }

    struct Counters {
        std::uint64_t packets_heard = 0;
        std::uint64_t opaque = 0;  ///< packets that the radio could not decrypt, or senseless ones
        std::uint64_t sent = 0;    ///< packets, each once
        std::uint64_t again = 0;   ///< said again
        std::uint64_t refused = 0;
        std::uint64_t reboots = 0;
        std::uint64_t said = 0;  ///< messages of all kinds to the radio
    };

    [[nodiscard]] const Counters& counters() const { return counters_; }

    [[nodiscard]] const Frames::Counters& frames() const { return frames_.counters(); }

private:
    enum class State : std::uint8_t { Down, Asking, Ready };

    struct Outstanding {
        radio::Packet packet;
        Time due{};  ///< when it is said again
        std::uint8_t attempts = 1;
    };

    void ask(Time now);
    void take(const mesh::FromRadio& message, Time now);
    void take_channel(const compot_pb_Channel& channel);
    void begin_again(Time now);
    void hear_queue(const compot_pb_QueueStatus& status, Time now);
    void fill(Time now);
    void say(const mesh::ToRadio& message);
    void not_ready();

    Terms terms_;
    Random random_;
    Frames frames_;
    std::uint64_t frames_before_ = 0;  ///< this connection
    std::vector<std::uint8_t> first_;  ///< that came over it
    State state_ = State::Down;
    bool dead_ = false;
    std::uint32_t nonce_ = 0;
    std::uint8_t asked_ = 0;
    std::uint8_t unanswered_ = 0;  ///< heartbeats
    Time silence_at_ = kNever;     ///< what has begun is given up
    Time ask_at_ = kNever;
    Time heartbeat_at_ = kNever;
    std::deque<radio::Packet> waiting_;
    std::deque<Outstanding> outstanding_;
    RadioFacts facts_;
    std::string output_;
    std::vector<News> news_;
    Counters counters_;
};

}  // namespace compot::stream_client
