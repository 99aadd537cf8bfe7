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
        one.hear(kHut, *parse_job(word(owner, Kind::Job).body), now, random);
        owner.hear(kCompot, *parse_claim(word(one, Kind::Claim).body), now, random);
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
    const auto begun = one.hear(kHut, *parse_award(award.body), now);
    ASSERT_TRUE(begun.has_value());
    EXPECT_EQ(begun->request, kRequest);
    EXPECT_FALSE(one.hear(kHut, *parse_award(award.body), now).has_value());  // come twice
    one.answered(kId, kFacts, now);
    const auto result = *parse_result(word(one, Kind::Result).body);
    EXPECT_TRUE(owner.hear(kCompot, result, true, now));
    EXPECT_FALSE(owner.hear(kCompot, result, true, now));
    const auto done = words(owner);
    ASSERT_EQ(done.size(), 2U);  // each result is answered
    one.hear(kHut, *parse_done(done[0].body));
    pass(2h);
    EXPECT_TRUE(words(one).empty());
    EXPECT_TRUE(words(owner).empty());
}

TEST_F(Jobs, only_one_of_many_who_would_is_given_it) {
    owner.asked(kId, kRequest, now);
    pass(link.patience);
    const Job job = *parse_job(word(owner, Kind::Job).body);
    one.hear(kHut, job, now, random);
    two.hear(kHut, job, now, random);
    owner.hear(kCompot, *parse_claim(word(one, Kind::Claim).body), now, random);
    owner.hear(kOther, *parse_claim(word(two, Kind::Claim).body), now, random);
    const JobWord award = word(owner, Kind::Award);
    EXPECT_EQ(award.to, kCompot);
    EXPECT_FALSE(two.hear(kHut, *parse_award(award.body), now).has_value());
    EXPECT_TRUE(one.hear(kHut, *parse_award(award.body), now).has_value());
}

TEST_F(Jobs, a_lost_award_is_given_again_when_the_claim_comes_again) {
    (void)award_to_one();
    pass(link.again);
    owner.hear(kCompot, *parse_claim(word(one, Kind::Claim).body), now, random);
    EXPECT_TRUE(one.hear(kHut, *parse_award(word(owner, Kind::Award).body), now).has_value());
}

TEST_F(Jobs, go_to_another_when_the_lease_is_over_and_end_with_the_first_answer) {
    const JobWord first = award_to_one();
    ASSERT_TRUE(one.hear(kHut, *parse_award(first.body), now).has_value());
    pass(link.lease);
    const Job again = *parse_job(word(owner, Kind::Job).body);
    EXPECT_EQ(again.attempt, 2);
    two.hear(kHut, again, now, random);
    owner.hear(kOther, *parse_claim(word(two, Kind::Claim).body), now, random);
    ASSERT_TRUE(two.hear(kHut, *parse_award(word(owner, Kind::Award).body), now).has_value());
    const JobResult late{kId, 1, parse_award(first.body)->word, kFacts};
    EXPECT_TRUE(owner.hear(kCompot, late, true, now));
    const auto done = words(owner);
    ASSERT_EQ(done.size(), 2U);  // both may stop
    EXPECT_NE(done[0].to, done[1].to);
    EXPECT_FALSE(owner.hear(kOther, {kId, 2, 0, kFacts}, true, now));
}

TEST_F(Jobs, who_cannot_says_so_and_another_is_asked) {
    const JobWord award = award_to_one();
    ASSERT_TRUE(one.hear(kHut, *parse_award(award.body), now).has_value());
    pass(link.work);
    const auto result = *parse_result(word(one, Kind::Result).body);
    EXPECT_TRUE(result.facts.empty());
    EXPECT_FALSE(owner.hear(kCompot, result, false, now));
    pass(link.again);
    const auto said = words(owner);
    ASSERT_EQ(said.size(), 2U);
    EXPECT_EQ(said[0].kind, Kind::Done);
    EXPECT_EQ(parse_job(said[1].body)->attempt, 2);
}

TEST_F(Jobs, an_end_that_nobody_awarded_ends_nothing) {
    owner.asked(kId, kRequest, now);
    pass(link.patience);
    (void)words(owner);
    EXPECT_FALSE(owner.hear(kOther, {kId, 1, 99, kFacts}, false, now));
    EXPECT_EQ(owner.open(), 1U);
    EXPECT_FALSE(owner.hear(kOther, {{kBeta, 9}, 1, 99, kFacts}, true, now));
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
    ASSERT_TRUE(one.hear(kHut, *parse_award(award.body), now).has_value());
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
    EXPECT_EQ(parse_result(word(third, Kind::Result).body)->facts, kFacts);
}

TEST_F(Jobs, an_owner_that_was_killed_knows_whom_it_gave_the_job) {
    const JobWord award = award_to_one();
    Owner again{link};
    for (const auto& [slot, value] : written(owner)) again.restore(slot, value, now);
    EXPECT_EQ(again.open(), 1U);
    const auto given = *parse_award(award.body);
    EXPECT_TRUE(again.hear(kCompot, {kId, given.attempt, given.word, kFacts}, true, now));
    EXPECT_EQ(word(again, Kind::Done).to, kCompot);
    Owner third{link};
    for (const auto& [slot, value] : written(again)) third.restore(slot, value, now);
    EXPECT_EQ(third.open(), 0U);
    third.asked(kId, kRequest, now);  // a request that was long on its way
    EXPECT_EQ(third.open(), 0U);
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
