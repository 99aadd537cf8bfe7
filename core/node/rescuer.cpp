#include "core/node/rescuer.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/learn/policy.hpp"

namespace compot::node {

using learn::Action;
using learn::Cell;
using learn::Fact;
using learn::TileClass;

namespace {

// One that does not convince is taken again; after three a person is asked, and the Cat told so.
constexpr std::uint8_t kPhotosMax = 3;
constexpr Duration kTileTime = 1s;  // one decision, one tile
constexpr Duration kSearchTime =
    30s;  // looking around a fix that is off by a tile or two, and the picture

using Facts = FixedVector<Fact, kFactsPerDeltaMax>;

learn::Mission mission_of(const Config& config, const profile::AssistRequest& request) {
    learn::Mission mission;
    for (const Cell site : config.sites) mission.sites.push(site);
    mission.remaining = request.sites_left;
    for (const profile::CellIndex cell : request.taken) mission.mark_taken(learn::cell_at(cell));
    return mission;
}

/// The plan itself lives only here: 2.6 kB of stack, and an edge node has them.
[[gnu::noinline]] std::uint64_t planned_digest(const learn::FactMap& facts,
                                               const learn::Mission& mission) {
    learn::Policy policy;
    policy.plan(facts, mission);
    return policy.digest();
}

}  // namespace

Rescuer::Rescuer(const Config&) : helper_({}) {}

Duration Rescuer::eta(const Common& common, Cell goal) const {
    const auto way = body::way_length(common.facts, occupied_, common.body.at, goal);
    return (way ? *way : learn::kCells) * kTileTime + kSearchTime;
}

std::optional<Facts> Rescuer::lacking(Common& common, const profile::AssistRequest& request) {
    // The asker's map is ours as it was some claims ago, without what its envelope keeps out: take
    // the newest away until the digests agree.
    const auto takes = [&](const learn::Claim& claim) {
        return claim.publisher != common.config.self ||
               std::find(request.kept_out.begin(), request.kept_out.end(), claim.fact.at.index()) ==
                   request.kept_out.end();
    };
    std::array<learn::Claim, kFactsPerDeltaMax> newest{};
    std::size_t count = 0;
    common.facts.each_claim([&](const learn::Claim& claim) {
        if (claim.publisher != common.config.self || !takes(claim)) return;
        std::size_t place = count < newest.size() ? count++ : newest.size();
        while (place > 0 && newest[place - 1].version < claim.version) {
            if (place < newest.size()) newest[place] = newest[place - 1];
            --place;
        }
        if (place < newest.size()) newest[place] = claim;
    });
    Facts missing;
    for (std::size_t without = 0; without <= count; ++without) {
        learn::FactMap& trial = common.trial_facts;
        trial = learn::FactMap{};
        common.facts.each_claim([&](const learn::Claim& claim) {
            const learn::Claim* end = newest.data() + without;
            if (takes(claim) && std::find(std::as_const(newest).data(), end, claim) == end) {
                (void)trial.merge(claim.publisher, claim.version, claim.fact);
            }
        });
        if (trial.digest() == request.facts_digest) return missing;
        if (without < count) missing.push(newest[without].fact);
    }
    return std::nullopt;
}

void Rescuer::hear(Common& common, NodeId from, const profile::AssistRequest& request) {
    const auto missing = lacking(common, request);
    if (missing && !missing->empty()) {
        if (!repeat_answer(common, from, request, missing->size()))
            sign_and_send(common, from, request, *missing);
        return;
    }
    if (!common.config.duties.classifies) return;
    job::Says says;
    const auto price = air::price(common.config.modem, profile::kHeaderBytes + 100, 1);
    const bool offered =
        helper_.hear(from, request, eta(common, learn::cell_at(request.fix)),
                     price.ok() ? *price : Duration::zero(), common.now, common.random, says);
    if (offered && helper_.state() == job::Helper::State::Offered) {
        common.note(
            Note::Kind::OfferMade, from, request.nonce,
            static_cast<std::uint32_t>(to_ms(eta(common, learn::cell_at(request.fix))) / 1000));
    }
    if (!missing) common.query_facts();  // it knows something that we don't
    common.say_all(says);
}

void Rescuer::hear(Common& common, NodeId from, const profile::Award& award) {
    job::Says says;
    const bool begin = helper_.hear(from, award, eta(common, finder_.estimate()), common.now, says);
    if (begin) {
        finder_.start(learn::cell_at(helper_.request().fix),
                      static_cast<std::uint16_t>(helper_.request().fix_age_4s * 4U));
        photos_ = 0;
        common.note(Note::Kind::JobAccepted, from, award.nonce);
        common.note(Note::Kind::EnRoute, from, finder_.estimate().index());
    }
    common.say_all(says);
}

void Rescuer::hear(Common&, NodeId from, const profile::Cancel& cancel) {
    if (helper_.hear(from, cancel)) stop_working();
}

void Rescuer::hear(Common& common, NodeId from, const profile::Window& window) {
    if (!helper_.serves(from, window.nonce) || window.accepted) return;
    // The asker would rather listen at another time: its time is the scarcer one.
    profile::Window answer = window;
    answer.to = from;
    answer.accepted = true;
    job::Say say;
    say.message = answer;
    common.say(say);
}

void Rescuer::heard_directly(NodeId from, Cell at, std::int16_t rssi_cdbm) {
    if (helper_.state() == job::Helper::State::Working && from == helper_.asker())
        finder_.hear(at, rssi_cdbm);
}

void Rescuer::stop_working() { run_handle_ = 0; }

void Rescuer::remember_surroundings(const Sensed& body) {
    for (const Action side : {Action::North, Action::East, Action::South, Action::West}) {
        const Cell tile = learn::neighbour(body.at, side);
        if (tile != body.at)
            occupied_.set(tile.index(), (body.occupied_moves & learn::move_bit(side)) != 0);
    }
}

std::optional<Action> Rescuer::unclassified_side(const Common& common) const {
    for (const Action side : {Action::North, Action::East, Action::South, Action::West}) {
        const Cell tile = learn::neighbour(common.body.at, side);
        if (tile != common.body.at && occupied_.test(tile.index()) &&
            !common.facts.classified(tile))
            return side;
    }
    return std::nullopt;
}

void Rescuer::photograph(Common& common, Action side) {
    photographed_ = learn::neighbour(common.body.at, side);
    ++photos_;
    run_handle_ = ++last_handle_ == 0 ? ++last_handle_ : last_handle_;
    Run run;
    run.handle = run_handle_;
    run.input.push(common.body.at.index());
    run.input.push(static_cast<std::uint8_t>(side));
    common.out->push(run);
    common.note(Note::Kind::Photographed, helper_.asker(), photographed_.index());
}

Action Rescuer::search_step(Common& common) {
    finder_.rule_out(common.body.at);
    while (!finder_.exhausted()) {
        const Cell goal = finder_.estimate();
        // Where something stands the asker is not: a way there would end in front of it for ever.
        if (common.facts.barred(goal) || occupied_.test(goal.index())) {
            finder_.rule_out(goal);
            continue;
        }
        const Action step = body::step_towards(common.facts, occupied_, common.body.at, goal);
        if (step != Action::Stay) return step;
        finder_.rule_out(goal);  // no way there
    }
    job::Says says;
    helper_.give_up(profile::Result::Outcome::NotFound, 0, says);
    common.say_all(says);
    return Action::Stay;
}

Action Rescuer::patrol_step(const Common& common) {
    const auto& waypoints = common.config.waypoints;
    if (!common.config.duties.patrols || waypoints.empty()) return Action::Stay;
    // At most one round of the list: a waypoint that can't be reached is skipped.
    for (std::size_t tried = 0; tried < waypoints.size(); ++tried) {
        const Action step =
            body::step_towards(common.facts, occupied_, common.body.at, waypoints[waypoint_]);
        if (step != Action::Stay) return step;
        waypoint_ = (waypoint_ + 1) % waypoints.size();
    }
    return Action::Stay;
}

void Rescuer::sense(Common& common) {
    remember_surroundings(common.body);
    if (helper_.state() != job::Helper::State::Working) {
        common.act(patrol_step(common));
        return;
    }
    if (photographing()) {
        common.act(Action::Stay);
        return;
    }
    if (const auto side = unclassified_side(common)) {
        photograph(common, *side);
        common.act(Action::Stay);
        return;
    }
    common.act(search_step(common));
}

void Rescuer::run_ended(Common& common, const RunEnded& ended) {
    if (ended.handle != run_handle_) return;
    run_handle_ = 0;
    if (helper_.state() != job::Helper::State::Working) return;
    std::uint16_t confidence = 0;
    TileClass what = TileClass::Clear;
    if (ended.ok && ended.output.size() == 3 && ended.output[0] < learn::kTileClasses) {
        what = static_cast<TileClass>(ended.output[0]);
        confidence = static_cast<std::uint16_t>(ended.output[1] | (ended.output[2] << 8U));
        common.note(Note::Kind::Classified, helper_.asker(), photographed_.index(),
                    (static_cast<std::uint32_t>(what) << 16U) | confidence);
    }
    if (common.config.convinced_by(what, confidence))
        return answer(common, helper_.asker(), Fact{photographed_, what});
    if (photos_ < kPhotosMax) return;
    confidence = std::min<std::uint16_t>(confidence, 1000);
    ask_person(common, what, confidence);
    job::Says says;
    helper_.give_up(profile::Result::Outcome::Unsure, confidence, says);
    common.say_all(says);
}

/// Once for each tile while it blocks somebody, and at most three times an hour: by the purse's
/// alerts, which an edge node has no other use for. What can't be said now is said when it was
/// unsure again.
void Rescuer::ask_person(Common& common, TileClass guess, std::uint16_t confidence) {
    const Question fresh{photographed_, helper_.asker(), helper_.request().nonce};
    for (Question& known : questions_) {
        if (known.at != fresh.at) continue;
        known = fresh;
        return;
    }
    const Member* asker = common.member(fresh.asker);
    COMPOT_CHECK(asker != nullptr);
    if (!common.tell_people(unsure(fresh.at, guess, confidence, *asker), air::TrafficClass::Alert))
        return;
    if (questions_.full()) questions_.erase(0);
    questions_.push(fresh);
    common.note(Note::Kind::PersonAsked, fresh.asker, fresh.nonce,
                std::uint32_t{fresh.at.index()} << 24U | static_cast<std::uint32_t>(guess) << 16U |
                    confidence);
}

void Rescuer::show(Common& common, const Shown& shown) {
    if (!common.config.convinced_by(shown.what, shown.confidence_permille)) return;
    for (const Question& question : questions_) {
        // Of the job that we were at last: what it was asked with is still known.
        if (question.at != shown.of || question.nonce != helper_.request().nonce) continue;
        if (common.facts.classified(shown.of)) continue;
        answer(common, question.asker, Fact{shown.of, shown.what});
        return;
    }
}

void Rescuer::outcome_seen(NodeId owner, std::uint32_t nonce) {
    helper_.outcome_seen(owner, nonce);
    for (std::size_t i = questions_.size(); i-- > 0;) {
        if (questions_[i].asker == owner && questions_[i].nonce == nonce) questions_.erase(i);
    }
}

/// With what the asker lacks besides.
void Rescuer::answer(Common& common, NodeId asker, const Fact& fact) {
    auto facts = lacking(common, helper_.request());
    if (!facts) facts.emplace();
    if (facts->full()) facts->erase(0);
    facts->push(fact);
    const profile::AssistRequest request = helper_.request();
    helper_.answered(common.now);
    sign_and_send(common, asker, request, *facts);
}

void Rescuer::sign_and_send(Common& common, NodeId asker, const profile::AssistRequest& request,
                            const Facts& facts) {
    // trial_facts is the asker's map, as lacking() left it.
    const auto version = common.facts.next_version(common.config.publisher_era);
    if (!version.ok()) return;  // an era that is used up or over: a new one needs a new enrolment
    learn::FactsDelta delta;
    delta.publisher = common.config.self;
    delta.version = *version;
    delta.to = asker;
    delta.nonce = request.nonce;
    delta.base_digest = request.policy_digest;
    for (const Fact& fact : facts) (void)learn::add_fact(delta, fact);
    (void)learn::apply(delta, common.trial_facts);
    delta.result_digest = planned_digest(common.trial_facts, mission_of(common.config, request));
    learn::sign(delta, common.config.signing_seed, common.own_signing_public());

    (void)common.keep_facts(delta);
    common.note(Note::Kind::FactsSigned, asker, static_cast<std::uint32_t>(facts.size()),
                delta.version.sequence);
    say_facts(common, delta);
}

void Rescuer::say_facts(Common& common, const learn::FactsDelta& delta) {
    job::Say say;
    profile::Facts message;
    COMPOT_CHECK(message.body.assign(learn::encode(delta).view()));
    say.message = message;
    say.replaces = true;
    common.note(Note::Kind::DeltaSent, delta.to, delta.nonce,
                static_cast<std::uint32_t>(message.body.size()));
    common.say(say);
}

/// The answer that this request got already is lost: the same bytes again, not new facts for all.
bool Rescuer::repeat_answer(Common& common, NodeId asker, const profile::AssistRequest& request,
                            std::size_t missing) const {
    for (std::size_t i = 0; i < common.evidence.size(); ++i) {
        const auto delta = learn::parse_delta(common.evidence[i].view());
        if (!delta.ok() || delta->publisher != common.config.self || delta->to != asker) continue;
        if (delta->nonce != request.nonce || delta->base_digest != request.policy_digest) continue;
        if (delta->facts.size() != missing) continue;
        say_facts(common, *delta);
        return true;
    }
    return false;
}

void Rescuer::wake(Common& common) {
    job::Says says;
    if (helper_.wake(common.now, says)) stop_working();
    common.say_all(says);
}

}  // namespace compot::node
