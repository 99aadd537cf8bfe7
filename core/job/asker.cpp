#include "core/job/asker.hpp"

#include <algorithm>

namespace compot::job {

namespace {

constexpr std::uint8_t kCancelNotNeeded = 1;
constexpr std::uint8_t kCancelTaken = 2;
constexpr std::uint8_t kDoublingsMax = 6;

/// Between three and five quarters of `span`, so that two who started together drift apart.
Duration jittered(Duration span, Random& random) {
    return Duration{span.count() * random.between(750, 1250) / 1000};
}

Say reliable(profile::Message message) {
    Say say;
    say.message = message;
    return say;
}

}  // namespace

const char* to_string(Outcome outcome) {
    switch (outcome) {
        case Outcome::Resumed: return "resumed";
        case Outcome::NotNeeded: return "not needed";
        case Outcome::NoWay: return "no way";
        case Outcome::Battery: return "battery";
        case Outcome::Contained: return "contained";
        case Outcome::Withdrawn: return "withdrawn";
    }
    return "?";
}

bool Asker::ours(NodeId from, std::uint32_t nonce) const {
    return state_ == State::Awarded && from == helper_ && nonce == nonce_;
}

void Asker::request(Time now, Random& random, Says& out) {
    ++attempt_;
    profile::AssistRequest message = context_;
    message.nonce = nonce_;
    message.attempt = attempt_;
    message.reason = reason_;
    Say say;
    say.message = message;
    // The first three of an hour pass as alerts whatever the channel says; the rest must be
    // affordable.
    say.traffic =
        attempt_ <= air::kAlertsPerHour ? air::TrafficClass::Alert : air::TrafficClass::JobControl;
    say.replaces = true;
    (void)out.try_push(say);
    const int doublings = std::clamp<int>(attempt_ - air::kAlertsPerHour, 0, kDoublingsMax);
    next_ =
        now + jittered(std::min(terms_.ask_again * (1 << doublings), terms_.ask_again_max), random);
}

void Asker::ask(std::uint32_t nonce, Time now, Random& random, Says& out) {
    COMPOT_CHECK(state_ == State::Idle);
    state_ = State::Asking;
    reason_ = profile::AssistRequest::Reason::Unclassified;
    nonce_ = nonce;
    attempt_ = 0;
    helper_ = kNoNode;
    asked_at_ = now;
    request(now, random, out);
}

void Asker::award(Says& out) const {
    (void)out.try_push(reliable(profile::Award{helper_, nonce_, offer_nonce_, window_}));
}

void Asker::hear(NodeId from, const profile::Offer& offer, Time now, Says& out) {
    if (offer.nonce != nonce_) return;
    if (state_ == State::Asking) {
        state_ = State::Awarded;
        helper_ = from;
        offer_nonce_ = offer.offer_nonce;
        window_ = offer.window;
        window_.energy_mj = std::min(window_.energy_mj, terms_.energy_mj);
        queried_ = false;
        next_ = now + std::chrono::seconds(offer.eta_s) + terms_.grace;
        award(out);
    } else if (state_ == State::Awarded && from == helper_) {
        // It offers again, so it has not heard the award.
        offer_nonce_ = offer.offer_nonce;
        award(out);
    } else if (state_ == State::Awarded) {
        (void)out.try_push(reliable(profile::Cancel{from, nonce_, kCancelTaken}));
    }
}

void Asker::hear(NodeId from, const profile::Progress& progress, Time now) {
    if (!ours(from, progress.nonce)) return;
    queried_ = false;
    next_ = now + std::chrono::seconds(progress.eta_s) + terms_.grace;
}

void Asker::back_to_asking(Duration wait, Time now, Random& random) {
    state_ = State::Asking;
    helper_ = kNoNode;
    next_ = now + jittered(wait, random);
}

bool Asker::hear(NodeId from, const profile::Result& result, Time now, Random& random) {
    if (!ours(from, result.nonce)) return false;
    // Who was unsure three times is no surer in a moment; a person's picture comes as facts.
    const bool unsure = result.outcome == profile::Result::Outcome::Unsure;
    back_to_asking(unsure ? terms_.ask_again_max : terms_.ask_again, now, random);
    return unsure;
}

void Asker::hear(NodeId from, const profile::Cancel& cancel, Time now, Random& random) {
    if (ours(from, cancel.nonce)) back_to_asking(terms_.ask_again / 4, now, random);
}

void Asker::hear(NodeId from, const profile::Window& window, Time now, Says& out) {
    if (!ours(from, window.nonce) || window.accepted) return;
    profile::Window answer = window;
    answer.to = helper_;
    answer.accepted = window.terms.energy_mj <= terms_.energy_mj;
    if (answer.accepted) {
        window_ = window.terms;
        next_ =
            now + std::chrono::seconds(window.terms.start_s + window.terms.length_s) + terms_.grace;
    }
    (void)out.try_push(reliable(answer));
}

void Asker::facts_came(bool helped, Time now, Random& random, Says& out) {
    if (state_ != State::Asking && state_ != State::Awarded) return;
    if (helped) {
        state_ = State::Recovering;
        next_ = kNever;
        return;
    }
    reason_ = profile::AssistRequest::Reason::StillBlocked;
    if (state_ == State::Asking) request(now, random, out);
}

void Asker::challenged(Time now, Random& random, Says& out) {
    if (state_ == State::Asking) request(now, random, out);
}

void Asker::recover(std::uint32_t nonce) {
    COMPOT_CHECK(state_ == State::Idle);
    state_ = State::Recovering;
    nonce_ = nonce;
    helper_ = kNoNode;
    next_ = kNever;
}

void Asker::call_off(Says& out) {
    if (state_ == State::Awarded)
        (void)out.try_push(reliable(profile::Cancel{helper_, nonce_, kCancelNotNeeded}));
    if (state_ == State::Asking || state_ == State::Awarded) {
        state_ = State::Recovering;
        next_ = kNever;
    }
}

void Asker::close() {
    state_ = State::Idle;
    next_ = kNever;
    helper_ = kNoNode;
}

void Asker::wake(Time now, Random& random, Says& out) {
    if (now < next_) return;
    if (state_ == State::Asking) {
        request(now, random, out);
    } else if (state_ == State::Awarded && !queried_) {
        // A lease is a promise, not a heartbeat: asked after once, by the award that names it.
        queried_ = true;
        next_ = now + terms_.grace;
        award(out);
    } else if (state_ == State::Awarded) {
        back_to_asking(Duration::zero(), now, random);
    } else {
        next_ = kNever;
    }
}

}  // namespace compot::job
