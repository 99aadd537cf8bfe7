#include "host/bridge/jobs.hpp"

#include <gtest/gtest.h>

#include <map>

#include "host/bridge/fixture.hpp"

namespace compot::bridge {
namespace {

const JobId kId{kBeta, 0x1234};
const ByteString kRequest{1, 2, 3};
const ByteString kFacts{7, 7, 7};

/// An owner and two helpers; what they say is carried by hand.
class Jobs : public ::testing::Test {
protected:
    void pass(Duration span) {
        now += span;
        owner.wake(now);
        one.wake(now);
        two.wake(now);
    }

    template <typename Side>
    std::vector<JobWord> words(Side& side) {
        std::vector<JobWord> all;
        while (const auto word = side.next(now)) {
            all.push_back(*word);
            side.said(now);
        }
        return all;
    }

    template <typename Side>
    JobWord word(Side& side, Kind kind) {
        const auto all = words(side);
        EXPECT_EQ(all.size(), 1U);
        if (all.size() != 1) return {};
        EXPECT_EQ(all[0].kind, kind);
        return all[0];
    }

    /// One Compot is awarded the job.
    JobWord award_to_one() {
        owner.asked(kId, kRequest, now);
        pass(link.patience);
        one.hear(kHut, Work::Answer, *parse<Job>(word(owner, Kind::Job).body), now, random);
        owner.hear(kCompot, *parse<Claim>(word(one, Kind::Claim).body), now, random);
        return word(owner, Kind::Award);
    }

    LinkProfile link = satellite();
    Owner owner{link};
    Helper one{link};
    Helper two{link};
    Random random{1};
    Time now{};
};

TEST_F(Jobs, nobody_abroad_is_asked_while_help_may_be_near) {
    owner.asked(kId, kRequest, now);
    pass(link.patience - 1s);
    EXPECT_TRUE(words(owner).empty());
    owner.settled(kId, now);
    pass(1h);
    EXPECT_TRUE(words(owner).empty());
    EXPECT_EQ(owner.open(), 0U);
}

TEST_F(Jobs, cross_are_done_once_and_end_once) {
    const JobWord award = award_to_one();
    EXPECT_EQ(award.to, kCompot);
    const auto begun = one.hear(kHut, *parse<Award>(award.body), now);
    ASSERT_TRUE(begun.has_value());
    EXPECT_EQ(begun->request, kRequest);
    EXPECT_FALSE(one.hear(kHut, *parse<Award>(award.body), now).has_value());  // come twice
    one.answered(kId, kFacts, now);
    const auto result = *parse<JobResult>(word(one, Kind::Result).body);
    EXPECT_TRUE(owner.hear(kCompot, result, true, now));
    EXPECT_FALSE(owner.hear(kCompot, result, true, now));
    const auto done = words(owner);
    ASSERT_EQ(done.size(), 2U);  // each result is answered
    one.hear(kHut, *parse<Done>(done[0].body));
    pass(2h);
    EXPECT_TRUE(words(one).empty());
    EXPECT_TRUE(words(owner).empty());
}

TEST_F(Jobs, only_one_of_many_who_would_is_given_it) {
    owner.asked(kId, kRequest, now);
    pass(link.patience);
    const Job job = *parse<Job>(word(owner, Kind::Job).body);
    one.hear(kHut, Work::Answer, job, now, random);
    two.hear(kHut, Work::Answer, job, now, random);
    owner.hear(kCompot, *parse<Claim>(word(one, Kind::Claim).body), now, random);
    owner.hear(kOther, *parse<Claim>(word(two, Kind::Claim).body), now, random);
    const JobWord award = word(owner, Kind::Award);
    EXPECT_EQ(award.to, kCompot);
    EXPECT_FALSE(two.hear(kHut, *parse<Award>(award.body), now).has_value());
    EXPECT_TRUE(one.hear(kHut, *parse<Award>(award.body), now).has_value());
}

TEST_F(Jobs, a_lost_award_is_given_again_when_the_claim_comes_again) {
    (void)award_to_one();
    pass(link.again);
    owner.hear(kCompot, *parse<Claim>(word(one, Kind::Claim).body), now, random);
    EXPECT_TRUE(one.hear(kHut, *parse<Award>(word(owner, Kind::Award).body), now).has_value());
}

TEST_F(Jobs, go_to_another_when_the_lease_is_over_and_end_with_the_first_answer) {
    const JobWord first = award_to_one();
    ASSERT_TRUE(one.hear(kHut, *parse<Award>(first.body), now).has_value());
    pass(link.lease);
    const Job again = *parse<Job>(word(owner, Kind::Job).body);
    EXPECT_EQ(again.attempt, 2);
    two.hear(kHut, Work::Answer, again, now, random);
    owner.hear(kOther, *parse<Claim>(word(two, Kind::Claim).body), now, random);
    ASSERT_TRUE(two.hear(kHut, *parse<Award>(word(owner, Kind::Award).body), now).has_value());
    const JobResult late{kId, 1, parse<Award>(first.body)->word, kFacts};
    EXPECT_TRUE(owner.hear(kCompot, late, true, now));
    const auto done = words(owner);
    ASSERT_EQ(done.size(), 2U);  // both may stop
    EXPECT_NE(done[0].to, done[1].to);
    EXPECT_FALSE(owner.hear(kOther, {kId, 2, 0, kFacts}, true, now));
}

TEST_F(Jobs, who_cannot_says_so_and_another_is_asked) {
    const JobWord award = award_to_one();
    ASSERT_TRUE(one.hear(kHut, *parse<Award>(award.body), now).has_value());
    pass(link.work);
    const auto result = *parse<JobResult>(word(one, Kind::Result).body);
    EXPECT_TRUE(result.answer.empty());
    EXPECT_FALSE(owner.hear(kCompot, result, false, now));
    pass(link.again);
    const auto said = words(owner);
    ASSERT_EQ(said.size(), 2U);
    EXPECT_EQ(said[0].kind, Kind::Done);
    EXPECT_EQ(parse<Job>(said[1].body)->attempt, 2);
}

TEST_F(Jobs, an_end_that_nobody_awarded_ends_nothing) {
    owner.asked(kId, kRequest, now);
    pass(link.patience);
    (void)words(owner);
    EXPECT_FALSE(owner.hear(kOther, {kId, 1, 99, kFacts}, false, now));
    EXPECT_EQ(owner.open(), 1U);
    EXPECT_FALSE(owner.hear(kOther, {{kBeta, 9}, 1, 99, kFacts}, true, now));
}

/// Of three pieces.
ByteString picture() { return test_jpeg(2500); }

/// A picture that one Compot was awarded, which has heard so.
class Looks : public Jobs {
protected:
    void SetUp() override {
        EXPECT_EQ(owner.look(kLook, picture(), now), kLook);
        one.hear(kHut, Work::Look, *parse<Job>(word(owner, Kind::Picture).body), now, random);
        owner.hear(kCompot, *parse<Claim>(word(one, Kind::Claim).body), now, random);
        said = words(owner);
        ASSERT_EQ(said.size(), 4U);  // the award, and three pieces
        EXPECT_FALSE(one.hear(kHut, *parse<Award>(said[0].body), now).has_value());
    }

