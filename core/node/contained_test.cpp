#include "core/node/testbed.hpp"

namespace compot::node {
namespace {

using learn::Cell;
using learn::TileClass;

/// A swarm whose Beta may open what is unclassified between the two corners only.
class Contained : public Swarm {
public:
    Contained(Cell low, Cell high) {
        Config& beta = *bodies[kBeta].config;
        beta.authority = crypto::signing_public(key_of(kAlpha, 4));
        beta.envelope.device = kBeta;
        beta.envelope.low = low;
        beta.envelope.high = high;
        learn::sign(beta.envelope, key_of(kAlpha, 4), beta.authority);
    }

    [[nodiscard]] std::vector<job::Outcome> outcomes_known_to(NodeId id) {
        std::vector<job::Outcome> outcomes;
        for (const auto& [key, value] : bodies[id].stored) {
            if (key < records::kLedger) continue;
            const auto entry = ledger::parse_entry(value);
            EXPECT_TRUE(entry.ok());
            const auto body = ledger::read_outcome(entry->body.view());
            if (body.ok()) outcomes.push_back(static_cast<job::Outcome>(body->outcome));
        }
        return outcomes;
    }
};

TEST(Story, delta_beyond_the_safety_envelope_is_kept_out_said_so_and_not_asked_for_again) {
    Contained swarm({0, 0}, {7, 15});
    swarm.truth = TileClass::Movable;
    swarm.start();
    ASSERT_TRUE(swarm.run_until(kBeta, Note::Kind::JobEnded, 400));
    EXPECT_EQ(static_cast<job::Outcome>(swarm.last(kBeta, Note::Kind::JobEnded).b),
              job::Outcome::Contained);
    const std::uint64_t policy = swarm.bodies[kBeta].node->look().policy_digest;
    swarm.run(60);
    const int asked = swarm.sent(profile::MessageType::AssistRequest);
    const int facts = swarm.sent(profile::MessageType::Facts);
    swarm.run(3600);
    EXPECT_EQ(swarm.bodies[kBeta].node->look().mood, View::Mood::Blocked);
    EXPECT_EQ(swarm.bodies[kBeta].node->look().policy_digest, policy);
    EXPECT_EQ(swarm.count(kBeta, Note::Kind::DeltaApplied), 0);
    EXPECT_EQ(swarm.count(kBeta, Note::Kind::Contained), 1);
    EXPECT_FALSE(swarm.touched);
    EXPECT_EQ(swarm.sent(profile::MessageType::AssistRequest), asked);
    EXPECT_EQ(swarm.sent(profile::MessageType::Facts), facts) << "nobody sends it once more";
    EXPECT_EQ(swarm.sent(profile::MessageType::FactsQuery), 0);
    EXPECT_EQ(swarm.outcomes_known_to(kCompot), std::vector{job::Outcome::Contained});
    EXPECT_TRUE(swarm.ledgers_equal());
}

TEST(Story, contained_cat_goes_on_when_the_object_is_taken_away) {
    Contained swarm({0, 0}, {7, 15});
    swarm.start();
    swarm.truth = TileClass::Movable;
    ASSERT_TRUE(swarm.run_until(kBeta, Note::Kind::JobEnded, 400));
    swarm.obstacle = false;
    ASSERT_TRUE(swarm.run_until(kBeta, Note::Kind::MissionDone, 120));
    EXPECT_EQ(swarm.bodies[kBeta].node->look().mood, View::Mood::Idle);
}

TEST(Story, what_closes_a_tile_is_let_in_by_any_envelope) {
    for (const TileClass truth : {TileClass::Immovable, TileClass::Dangerous}) {
        SCOPED_TRACE(learn::to_string(truth));
        Contained swarm({0, 0}, {0, 0});
        swarm.truth = truth;
        swarm.start();
        EXPECT_TRUE(swarm.run_until(kBeta, Note::Kind::MissionDone, 400));
        EXPECT_EQ(swarm.count(kBeta, Note::Kind::Contained), 0);
    }
}

TEST(Story, answer_leaves_out_what_the_asker_keeps_out) {
    Contained swarm({8, 0}, {8, 15});
    swarm.truth = TileClass::Movable;
    swarm.bodies[kCompot].config->known = {{Cell{3, 3}, TileClass::Movable},
                                           {kObstacle, TileClass::Movable}};
    swarm.start();
    ASSERT_TRUE(swarm.run_until(kBeta, Note::Kind::MissionDone, 400));
    EXPECT_EQ(swarm.count(kBeta, Note::Kind::Contained), 1) << "both at once";
    EXPECT_EQ(swarm.count(kBeta, Note::Kind::DeltaApplied), 1) << "then the one that it may take";
    EXPECT_EQ(swarm.sent(profile::MessageType::Offer), 0);
}

TEST(Story, envelope_that_nobody_signed_opens_nothing) {
    Contained swarm({0, 0}, {15, 15});
    swarm.truth = TileClass::Movable;
    swarm.bodies[kBeta].config->envelope.signature[5] ^= 1U;
    swarm.start();
    ASSERT_TRUE(swarm.run_until(kBeta, Note::Kind::JobEnded, 400));
    EXPECT_EQ(swarm.count(kBeta, Note::Kind::Contained), 1);
    EXPECT_FALSE(swarm.touched);
}

TEST(Story, stored_facts_are_judged_by_the_envelope_of_a_new_enrolment) {
    Swarm swarm;
    swarm.truth = TileClass::Movable;
    swarm.start();
    ASSERT_TRUE(swarm.run_until(kBeta, Note::Kind::DeltaApplied, 400));
    const Contained narrower({0, 0}, {7, 15});
    swarm.bodies[kBeta].config->envelope = narrower.bodies.at(kBeta).config->envelope;
    swarm.bodies[kBeta].config->authority = narrower.bodies.at(kBeta).config->authority;
    swarm.boot(kBeta);
    EXPECT_EQ(swarm.count(kBeta, Note::Kind::Contained), 1);
    EXPECT_NE(swarm.bodies[kBeta].node->look().facts_digest,
              swarm.bodies[kCompot].node->look().facts_digest);
}

}  // namespace
}  // namespace compot::node
