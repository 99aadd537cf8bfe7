#include "core/node/testbed.hpp"

namespace compot::node {
namespace {

using learn::Cell;
using learn::TileClass;

/// Compot sees too little to be sure of anything.
class Foggy : public Swarm {
public:
    Foggy() {
        truth = TileClass::Dangerous;
        confidence = 410;
    }

    void start() {
        Swarm::start();
        for (auto& [id, body] : bodies) body.config->members[1].call("beta");
        ASSERT_EQ(bodies[kCompot].config->members[1].id, kBeta);
        boot(kCompot);
    }

    [[nodiscard]] bool unsure() { return run_until(kCompot, Note::Kind::PersonAsked, 400); }
};

TEST(Story, whoever_is_unsure_asks_a_person_by_text_and_once) {
    Foggy swarm;
    swarm.start();
    ASSERT_TRUE(swarm.unsure());
    EXPECT_EQ(swarm.count(kCompot, Note::Kind::Classified), 3);
    swarm.run(3600);
    ASSERT_EQ(swarm.texts.size(), 1U);
    EXPECT_EQ(swarm.texts[0].first, kCompot);
    EXPECT_EQ(swarm.texts[0].second,
              "Unsure what stands on 8,8 (41 %, DANGEROUS?). beta waits. Send a picture, or look.");
    const Note asked = swarm.last(kCompot, Note::Kind::PersonAsked);
    EXPECT_EQ(asked.peer, kBeta);
    EXPECT_EQ(asked.a, swarm.last(kBeta, Note::Kind::Asked).a);
    EXPECT_EQ(asked.b >> 24U, kObstacle.index());
    EXPECT_EQ(swarm.count(kBeta, Note::Kind::PersonAsked), 0) << "Beta has heard that one is";
    EXPECT_EQ(swarm.count(kBeta, Note::Kind::Resumed), 0);
    EXPECT_FALSE(swarm.touched);
    EXPECT_GT(swarm.count(kCompot, Note::Kind::JobAccepted), 3) << "it looks again now and then";
    EXPECT_LT(swarm.count(kCompot, Note::Kind::JobAccepted), 20);
}

TEST(Story, persons_picture_frees_the_cat_at_once_from_wherever_compot_is) {
    for (const TileClass truth : {TileClass::Movable, TileClass::Immovable, TileClass::Dangerous}) {
        SCOPED_TRACE(learn::to_string(truth));
        Foggy swarm;
        swarm.truth = truth;
        swarm.start();
        ASSERT_TRUE(swarm.unsure());
        swarm.run(60);
        const int accepted = swarm.count(kCompot, Note::Kind::JobAccepted);
        swarm.give(kCompot, Shown{kObstacle, truth, 900});
        ASSERT_TRUE(swarm.run_until(kBeta, Note::Kind::Resumed, 20));
        EXPECT_EQ(swarm.count(kCompot, Note::Kind::JobAccepted), accepted) << "nobody drove again";
        ASSERT_TRUE(swarm.run_until(kBeta, Note::Kind::MissionDone, 120));
        swarm.run(60);
        EXPECT_TRUE(swarm.ledgers_equal());
        EXPECT_EQ(swarm.count(kBeta, Note::Kind::DeltaRefused), 0);
    }
}

TEST(Story, persons_picture_that_gets_lost_on_the_air_is_sent_again_when_the_cat_asks) {
    Foggy swarm;
    swarm.start();
    ASSERT_TRUE(swarm.unsure());
    swarm.run(30);
    swarm.loss_millionths = 1'000'000;
    swarm.give(kCompot, Shown{kObstacle, swarm.truth, 900});
    swarm.run(5);
    EXPECT_EQ(swarm.count(kBeta, Note::Kind::DeltaApplied), 0);
    swarm.loss_millionths = 0;
    EXPECT_TRUE(swarm.run_until(kBeta, Note::Kind::Resumed, 600));
}

TEST(Story, picture_that_convinces_nobody_or_shows_another_tile_changes_nothing) {
    Foggy swarm;
    swarm.start();
    ASSERT_TRUE(swarm.unsure());
    const std::uint64_t facts = swarm.bodies[kCompot].node->look().facts_digest;
    for (const Shown& shown :
         {Shown{kObstacle, TileClass::Movable, 699}, Shown{kObstacle, TileClass::Clear, 1000},
          Shown{Cell{3, 3}, TileClass::Movable, 1000}}) {
        swarm.give(kCompot, shown);
        swarm.give(kBeta, shown);
    }
    EXPECT_EQ(swarm.bodies[kCompot].node->look().facts_digest, facts);
    EXPECT_EQ(swarm.count(kCompot, Note::Kind::FactsSigned), 0);
}

TEST(Story, confidence_that_is_asked_for_is_a_setting_of_the_enrolment) {
    Swarm swarm;
    swarm.bodies[kCompot].config->confidence_permille = 951;
    swarm.start();
    ASSERT_TRUE(swarm.run_until(kCompot, Note::Kind::PersonAsked, 400));
    EXPECT_EQ(swarm.count(kCompot, Note::Kind::FactsSigned), 0);
    ASSERT_EQ(swarm.texts.size(), 1U);
    EXPECT_NE(swarm.texts[0].second.find("A cat waits"), std::string::npos) << "it has no name";
}

TEST(Story, new_blockage_of_the_same_tile_is_a_new_question) {
    Foggy swarm;
    for (auto& [id, body] : swarm.bodies) body.config->sites = {Cell{8, 9}, Cell{8, 3}};
    swarm.bodies[kBeta].at = {8, 7};
    swarm.start();
    ASSERT_TRUE(swarm.unsure());
    const std::uint32_t first = swarm.last(kCompot, Note::Kind::PersonAsked).a;
    swarm.obstacle = false;
    ASSERT_TRUE(swarm.run_until(kBeta, Note::Kind::SiteDone, 400));
    swarm.obstacle = true;  // between Beta and its other site
    swarm.run(900);
    EXPECT_EQ(swarm.texts.size(), 2U);
    EXPECT_NE(swarm.last(kCompot, Note::Kind::PersonAsked).a, first);
}

TEST(Story, cat_that_nobody_helps_tells_people_after_twenty_minutes_and_once) {
    Swarm swarm;
    swarm.bodies.erase(kCompot);
    swarm.start();
    ASSERT_TRUE(swarm.run_until(kBeta, Note::Kind::Blocked, 60));
    swarm.run(20 * 60 - 10);
    EXPECT_TRUE(swarm.texts.empty());
    swarm.run(7 * 60);
    ASSERT_EQ(swarm.texts.size(), 1U);
    EXPECT_EQ(swarm.texts[0].first, kBeta);
    EXPECT_EQ(swarm.texts[0].second,
              "Blocked before 8,8 for 20 minutes, and nobody could help. Please look.");
    EXPECT_EQ(swarm.last(kBeta, Note::Kind::PersonAsked).a, swarm.last(kBeta, Note::Kind::Asked).a);
    swarm.run(2 * 3600);
    EXPECT_EQ(swarm.texts.size(), 1U);
}

TEST(Story, job_that_a_person_withdraws_is_over_for_all_and_not_asked_again) {
    Swarm swarm;
    swarm.start();
    ASSERT_TRUE(swarm.run_until(kCompot, Note::Kind::JobAccepted, 120));
    const std::uint32_t nonce = swarm.last(kBeta, Note::Kind::Asked).a;
    swarm.give(kBeta, Withdrawn{nonce + 1});
    swarm.give(kCompot, Withdrawn{nonce});
    EXPECT_EQ(swarm.count(kBeta, Note::Kind::JobEnded), 0) << "another job, another node";
    EXPECT_TRUE(swarm.bodies[kBeta].node->waits_for(nonce));
    swarm.give(kBeta, Withdrawn{nonce});
    EXPECT_FALSE(swarm.bodies[kBeta].node->waits_for(nonce));
    const Note ended = swarm.last(kBeta, Note::Kind::JobEnded);
    EXPECT_EQ(ended.a, nonce);
    EXPECT_EQ(static_cast<job::Outcome>(ended.b), job::Outcome::Withdrawn);
    swarm.run(60);
    EXPECT_EQ(swarm.sent(profile::MessageType::Cancel), 1);
    EXPECT_EQ(swarm.bodies[kCompot].node->look().mood, View::Mood::Patrolling);
    EXPECT_EQ(swarm.bodies[kBeta].node->look().mood, View::Mood::Blocked);
    EXPECT_TRUE(swarm.ledgers_equal());
    const int asked = swarm.sent(profile::MessageType::AssistRequest);
    swarm.run(3600);
    EXPECT_EQ(swarm.sent(profile::MessageType::AssistRequest), asked);
    swarm.give(kBeta, Withdrawn{nonce});
    EXPECT_EQ(swarm.count(kBeta, Note::Kind::JobEnded), 1);
    swarm.obstacle = false;
    EXPECT_TRUE(swarm.run_until(kBeta, Note::Kind::MissionDone, 120));
}

TEST(Outbox, tells_people_as_alerts_three_times_an_hour_and_is_paid_for_it) {
    const Swarm swarm;
    const Config& config = *swarm.bodies.at(kCompot).config;
    Common common(config);
    Effects out;
    common.out = &out;
    common.session.boot(1, 7);
    const Appeal text = unhelped({1, 2});
    const Duration before = common.outbox.purse().balance();
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(common.tell_people(text, air::TrafficClass::Alert)) << i;
    EXPECT_FALSE(common.tell_people(text, air::TrafficClass::Alert));
    ASSERT_EQ(out.size(), 3U);
    const Send sent = std::get<Send>(out[0]);
    EXPECT_EQ(sent.portnum, mesh::port::kText);
    EXPECT_EQ(sent.kind, 0);
    EXPECT_EQ(sent.priority, Priority::Alert);
    EXPECT_EQ(common.outbox.purse().balance(), before - 3 * sent.price);
    const auto alone = air::broadcast_bytes(text.size(), true, mesh::port::kText);
    EXPECT_GE(sent.price, *air::airtime(config.modem, *alone));
    common.now += 1h;
    EXPECT_TRUE(common.tell_people(text, air::TrafficClass::Alert));
}

TEST(Appeal, fits_its_bytes_whatever_stands_where) {
    Member member;
    member.call("a name that is longer than twelve");
    for (std::size_t what = 0; what < learn::kTileClasses; ++what) {
        const Appeal text = unsure({15, 15}, static_cast<TileClass>(what), 1000, member);
        const std::string words(text.begin(), text.end());
        const bool blind = what == 0;
        EXPECT_EQ(words.find(blind ? "Nothing to be seen on 15,15 where something stands. "
                                   : "Unsure what stands on 15,15 (100 %, "),
                  0U)
            << words;
        EXPECT_NE(words.find(". a name that  waits. Send a picture, or look."), std::string::npos)
            << words;
    }
    const Appeal text = unsure({0, 10}, TileClass::Movable, 59, member);
    EXPECT_EQ(std::string(text.begin(), text.end()).find("Unsure what stands on 0,10 (5 %"), 0U);
}

TEST(Member, keeps_whole_letters_of_a_name_that_is_cut) {
    Member member;
    member.call("eleven byte\u00FCs");
    const std::string kept(member.name.begin(), member.name.end());
    EXPECT_EQ(kept, std::string("eleven byte") + '\0');
}

}  // namespace
}  // namespace compot::node
