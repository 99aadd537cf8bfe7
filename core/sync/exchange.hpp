#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/base/containers.hpp"
#include "core/base/ids.hpp"
#include "core/base/limits.hpp"
#include "core/base/random.hpp"
#include "core/base/time.hpp"

/// When to tell what we have, when to send what another lacks, and when to keep silent because
/// somebody else did: anti-entropy for one kind of thing (ledger entries, facts, records) on a
/// broadcast medium. Equal digests cost nothing. It knows things by a key only and sends nothing.
///
///                  other digest heard              summary heard
///     Quiet ---------------------------> Telling <---------------+
///       ^   <--- same summary heard ------  |                    |  (they have more)
///       |                                   | told               |
///       +---- nothing heard for a while -- Round ---------------- +--> sends what they lack
///
/// Suppression: a summary equal to ours speaks for us; an item overheard leaves our queue. Rounds
/// that bring nothing new are further and further apart.

namespace compot::sync {

/// Names an item: for a ledger entry author and sequence, for a record node and version, for a
/// facts delta its evidence id.
using Key = std::uint64_t;

[[nodiscard]] constexpr Key make_key(NodeId owner, std::uint16_t version) {
    return (static_cast<Key>(owner.value) << 16U) | version;
}

class Exchange {
public:
    /// `slot` is about how long one frame and its relays hold the channel.
    explicit Exchange(Duration slot) : slot_(slot), patience_(slot * kPatienceSlotsMin) {}

    /// A beacon named a digest of this kind of thing.
    void hear_digest(std::uint64_t mine, std::uint64_t theirs, Time now, Random& random);

    struct Summary {
        bool same_as_mine = false;       ///< its digest is ours
        bool newer_than_mine = false;    ///< it has something that we lack
        std::span<const Key> they_lack;  ///< what we have and it lacks, in the order to send
        std::uint8_t hops = 0;           ///< relays between us: who is nearer answers first
    };

    /// Somebody told what it has. What the queue has no room for is left to the next round.
    void hear_summary(const Summary& summary, Time now, Random& random);

    /// An item came past, for us or for another; `news` when it changed what we hold.
    void hear_item(Key key, bool news, Time now, Random& random);

    enum class Step : std::uint8_t {
        Nothing,
        Tell,      ///< broadcast what we have
        Send,      ///< broadcast the item `key`
        EndRound,  ///< it has become quiet: the ledger may give gaps up
    };

    struct Due {
        Step step = Step::Nothing;
        Key key = 0;
    };

    /// What to do now; call again until Nothing.
    [[nodiscard]] Due take(Time now, Random& random);

    /// When take() has something; kNever while quiet.
    [[nodiscard]] Time wake_at() const;

private:
    static constexpr std::uint32_t kTellSlots = 16;   ///< summaries spread over so many
    static constexpr std::uint32_t kAnswerSlots = 6;  ///< answers of one distance, too
    static constexpr std::uint32_t kQuietSlots = 24;  ///< of silence end a round
    static constexpr std::int64_t kPatienceSlotsMin = 48;
    static constexpr std::int64_t kPatienceSlotsMax = 48 * 32;

    [[nodiscard]] Duration within(std::uint32_t slots, Random& random) const;
    void plan_to_tell(Time from, Random& random);

    Duration slot_;
    Duration patience_;  ///< between two summaries of ours
    Time tell_at_ = kNever;
    Time tell_not_before_{};
    Time send_at_ = kNever;
    Time round_ends_ = kNever;
    FixedVector<Key, kExchangeQueueMax> queue_;  ///< first is sent first
};

}  // namespace compot::sync
