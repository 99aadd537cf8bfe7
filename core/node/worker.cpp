#include "core/node/worker.hpp"

#include <algorithm>

#include "core/base/bytes.hpp"

namespace compot::node {

namespace {

// Below this a Cat stops driving and keeps its radio alive: it can still be found.
constexpr std::uint8_t kBatteryReservePercent = 5;
constexpr Duration kResumedShows = 15s;

learn::Mission mission_of(const Config& config) {
    learn::Mission mission;
    for (const learn::Cell site : config.sites) {
        mission.remaining =
            static_cast<std::uint16_t>(mission.remaining | (1U << mission.sites.size()));
        mission.sites.push(site);
    }
    return mission;
}

/// From the farthest helper heard, with a request and facts of usual length.
Duration answer_takes(const Common& common) {
    constexpr std::size_t kRequestBytes = 64;
    constexpr std::size_t kAnswerBytes = 111;
    constexpr std::uint16_t kBusyMost = 500;
    const registry::Registry& registry = common.registry;
    std::uint8_t hops = 1;  // who was heard straight the last time may need a relay the next
    for (std::size_t i = 0; i < registry.size(); ++i) {
        if (registry[i].record.can(registry::kSceneModel)) hops = std::max(hops, registry[i].hops);
    }
    const auto busy = std::min(common.outbox.purse().foreign_permille(), kBusyMost);
    return air::round_trip(common.config.modem, kRequestBytes, kAnswerBytes, hops, busy);
}

/// What is not to be in an answer; about the tile in question it may be tried again.
[[gnu::noinline]] void name_kept_out(const Common& common, learn::Cell asked_about,
                                     profile::AssistRequest& context) {
    for (const learn::DeltaBytes& bytes : common.kept_out) {
        const auto delta = learn::parse_delta(bytes.view());
        for (const learn::Fact& fact : delta->facts)
            if (fact.at != asked_about) (void)context.kept_out.try_push(fact.at.index());
    }
}

std::uint32_t low_half(std::uint64_t digest) { return static_cast<std::uint32_t>(digest); }

}  // namespace

Worker::Worker(const Config& config)
    : walker_(mission_of(config), config.timing.stuck_decisions), asker_({}) {}

void Worker::restore(std::uint16_t key, BytesView value) {
    ByteReader in{value};
    if (key == records::kOpenJob) {
        restored_nonce_ = in.u32();
    } else if (key == records::kMission) {
        learn::Mission restored = walker_.mission();
        restored.remaining = in.u16();
        while (!in.failed() && !in.rest().empty()) restored.mark_taken(learn::cell_at(in.u8()));
        if (!in.failed()) walker_.mission() = restored;
    }
}

void Worker::persist_mission(Common& common) const {
    std::array<std::uint8_t, 2 + kMissionTakenMax> bytes{};
    ByteWriter out{bytes};
    out.u16(walker_.mission().remaining);
    for (const learn::Cell cell : walker_.mission().taken) out.u8(cell.index());
    common.persist(records::kMission, *out.finish());
}

void Worker::boot(Common& common) { plan(common); }

void Worker::plan(Common& common) { policy_.plan(common.facts, walker_.mission()); }

void Worker::describe(Common& common) {
    const Sensed& body = common.body;
    profile::AssistRequest context;
    context.fix = body.fix.index();
    context.fix_age_4s = static_cast<std::uint8_t>(std::min<unsigned>(body.fix_age_s / 4U, 0xFF));
    context.battery_percent = body.battery_percent;
    context.sites_left = walker_.mission().remaining;
    context.policy_digest = policy_.digest();
    context.facts_digest = common.facts.digest();
    context.transition_count = static_cast<std::uint8_t>(walker_.transitions().size());
    context.transitions = walker_.transitions().pack();
    for (const learn::Cell cell : walker_.mission().taken)
        (void)context.taken.try_push(cell.index());
    name_kept_out(common, stuck_on_, context);
    asker_.describe(context);
    const Duration named = common.config.timing.ask_again;
    asker_.set_ask_again(named > Duration{} ? named : answer_takes(common));
}

void Worker::sense(Common& common) {
    const Sensed& body = common.body;
    if (body.battery_percent <= kBatteryReservePercent) {
        if (!exhausted_) common.note(Note::Kind::BatteryLow, kNoNode, body.battery_percent);
        exhausted_ = true;
        end_restored(common);
        if (asker_.state() != job::Asker::State::Idle) write_end(common, job::Outcome::Battery);
        common.act(learn::Action::Stay);
        return;
    }
    exhausted_ = false;
    const auto decision =
        walker_.decide({body.at, body.occupied_moves, body.worked}, common.facts, policy_);
    if (decision.mission_changed) {
        plan(common);
        persist_mission(common);
    }
    const auto left = static_cast<std::uint32_t>(std::popcount(walker_.mission().remaining));
    if (decision.site_done) {
        common.note(Note::Kind::SiteDone, kNoNode, decision.site_done->index(), left);
        if (left == 0) common.note(Note::Kind::MissionDone);
    }
    common.act(decision.action);
    look_after_job(common, decision.site_done.has_value());
}

void Worker::ask(Common& common, learn::Cell obstacle) {
    stuck_on_ = obstacle;
    common.note(Note::Kind::Blocked, kNoNode, obstacle.index());
    describe(common);
    // A job that outlived a reboot goes on under its own name.
    echoes_.clear();
    people_know_ = false;
    fresh_nonce_ = restored_nonce_ == 0;
    const std::uint32_t nonce = fresh_nonce_ ? common.random.next32() | 1U : restored_nonce_;
    restored_nonce_ = 0;
    job::Says says;
    asker_.ask(nonce, common.now, common.random, says);
    std::array<std::uint8_t, 4> bytes{};
    ByteWriter out{bytes};
    out.u32(nonce);
    common.persist(records::kOpenJob, bytes);
    note_attempt(common, 0);
    say_all(common, says);
}

/// Each request of a job carries all echoes that were owed since it began: who challenged one and
/// missed the next can serve the one after.
void Worker::say_all(Common& common, job::Says& says) {
    for (job::Say& say : says) {
        auto* request = std::get_if<profile::AssistRequest>(&say.message);
        if (request == nullptr) continue;
        profile::Session::Echoes owed;
        common.session.take_echoes(owed);
        for (const std::uint32_t echo : owed) {
            if (std::find(echoes_.begin(), echoes_.end(), echo) != echoes_.end()) continue;
            if (echoes_.full()) echoes_.erase(0);
            echoes_.push(echo);
        }
        request->echoes = echoes_;
    }
    common.say_all(says);
}

void Worker::note_attempt(Common& common, std::uint8_t before) {
    if (asker_.attempt() == before) return;
    common.note(Note::Kind::Asked, kNoNode, asker_.nonce(), asker_.attempt());
    // Jobs that have waited so long are three an hour at most, as alerts are; those have gone to
    // the requests.
    if (people_know_ || common.now - asker_.asked_at() < kUnhelpedFor) return;
    people_know_ = common.tell_people(unhelped(stuck_on_), air::TrafficClass::JobControl);
    if (people_know_)
        common.note(Note::Kind::PersonAsked, kNoNode, asker_.nonce(),
                    std::uint32_t{stuck_on_.index()} << 24U);
}

void Worker::challenged(Common& common) {
    job::Says says;
    const std::uint8_t before = asker_.attempt();
    describe(common);
    asker_.challenged(common.now, common.random, says);
    note_attempt(common, before);
    say_all(common, says);
}

/// The job of before the reboot gets its end like any other.
void Worker::end_restored(Common& common) {
    if (restored_nonce_ == 0 || asker_.state() != job::Asker::State::Idle) return;
    asker_.recover(restored_nonce_);
    restored_nonce_ = 0;
    moved_since_delta_ = false;
    stuck_on_ = common.body.at;
}

void Worker::look_after_job(Common& common, bool site_done) {
    const auto obstacle = walker_.blocked_by();
    switch (asker_.state()) {
        case job::Asker::State::Idle:
            resigned_ = resigned_ && obstacle == stuck_on_;
            if (resigned_) return;
            if (obstacle) {
                ask(common, *obstacle);
            } else if (walker_.progressing() || !policy_.reaches(common.body.at)) {
                end_restored(common);
            }
            return;
        case job::Asker::State::Asking:
        case job::Asker::State::Awarded:
            if (walker_.progressing()) call_off(common);
            return;
        case job::Asker::State::Recovering: look_after_recovery(common, obstacle, site_done);
    }
}

void Worker::call_off(Common& common) {
    job::Says says;
    asker_.call_off(says);
    say_all(common, says);
}

void Worker::look_after_recovery(Common& common, const std::optional<learn::Cell>& obstacle,
                                 bool site_done) {
    if (!moved_since_delta_ && walker_.progressing()) {
        moved_since_delta_ = true;
        resumed_until_ = common.now + kResumedShows;
        common.note(Note::Kind::Resumed, kNoNode, asker_.nonce());
    }
    const bool next_trouble = moved_since_delta_ && obstacle && *obstacle != stuck_on_;
    if (site_done || next_trouble) {
        write_end(common, job::Outcome::Resumed);
    } else if (!policy_.reaches(common.body.at)) {
        write_end(common, job::Outcome::NoWay);
    }
}

void Worker::write_end(Common& common, job::Outcome outcome) {
    const ledger::OutcomeBody body{asker_.nonce(), asker_.helper(),
                                   static_cast<std::uint8_t>(outcome), policy_.digest()};
    job::Say say;
    profile::SuccessAck message;
    COMPOT_CHECK(message.entry.assign(
        common.write_ledger(ledger::Kind::Outcome, ledger::write_body(body)).view()));
    say.message = message;
    common.say(say);
    common.note(Note::Kind::JobEnded, asker_.helper(), asker_.nonce(),
                static_cast<std::uint32_t>(outcome));
    common.persist(records::kOpenJob, {});
    asker_.close();
}

bool Worker::waits_for(std::uint32_t nonce) const {
    const bool waiting =
        asker_.state() == job::Asker::State::Asking || asker_.state() == job::Asker::State::Awarded;
    return waiting && nonce == asker_.nonce();
}

bool Worker::take_answer(Common& common, const learn::FactsDelta& delta) {
    if (delta.to != common.config.self || !waits_for(delta.nonce)) return false;
    if (!common.admits(delta)) {
        keep_out(common, delta);
        return true;
    }

    // Tried first: nothing is applied unless the plan that follows is the one promised. A Cat has
    // no room for two plans; the one in force can always be made again.
    common.trial_facts = common.facts;
    (void)learn::apply(delta, common.trial_facts);
    const std::uint64_t in_force = policy_.digest();
    policy_.plan(common.trial_facts, walker_.mission());
    job::Says says;
    if (delta.base_digest != in_force || delta.result_digest != policy_.digest()) {
        common.note(Note::Kind::DeltaRefused, delta.publisher, low_half(policy_.digest()),
                    low_half(delta.result_digest));
        plan(common);
        describe(common);
        asker_.facts_came(false, common.now, common.random, says);
        say_all(common, says);
        return true;
    }
    (void)common.keep_facts(delta);
    const auto bytes = static_cast<std::uint32_t>(learn::encode(delta).size());
    moved_since_delta_ = false;
    common.note(Note::Kind::DeltaApplied, delta.publisher, low_half(policy_.digest()), bytes);
    describe(common);
    const bool helped = common.facts.classified(stuck_on_);
    asker_.facts_came(helped, common.now, common.random, says);
    say_all(common, says);
    return true;
}

/// Beyond our safety envelope. When it is about what blocks us and nothing else, the job ends here,
/// and the swarm has it in the ledger; else it is asked for without what we can't take.
void Worker::keep_out(Common& common, const learn::FactsDelta& delta) {
    if (delta.facts.size() == 1 && delta.facts[0].at == stuck_on_) {
        resigned_ = true;
        write_end(common, job::Outcome::Contained);
        return;
    }
    job::Says says;
    describe(common);
    asker_.facts_came(false, common.now, common.random, says);
    say_all(common, says);
}

void Worker::withdraw(Common& common) {
    call_off(common);
    resigned_ = true;
    write_end(common, job::Outcome::Withdrawn);
}

void Worker::facts_changed(Common& common) {
    resigned_ = false;
    plan(common);
    describe(common);
}

void Worker::wake(Common& common) {
    job::Says says;
    const std::uint8_t before = asker_.attempt();
    describe(common);
    asker_.wake(common.now, common.random, says);
    note_attempt(common, before);
    say_all(common, says);
}

void Worker::hear(Common& common, NodeId from, const profile::Offer& offer) {
    job::Says says;
    const bool was_asking = asker_.state() == job::Asker::State::Asking;
    asker_.hear(from, offer, common.now, says);
    if (was_asking && asker_.state() == job::Asker::State::Awarded) {
        common.note(Note::Kind::OfferTaken, from, offer.nonce);
    }
    say_all(common, says);
}

void Worker::hear(Common& common, NodeId from, const profile::Progress& progress) {
    asker_.hear(from, progress, common.now);
}

void Worker::hear(Common& common, NodeId from, const profile::Result& result) {
    if (asker_.hear(from, result, common.now, common.random)) people_know_ = true;
}

void Worker::hear(Common& common, NodeId from, const profile::Cancel& cancel) {
    asker_.hear(from, cancel, common.now, common.random);
}

void Worker::hear(Common& common, NodeId from, const profile::Window& window) {
    job::Says says;
    asker_.hear(from, window, common.now, says);
    say_all(common, says);
}

}  // namespace compot::node