    Result<std::optional<ByteString>> bring(Helper& helper, const JobWord& piece) {
        EXPECT_EQ(piece.kind, Kind::Piece);
        return helper.hear(kHut, *parse<Piece>(piece.body), now);
    }

    const JobId kLook{kHut, 77};
    std::vector<JobWord> said;
};

TEST_F(Looks, cross_in_pieces_and_end_once) {
    EXPECT_FALSE(bring(one, said[3])->has_value());
    EXPECT_FALSE(bring(one, said[1])->has_value());
    EXPECT_FALSE(bring(one, said[1])->has_value());  // come twice
    EXPECT_EQ(**bring(one, said[2]), picture());
    EXPECT_FALSE(bring(one, said[2])->has_value());
    one.answered(kLook, kFacts, now);
    EXPECT_FALSE(owner.end_of(kLook).has_value());
    const auto result = *parse<JobResult>(word(one, Kind::Result).body);
    EXPECT_TRUE(owner.hear(kCompot, result, true, now));
    EXPECT_FALSE(owner.hear(kCompot, result, true, now));
    EXPECT_EQ(*owner.end_of(kLook), kFacts);
    EXPECT_EQ(owner.look({kHut, 78}, picture(), now), kLook)
        << "what has an answer is not asked again";
    EXPECT_EQ(owner.open(), 0U);
}

TEST_F(Looks, want_again_what_was_lost) {
    EXPECT_FALSE(bring(one, said[2])->has_value());
    pass(link.again);
    const auto want = *parse<Want>(word(one, Kind::Want).body);
    EXPECT_EQ(want.lacking, (ByteString{0, 2}));
    owner.hear(kOther, want, now);  // another's word
    EXPECT_TRUE(words(owner).empty());
    owner.hear(kCompot, want, now);
    const auto again = words(owner);
    ASSERT_EQ(again.size(), 2U);
    EXPECT_FALSE(bring(one, again[0])->has_value());
    EXPECT_EQ(**bring(one, again[1]), picture());
}

TEST_F(Looks, go_to_another_when_what_came_is_not_what_was_offered) {
    for (int i = 1; i < 4; ++i) {
        auto piece = *parse<Piece>(said[static_cast<std::size_t>(i)].body);
        piece.bytes[100] ^= 1U;
        const auto taken = one.hear(kHut, piece, now);
        if (i < 3) {
            EXPECT_TRUE(taken.ok());
        } else {
            EXPECT_EQ(taken.error(), Error::Forged);
        }
    }
    const auto result = *parse<JobResult>(word(one, Kind::Result).body);
    EXPECT_TRUE(result.answer.empty());
    EXPECT_FALSE(owner.hear(kCompot, result, false, now));
    pass(link.again);
    EXPECT_EQ(words(owner).back().kind, Kind::Picture);
}

TEST_F(Looks, are_answered_by_who_was_given_them_and_nobody_else) {
    const JobResult result{kLook, 1, parse<Award>(said[0].body)->word, kFacts};
    EXPECT_FALSE(owner.hear(kOther, result, true, now));
    EXPECT_EQ(word(owner, Kind::Done).to, kOther);
    EXPECT_FALSE(owner.end_of(kLook).has_value());
    pass(link.lease);  // another is given it, and the first is done after all
    two.hear(kHut, Work::Look, *parse<Job>(word(owner, Kind::Picture).body), now, random);
    owner.hear(kOther, *parse<Claim>(word(two, Kind::Claim).body), now, random);
    EXPECT_TRUE(owner.hear(kCompot, result, true, now));
    EXPECT_EQ(*owner.end_of(kLook), kFacts);
}

TEST_F(Looks, end_without_an_answer_when_nobody_looks_in_time) {
    pass(link.look_patience);
    pass(link.lease);
    EXPECT_TRUE(owner.end_of(kLook)->empty());
    EXPECT_EQ(owner.look({kHut, 79}, picture(), now), (JobId{kHut, 79})) << "it may be asked anew";
}

/// Everything a side wrote down, by place: what a restart finds.
template <typename Side>
std::map<std::uint16_t, ByteString> written(Side& side) {
    std::map<std::uint16_t, ByteString> records;
    for (const JobRecord& record : side.take_records()) records[record.slot] = record.value;
    return records;
}

TEST_F(Jobs, a_helper_that_was_killed_answers_with_what_it_had) {
    const JobWord award = award_to_one();
    ASSERT_TRUE(one.hear(kHut, *parse<Award>(award.body), now).has_value());
    auto records = written(one);
    Helper again{link};
    for (const auto& [slot, value] : records) again.restore(slot, value, now);
    ASSERT_EQ(again.running().size(), 1U);
    EXPECT_EQ(again.running()[0].request, kRequest);
    again.answered(kId, kFacts, now);
    for (const auto& [slot, value] : written(again)) records[slot] = value;
    Helper third{link};
    for (const auto& [slot, value] : records) third.restore(slot, value, now);
    EXPECT_TRUE(third.running().empty());
    EXPECT_EQ(parse<JobResult>(word(third, Kind::Result).body)->answer, kFacts);
}

TEST_F(Jobs, an_owner_that_was_killed_knows_whom_it_gave_the_job) {
    const JobWord award = award_to_one();
    Owner again{link};
    for (const auto& [slot, value] : written(owner)) again.restore(slot, value, now);
    EXPECT_EQ(again.open(), 1U);
    const auto given = *parse<Award>(award.body);
    EXPECT_TRUE(again.hear(kCompot, {kId, given.attempt, given.word, kFacts}, true, now));
    EXPECT_EQ(word(again, Kind::Done).to, kCompot);
    Owner third{link};
    for (const auto& [slot, value] : written(again)) third.restore(slot, value, now);
    EXPECT_EQ(third.open(), 0U);
    third.asked(kId, kRequest, now);  // a request that was long on its way
    EXPECT_EQ(third.open(), 0U);
}

TEST_F(Looks, are_done_by_a_helper_that_was_killed_and_wants_the_picture_again) {
    EXPECT_FALSE(bring(one, said[1])->has_value());
    Helper again{link};
    for (const auto& [slot, value] : written(one)) again.restore(slot, value, now);
    EXPECT_TRUE(again.running().empty());
    owner.hear(kCompot, *parse<Want>(word(again, Kind::Want).body), now);
    const auto pieces = words(owner);
    ASSERT_EQ(pieces.size(), 3U);
    (void)bring(again, pieces[0]);
    (void)bring(again, pieces[1]);
    EXPECT_EQ(**bring(again, pieces[2]), picture());
}

TEST_F(Looks, wait_for_their_picture_when_the_owner_was_killed) {
    Owner again{link};
    for (const auto& [slot, value] : written(owner)) again.restore(slot, value, now);
    pass(link.again);
    again.hear(kCompot, *parse<Want>(word(one, Kind::Want).body), now);
    EXPECT_TRUE(words(again).empty());
    EXPECT_EQ(again.look({kHut, 80}, picture(), now), kLook);
    EXPECT_EQ(words(again).size(), 3U);
    const auto given = *parse<Award>(said[0].body);
    EXPECT_TRUE(again.hear(kCompot, {kLook, 1, given.word, kFacts}, true, now));
    Owner third{link};
    for (const auto& [slot, value] : written(again)) third.restore(slot, value, now);
    EXPECT_EQ(*third.end_of(kLook), kFacts);
}

TEST_F(Jobs, too_many_at_once_wait_for_those_that_are_over) {
    for (std::uint32_t nonce = 1; nonce <= kJobsMax + 1; ++nonce)
        owner.asked({kBeta, nonce}, kRequest, now);
    EXPECT_EQ(owner.open(), kJobsMax);
    owner.settled({kBeta, 1}, now);
    owner.asked({kBeta, kJobsMax + 1}, kRequest, now);
    EXPECT_EQ(owner.open(), kJobsMax);
}

}  // namespace
}  // namespace compot::bridge
