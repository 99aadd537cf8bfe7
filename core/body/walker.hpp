#pragma once

#include <cstdint>
#include <optional>

#include "core/learn/facts.hpp"
#include "core/learn/policy.hpp"

/// How a Cat walks: by its policy, and never into something that nobody has classified. That rule
/// is here and nowhere else; only a classified tile (facts that a trusted node signed) lifts it.

namespace compot::body {

class Walker {
public:
    /// What the body felt this time, as far as walking is concerned.
    struct Feeling {
        learn::Cell at;
        std::uint8_t occupied_moves = 0;  ///< learn::move_bit() of each side where something stands
        bool worked = false;
    };

    /// `stuck_decisions`: without progress for so many, the Cat calls itself blocked.
    Walker(const learn::Mission& mission, std::uint8_t stuck_decisions)
        : mission_(mission), stuck_decisions_(stuck_decisions) {}

    struct Decision {
        learn::Action action = learn::Action::Stay;
        bool mission_changed = false;          ///< a site done or a bonus taken: plan anew
        std::optional<learn::Cell> site_done;  ///< just now
    };

    /// One decision. `policy` is the one in force.
    [[nodiscard]] Decision decide(const Feeling& feeling, const learn::FactMap& facts,
                                  const learn::Policy& policy);

    /// The tile with something unclassified on it that it has waited before for long enough.
    [[nodiscard]] std::optional<learn::Cell> blocked_by() const;

    /// It moved since it was last blocked.
    [[nodiscard]] bool progressing() const { return stuck_ == 0; }

    [[nodiscard]] const learn::Mission& mission() const { return mission_; }

    [[nodiscard]] learn::Mission& mission() { return mission_; }

    [[nodiscard]] const learn::Transitions& transitions() const { return transitions_; }

    [[nodiscard]] learn::Cell at() const { return at_; }

private:
    void judge_last(const Feeling& feeling, const learn::FactMap& facts, Decision& decision);
    [[nodiscard]] learn::Action choose(const Feeling& feeling, const learn::FactMap& facts,
                                       const learn::Policy& policy);

    learn::Mission mission_;
    std::uint8_t stuck_decisions_;
    learn::Cell at_;
    learn::Action last_ = learn::Action::Stay;
    std::uint8_t stuck_ = 0;
    std::optional<learn::Cell> obstacle_;
    learn::Transitions transitions_;
};

}  // namespace compot::body
