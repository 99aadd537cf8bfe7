#pragma once

#include <cstdint>

#include "core/air/modem.hpp"
#include "core/air/purse.hpp"
#include "core/base/containers.hpp"
#include "core/base/time.hpp"
#include "core/job/say.hpp"
#include "core/node/effect.hpp"
#include "core/profile/frame.hpp"
#include "core/profile/session.hpp"

/// What waits to be said until the purse can pay for it. A frame gets its id and its MAC only when
/// it goes out, so that nothing in here can be spent twice. When full, the least urgent and oldest
/// goes.

namespace compot::node {

inline constexpr std::size_t kOutboxMax = 8;

class Outbox {
public:
    Outbox(const air::Modem& modem, const air::PurseTerms& terms, std::uint8_t hop_limit)
        : modem_(modem), purse_(terms), hop_limit_(hop_limit) {}

    /// Takes `say` for its due time. Something of the same type and addressee that still waits is
    /// replaced when `say.replaces`.
    void put(const job::Say& say, Time now, Effects& out);

    /// Sends all that is due and can be paid for.
    void flush(const profile::Keyring& keys, profile::Session& session, Time now, Effects& out);

    /// A plain text for people, at once or not at all: false when the purse can't pay for it now.
    [[nodiscard]] bool tell_people(BytesView text, air::TrafficClass traffic,
                                   profile::Session& session, Time now, Effects& out);

    /// Forgets what of `type` has not gone out yet: somebody else said it.
    void drop(profile::MessageType type);

    [[nodiscard]] Time wake_at(Time now);

    /// A frame of the swarm was heard, and its relays are on the air too.
    void overheard(std::size_t payload_bytes, Time now);

    [[nodiscard]] air::Purse& purse() { return purse_; }

    [[nodiscard]] const air::Purse& purse() const { return purse_; }

    /// Relays that a flooded frame is expected to cause: the neighbours heard of late, at most
    /// three.
    void expect_relays(std::uint8_t relays) { relays_ = relays; }

private:
    struct Waiting {
        job::Say say;
        Time due{};
        Time expires = kNever;
        bool noted = false;  ///< an onlooker knows that the purse was short for it
    };

    [[nodiscard]] Duration price_of(std::uint8_t hops, std::size_t payload_bytes) const;
    /// True when it has left the outbox.
    bool send(Waiting& waiting, const profile::Keyring& keys, profile::Session& session, Time now,
              Effects& out);
    void make_room(Effects& out);

    air::Modem modem_;
    air::Purse purse_;
    std::uint8_t hop_limit_;
    std::uint8_t relays_ = 0;
    FixedVector<Waiting, kOutboxMax> waiting_;
};

}  // namespace compot::node
