#pragma once

#include <cstdint>

#include "core/base/ids.hpp"
#include "core/base/random.hpp"
#include "core/base/time.hpp"
#include "core/job/say.hpp"
#include "core/profile/message.hpp"

/// The side of a job that comes and looks: one job at a time. It knows neither where it is nor what
/// a picture shows; its node drives, photographs, signs, and tells it so.
///
///          a request           the award              found, classified, facts sent
///   Idle ------------> Offered ---------> Working --------------------------------> Answered -->
///   Idle
///    ^                   | no award in time                                            ^  (outcome
///    seen,
///    +-------------------+                         gave up: a Result without facts ----+   or too
///    late)

namespace compot::job {

class Helper {
public:
    enum class State : std::uint8_t { Idle, Offered, Working, Answered };

    struct Terms {
        Duration offer_again = 20s;       ///< an offer that nobody takes is said once more
        Duration offer_holds = 60s;       ///< an award later than this finds it free for others
        Duration answered_holds = 10min;  ///< how long a lost answer is repeated on request
        Duration work_max = 10min;
    };

    explicit Helper(const Terms& terms) : terms_(terms) {}

    /// A request that can't be answered from what is known. `eta`: by how soon it would be there.
    /// False when busy with another job.
    bool hear(NodeId from, const profile::AssistRequest& request, Duration eta, Duration price,
              Time now, Random& random, Says& out);

    /// True when work begins; a late award is as good as long as nobody else was offered anything.
    /// One heard again while at work is a question: `eta` answers it.
    bool hear(NodeId from, const profile::Award& award, Duration eta, Time now, Says& out);

    /// True when work must stop.
    bool hear(NodeId from, const profile::Cancel& cancel);

    /// The facts went out; requests of the same job from now on mean that they were lost.
    void answered(Time now);

    /// Looked and could not help.
    void give_up(profile::Result::Outcome outcome, std::uint16_t confidence_permille, Says& out);

    /// The owner has written the job's end.
    void outcome_seen(NodeId owner, std::uint32_t nonce);

    /// True when work must stop: it took too long.
    bool wake(Time now, Says& out);

    [[nodiscard]] Time wake_at() const { return next_; }

    [[nodiscard]] State state() const { return state_; }

    [[nodiscard]] NodeId asker() const { return asker_; }

    [[nodiscard]] const profile::AssistRequest& request() const { return request_; }

    [[nodiscard]] bool serves(NodeId asker) const {
        return state_ != State::Idle && asker == asker_;
    }

    [[nodiscard]] bool serves(NodeId asker, std::uint32_t nonce) const;

private:
    void idle();
    void offer(Says& out) const;

    Terms terms_;
    State state_ = State::Idle;
    NodeId asker_;
    profile::AssistRequest request_;
    profile::Offer offer_;
    Time offered_until_{};
    Time next_ = kNever;
};

}  // namespace compot::job
