#include "core/body/walker.hpp"

namespace compot::body {

using learn::Action;
using learn::Cell;
using learn::FactMap;
using learn::Outcome;
using learn::TileClass;

void Walker::judge_last(const Feeling& feeling, const FactMap& facts, Decision& decision) {
    if (learn::is_move(last_)) {
        const bool moved = feeling.at != at_;
        transitions_.push({last_, moved ? Outcome::Done : Outcome::Touched});
        if (moved) stuck_ = 0;
        if (moved && facts.class_at(feeling.at) == TileClass::Movable &&
            mission_.pays(feeling.at)) {
            mission_.mark_taken(feeling.at);
            decision.mission_changed = true;
        }
    } else if (last_ == Action::Work && feeling.worked) {
        transitions_.push({last_, Outcome::Done});
        stuck_ = 0;
        if (mission_.mark_done(feeling.at)) {
            decision.mission_changed = true;
            decision.site_done = feeling.at;
        }
    }
    at_ = feeling.at;
}

Action Walker::choose(const Feeling& feeling, const FactMap& facts, const learn::Policy& policy) {
    obstacle_.reset();
    const Action wish = policy.best(feeling.at);
    if (!learn::is_move(wish)) return wish;
    const Cell target = learn::neighbour(feeling.at, wish);
    const bool occupied = (feeling.occupied_moves & learn::move_bit(wish)) != 0;
    if (occupied && !facts.classified(target)) {
        obstacle_ = target;
        transitions_.push({wish, Outcome::Occupied});
        return Action::Stay;
    }
    // A policy plans around what is barred, but its facts may be newer than it is.
    if (facts.barred(target)) {
        transitions_.push({wish, Outcome::Held});
        return Action::Stay;
    }
    return wish;
}

Walker::Decision Walker::decide(const Feeling& feeling, const FactMap& facts,
                                const learn::Policy& policy) {
    Decision decision;
    judge_last(feeling, facts, decision);
    if (decision.mission_changed) {
        // The policy in force still pays for what is done; stand still until the new one is there.
        last_ = Action::Stay;
        return decision;
    }
    decision.action = choose(feeling, facts, policy);
    if (decision.action == Action::Stay && stuck_ < 0xFF) ++stuck_;
    last_ = decision.action;
    return decision;
}

std::optional<Cell> Walker::blocked_by() const {
    if (stuck_ < stuck_decisions_) return std::nullopt;
    return obstacle_;
}

}  // namespace compot::body
