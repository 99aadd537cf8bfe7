#include "core/job/helper.hpp"

#include <algorithm>
#include <limits>

namespace compot::job {

namespace {

template <typename T>
T clamped(std::int64_t value) {
    return static_cast<T>(std::clamp<std::int64_t>(value, 0, std::numeric_limits<T>::max()));
}

Say reliable(profile::Message message) {
    Say say;
    say.message = message;
    return say;
}

std::uint16_t seconds(Duration span) { return clamped<std::uint16_t>(to_ms(span) / 1000); }

// Listening for a minute around the promised time; the budget is what that costs a Cat's radio (5
// mA at 3.3 V for 60 s is a joule), with room for one repetition.
constexpr std::uint16_t kWindowLength_s = 60;
constexpr std::uint32_t kWindowEnergy_mj = 2'000;

}  // namespace

bool Helper::serves(NodeId asker, std::uint32_t nonce) const {
    return serves(asker) && nonce == request_.nonce;
}

void Helper::idle() {
    state_ = State::Idle;
    next_ = kNever;
    asker_ = kNoNode;
}

bool Helper::hear(NodeId from, const profile::AssistRequest& request, Duration eta, Duration price,
                  Time now, Random& random, Says& out) {
    const bool busy =
        state_ == State::Working || state_ == State::Answered || state_ == State::Offered;
    if (busy && from != asker_) return false;
    if (state_ == State::Working && request.nonce == request_.nonce) {
        // It asks again although we are on our way: our offer's award was the last it heard of us.
        (void)out.try_push(reliable(profile::Progress{
            from, request.nonce, profile::Progress::Stage::EnRoute, seconds(eta)}));
        request_ = request;
        return true;
    }
    state_ = State::Offered;
    asker_ = from;
    request_ = request;
    offered_until_ = now + terms_.offer_holds;
    next_ = now + terms_.offer_again;
    offer_.to = from;
    offer_.nonce = request.nonce;
    offer_.offer_nonce = random.next32();
    offer_.eta_s = seconds(eta);
    offer_.price_ms = clamped<std::uint16_t>(to_ms(price));
    offer_.window = profile::WindowTerms{seconds(eta), kWindowLength_s, kWindowEnergy_mj};
    offer(out);
    return true;
}

void Helper::offer(Says& out) const {
    Say say = reliable(offer_);
    say.replaces = true;
    (void)out.try_push(say);
}

bool Helper::hear(NodeId from, const profile::Award& award, Duration eta, Time now, Says& out) {
    if (from != asker_ || award.nonce != request_.nonce) return false;
    const bool free = state_ == State::Offered || state_ == State::Idle;
    if (free && award.offer_nonce == offer_.offer_nonce) {
        state_ = State::Working;
        next_ = now + terms_.work_max;
        return true;
    }
    if (state_ == State::Working) {
        (void)out.try_push(reliable(profile::Progress{
            from, award.nonce, profile::Progress::Stage::Searching, seconds(eta)}));
    }
    return false;
}

bool Helper::hear(NodeId from, const profile::Cancel& cancel) {
    if (!serves(from, cancel.nonce)) return false;
    const bool working = state_ == State::Working;
    idle();
    return working;
}

void Helper::answered(Time now) {
    if (state_ == State::Idle) return;
    state_ = State::Answered;
    next_ = now + terms_.answered_holds;
}

void Helper::give_up(profile::Result::Outcome outcome, std::uint16_t confidence_permille,
                     Says& out) {
    if (state_ != State::Working) return;
    (void)out.try_push(
        reliable(profile::Result{asker_, request_.nonce, outcome, confidence_permille}));
    idle();
}

void Helper::outcome_seen(NodeId owner, std::uint32_t nonce) {
    if (serves(owner, nonce)) idle();
}

bool Helper::wake(Time now, Says& out) {
    if (now < next_) return false;
    const bool working = state_ == State::Working;
    if (working) {
        give_up(profile::Result::Outcome::CantReach, 0, out);
    } else if (state_ == State::Offered && now < offered_until_) {
        next_ = offered_until_;
        offer(out);
    } else if (state_ == State::Offered) {
        state_ = State::Idle;  // free for others; who asked and what was offered is still known
        next_ = kNever;
    } else {
        idle();
    }
    return working;
}

}  // namespace compot::job
