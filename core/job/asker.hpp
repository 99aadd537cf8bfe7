#pragma once

#include <cstdint>
#include <optional>

#include "core/base/ids.hpp"
#include "core/base/random.hpp"
#include "core/base/time.hpp"
#include "core/job/say.hpp"
#include "core/profile/message.hpp"

/// The side of a job that is blocked and asks. It owns the job: it alone writes its end. It knows
/// neither maps nor policies; its node tells it whether what came has helped.
///
///          ask()              an offer: award it            facts that help
///   Idle --------> Asking ------------------------> Awarded ----------------> Recovering --> Idle
///                   ^  |  facts that help at once                                 ^   (end
///                   written) |  +----------------------------------------------------------+
///                   +---- lease over and no word, or a Result without facts (from Awarded)

namespace compot::job {

/// How a job ended; the value goes into the ledger.
enum class Outcome : std::uint8_t {
    Resumed = 1,    ///< the stalled task is done
    NotNeeded = 2,  ///< the way became free by itself
    NoWay = 3,      ///< classified, and no site can be reached any more
    Battery = 4,    ///< the asker had to stop
    Contained = 5,  ///< what would free the way is beyond the asker's safety envelope
    Withdrawn = 6,  ///< a person at the asker has ended it
};

[[nodiscard]] const char* to_string(Outcome outcome);

class Asker {
public:
    enum class State : std::uint8_t { Idle, Asking, Awarded, Recovering };

    struct Terms {
        Duration ask_again = 20s;  ///< wait after each of the first three; then it doubles
        Duration ask_again_max = 5min;
        Duration grace = 30s;  ///< over a promised time of arrival, before it is queried once
        std::uint32_t energy_mj = 20'000;  ///< what listening for an answer may cost
    };

    explicit Asker(const Terms& terms) : terms_(terms) {}

    /// As long as an answer takes from where helpers are now.
    void set_ask_again(Duration wait) { terms_.ask_again = wait; }

    /// What a request says besides its nonce, attempt and reason; kept fresh by the node.
    void describe(const profile::AssistRequest& context) { context_ = context; }

    /// REQUIRES: Idle. The job's name is `nonce`; a job that outlived a reboot goes on under its
    /// own.
    void ask(std::uint32_t nonce, Time now, Random& random, Says& out);

    void hear(NodeId from, const profile::Offer& offer, Time now, Says& out);
    void hear(NodeId from, const profile::Progress& progress, Time now);
    /// True when its helper was unsure: a person is to look.
    bool hear(NodeId from, const profile::Result& result, Time now, Random& random);
    void hear(NodeId from, const profile::Cancel& cancel, Time now, Random& random);
    void hear(NodeId from, const profile::Window& window, Time now, Says& out);

    /// Signed facts that answer this job have been applied. `helped`: the way is free now.
    void facts_came(bool helped, Time now, Random& random, Says& out);

    /// Somebody heard the request and can't place us: it is said again at once, with the echo.
    void challenged(Time now, Random& random, Says& out);

    /// REQUIRES: Idle. The way of a job that outlived a reboot is free: it is to be ended.
    void recover(std::uint32_t nonce);

    /// The way is free without anybody's facts, or nobody is to come any more.
    void call_off(Says& out);

    /// The job's end, to be written by the node into the ledger; Idle afterwards.
    void close();

    void wake(Time now, Random& random, Says& out);

    [[nodiscard]] Time wake_at() const { return next_; }

    [[nodiscard]] State state() const { return state_; }

    [[nodiscard]] std::uint32_t nonce() const { return nonce_; }

    [[nodiscard]] NodeId helper() const { return helper_; }

    [[nodiscard]] std::uint8_t attempt() const { return attempt_; }

    [[nodiscard]] Time asked_at() const { return asked_at_; }

private:
    void request(Time now, Random& random, Says& out);
    [[nodiscard]] bool ours(NodeId from, std::uint32_t nonce) const;
    void back_to_asking(Duration wait, Time now, Random& random);
    void award(Says& out) const;

    Terms terms_;
    State state_ = State::Idle;
    profile::AssistRequest context_;
    profile::AssistRequest::Reason reason_ = profile::AssistRequest::Reason::Unclassified;
    std::uint32_t nonce_ = 0;
    std::uint8_t attempt_ = 0;
    Time asked_at_{};
    Time next_ = kNever;
    NodeId helper_;
    std::uint32_t offer_nonce_ = 0;
    profile::WindowTerms window_;
    bool queried_ = false;
};

}  // namespace compot::job
