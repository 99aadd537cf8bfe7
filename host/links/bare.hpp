#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/random.hpp"
#include "core/base/time.hpp"
#include "host/links/carried.hpp"
#include "host/links/seen.hpp"
#include "radio/packet.hpp"

/// A node of the mesh without any radio: it seals and opens packets of one channel itself, takes
/// each once, and says who it is. How they travel is for the link. It has no key of its own, so
/// nothing that is for one reader alone (PKC) can be sent to it or by it.

namespace compot::links {

struct Identity {
    NodeId self;
    std::string name;  ///< for people: at most 39 bytes are told
    radio::Channel channel;
    std::uint8_t hop_limit = radio::kHopsDefault;  ///< of what it says about itself
    std::uint64_t seed = 0;
};

class Bare {
public:
    explicit Bare(const Identity& identity);

    /// The frame of a packet that we originate. It may go to MQTT: the sender sees to that itself.
    /// ERRORS: TooBig, nothing is sent then.
    [[nodiscard]] Result<Carried> seal(const radio::Packet& packet) const;

    /// What is new, for us, and of our channel. `by_broker`: it has come through MQTT, and is told
    /// as such.
    [[nodiscard]] std::optional<radio::Packet> open(const Carried& carried, bool by_broker,
                                                    Time now);

    /// When introduce() has something to say next.
    [[nodiscard]] Time introduces_at() const { return introduces_at_; }

    /// Our NodeInfo, if it is due: at first, every three hours as the firmware does, and soon after
    /// somebody asked, but at most once a minute.
    [[nodiscard]] std::optional<Carried> introduce(Time now);

    /// The link is there (again): who is behind it may not know us.
    void met(Time now);

    struct Counters {
        std::uint64_t taken = 0;
        std::uint64_t own = 0;  ///< ours, that came back
        std::uint64_t again = 0;
        std::uint64_t foreign = 0;     ///< of other channels, or for one reader
        std::uint64_t unreadable = 0;  ///< of our channel by its hash, but no message
        std::uint64_t for_others = 0;
    };

    [[nodiscard]] const Counters& counters() const { return counters_; }

private:
    Identity identity_;
    Random random_;
    Seen seen_;
    Time introduces_at_{};
    std::optional<Time> introduced_;
    Counters counters_;
};

}  // namespace compot::links
