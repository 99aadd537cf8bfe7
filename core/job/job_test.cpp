#include <gtest/gtest.h>

#include "core/job/asker.hpp"
#include "core/job/helper.hpp"

namespace compot::job {
namespace {

using profile::AssistRequest;
using profile::Award;
using profile::Cancel;
using profile::Offer;
using profile::Progress;

constexpr NodeId kBeta{0xB};
constexpr NodeId kCompot{0xC};
constexpr NodeId kOther{0xD};
constexpr std::uint32_t kNonce = 77;

/// The only message of kind T in what was said, and nothing else was.
template <typename T>
T only(const Says& says) {
    EXPECT_EQ(says.size(), 1U);
    const T* message = says.empty() ? nullptr : std::get_if<T>(&says[0].message);
    EXPECT_NE(message, nullptr);
    return message == nullptr ? T{} : *message;
}

class AskerTest : public testing::Test {
protected:
    void ask() {
        asker.ask(kNonce, now, random, said);
        EXPECT_EQ(only<AssistRequest>(said).nonce, kNonce);
        said.clear();
    }

    void offer(NodeId from = kCompot, std::uint32_t offer_nonce = 5) {
        Offer made{from, kNonce, offer_nonce, 40, 800, {40, 60, 2000}};
        asker.hear(from, made, now, said);
    }

    /// Time passes until the asker does something.
    void pass() {
        ASSERT_NE(asker.wake_at(), kNever);
        now = asker.wake_at();
        asker.wake(now, random, said);
    }

    Asker asker{{}};
    Random random{1};
    Time now{};
    Says said;
};

TEST_F(AskerTest, asks_again_ever_more_seldom_until_somebody_offers) {
    ask();
    Time last = now;
    Duration gap{};
    for (int attempt = 2; attempt <= air::kAlertsPerHour; ++attempt) {
        pass();
        EXPECT_LE(now - last, 25s) << "as long as an answer takes";
        last = now;
        said.clear();
    }
    for (int attempt = air::kAlertsPerHour + 1; attempt <= 8; ++attempt) {
        pass();
        EXPECT_EQ(only<AssistRequest>(said).attempt, attempt);
        said.clear();
        if (attempt > 3 && attempt < 6) {
            EXPECT_GT(now - last, gap);
        }
        gap = now - last;
        last = now;
    }
    EXPECT_LE(gap, 5min * 5 / 4);
}

TEST_F(AskerTest, spends_an_alert_on_three_requests_only) {
    asker.ask(kNonce, now, random, said);
    for (int attempt = 1; attempt <= 4; ++attempt) {
        EXPECT_EQ(said[0].traffic,
                  attempt <= 3 ? air::TrafficClass::Alert : air::TrafficClass::JobControl);
        said.clear();
        pass();
    }
}

TEST_F(AskerTest, awards_the_first_offer_and_tells_a_second_helper_that_it_is_taken) {
    ask();
    offer();
    EXPECT_EQ(only<Award>(said).offer_nonce, 5U);
    EXPECT_EQ(asker.helper(), kCompot);
    said.clear();
    offer(kOther, 6);
    EXPECT_EQ(only<Cancel>(said).to, kOther);
    EXPECT_EQ(asker.helper(), kCompot);
}

TEST_F(AskerTest, awards_again_when_the_offer_comes_again) {
    ask();
    offer();
    said.clear();
    offer(kCompot, 9);
    EXPECT_EQ(only<Award>(said).offer_nonce, 9U);
}

TEST_F(AskerTest, ignores_answers_to_another_request) {
    ask();
    asker.hear(kCompot, Offer{kBeta, kNonce + 1, 5, 40, 800, {}}, now, said);
    EXPECT_TRUE(said.empty());
    EXPECT_EQ(asker.state(), Asker::State::Asking);
}

TEST_F(AskerTest, queries_a_late_helper_once_and_then_asks_everybody_again) {
    ask();
    offer();
    said.clear();
    pass();
    EXPECT_EQ(only<Award>(said).nonce, kNonce);
    said.clear();
    pass();
    EXPECT_EQ(asker.state(), Asker::State::Asking);
    pass();
    EXPECT_EQ(only<AssistRequest>(said).nonce, kNonce);
}

TEST_F(AskerTest, rests_before_it_asks_again_whom_a_picture_did_not_convince) {
    using Outcome = profile::Result::Outcome;
    for (const Outcome outcome : {Outcome::NotFound, Outcome::CantReach, Outcome::Unsure}) {
        asker = Asker{{}};
        ask();
        offer();
        said.clear();
        const profile::Result result{kBeta, kNonce, outcome, 410};
        EXPECT_FALSE(asker.hear(kOther, result, now, random)) << "not its helper";
        EXPECT_EQ(asker.state(), Asker::State::Awarded);
        EXPECT_EQ(asker.hear(kCompot, result, now, random), outcome == Outcome::Unsure);
        EXPECT_EQ(asker.state(), Asker::State::Asking);
        if (outcome == Outcome::Unsure) {
            EXPECT_GE(asker.wake_at() - now, 5min * 3 / 4);
        } else {
            EXPECT_LE(asker.wake_at() - now, 25s);
        }
    }
}

TEST_F(AskerTest, waits_on_while_the_helper_says_that_it_is_coming) {
    ask();
    offer();
    const Time deadline = asker.wake_at();
    asker.hear(kCompot, Progress{kBeta, kNonce, Progress::Stage::EnRoute, 200}, now);
    EXPECT_GT(asker.wake_at(), deadline);
    asker.hear(kOther, Progress{kBeta, kNonce, Progress::Stage::EnRoute, 60000}, now);
    EXPECT_EQ(asker.wake_at(), now + 230s) << "only its helper's word counts";
}

TEST_F(AskerTest, says_that_it_is_still_blocked_when_facts_did_not_help) {
    ask();
    asker.facts_came(false, now, random, said);
    EXPECT_EQ(only<AssistRequest>(said).reason, AssistRequest::Reason::StillBlocked);
    asker.facts_came(true, now, random, said);
    EXPECT_EQ(asker.state(), Asker::State::Recovering);
    EXPECT_EQ(asker.wake_at(), kNever);
}

TEST_F(AskerTest, calls_its_helper_off_when_the_way_is_free) {
    ask();
    offer();
    said.clear();
    asker.call_off(said);
    EXPECT_EQ(only<Cancel>(said).to, kCompot);
    EXPECT_EQ(asker.state(), Asker::State::Recovering);
}

TEST_F(AskerTest, refuses_a_window_that_costs_more_than_its_budget) {
    ask();
    offer();
    said.clear();
    asker.hear(kCompot, profile::Window{kBeta, kNonce, false, {10, 60, 1'000'000}}, now, said);
    EXPECT_FALSE(only<profile::Window>(said).accepted);
    said.clear();
    asker.hear(kCompot, profile::Window{kBeta, kNonce, false, {10, 60, 100}}, now, said);
    EXPECT_TRUE(only<profile::Window>(said).accepted);
}

class HelperTest : public testing::Test {
protected:
    bool request(NodeId from = kBeta, std::uint32_t nonce = kNonce) {
        AssistRequest message;
        message.nonce = nonce;
        return helper.hear(from, message, 40s, 800ms, now, random, said);
    }

    std::uint32_t offered() {
        EXPECT_TRUE(request());
        const std::uint32_t nonce = only<Offer>(said).offer_nonce;
        said.clear();
        return nonce;
    }

    void work() {
        ASSERT_TRUE(helper.hear(kBeta, Award{kCompot, kNonce, offered(), {}}, 40s, now, said));
    }

    Helper helper{{}};
    Random random{1};
    Time now{};
    Says said;
};

TEST_F(HelperTest, works_only_when_its_own_offer_is_awarded) {
    const std::uint32_t offer_nonce = offered();
    EXPECT_FALSE(helper.hear(kBeta, Award{kCompot, kNonce, offer_nonce + 1, {}}, 40s, now, said));
    EXPECT_FALSE(helper.hear(kOther, Award{kCompot, kNonce, offer_nonce, {}}, 40s, now, said));
    EXPECT_TRUE(helper.hear(kBeta, Award{kCompot, kNonce, offer_nonce, {}}, 40s, now, said));
}

TEST_F(HelperTest, takes_no_second_job_while_it_works) {
    work();
    EXPECT_FALSE(request(kOther, 5));
    EXPECT_EQ(helper.asker(), kBeta);
}

TEST_F(HelperTest, answers_a_repeated_request_or_award_with_progress) {
    work();
    EXPECT_TRUE(request());
    EXPECT_EQ(only<Progress>(said).eta_s, 40);
    said.clear();
    EXPECT_FALSE(helper.hear(kBeta, Award{kCompot, kNonce, 0, {}}, 20s, now, said));
    EXPECT_EQ(only<Progress>(said).eta_s, 20);
}

TEST_F(HelperTest, offers_once_more_and_is_free_again_when_no_award_comes) {
    const std::uint32_t offer_nonce = offered();
    now = helper.wake_at();
    EXPECT_FALSE(helper.wake(now, said));
    EXPECT_EQ(only<Offer>(said).offer_nonce, offer_nonce) << "the same offer, not another";
    said.clear();
    now = helper.wake_at();
    EXPECT_FALSE(helper.wake(now, said));
    EXPECT_EQ(helper.state(), Helper::State::Idle);
    EXPECT_TRUE(said.empty());
    EXPECT_EQ(helper.wake_at(), kNever);
}

TEST_F(HelperTest, takes_a_late_award_unless_it_has_offered_to_another) {
    const std::uint32_t offer_nonce = offered();
    for (int i = 0; i < 2; ++i) {
        now = helper.wake_at();
        (void)helper.wake(now, said);
    }
    said.clear();
    EXPECT_FALSE(helper.hear(kOther, Award{kCompot, kNonce, offer_nonce, {}}, 20s, now, said));
    EXPECT_FALSE(helper.hear(kBeta, Award{kCompot, kNonce, offer_nonce + 1, {}}, 20s, now, said));
    Helper busy = helper;
    EXPECT_TRUE(helper.hear(kBeta, Award{kCompot, kNonce, offer_nonce, {}}, 20s, now, said));
    EXPECT_EQ(helper.state(), Helper::State::Working);
    AssistRequest other;
    other.nonce = kNonce + 1;
    ASSERT_TRUE(busy.hear(kOther, other, 20s, 1s, now, random, said));
    EXPECT_FALSE(busy.hear(kBeta, Award{kCompot, kNonce, offer_nonce, {}}, 20s, now, said));
}

TEST_F(HelperTest, says_so_when_work_takes_too_long) {
    work();
    now = helper.wake_at();
    EXPECT_TRUE(helper.wake(now, said));
    EXPECT_EQ(only<profile::Result>(said).outcome, profile::Result::Outcome::CantReach);
}

TEST_F(HelperTest, stops_when_the_asker_calls_it_off_and_only_then) {
    work();
    EXPECT_FALSE(helper.hear(kOther, Cancel{kCompot, kNonce, 1}));
    EXPECT_FALSE(helper.hear(kBeta, Cancel{kCompot, kNonce + 1, 1}));
    EXPECT_TRUE(helper.hear(kBeta, Cancel{kCompot, kNonce, 1}));
    EXPECT_EQ(helper.state(), Helper::State::Idle);
}

TEST_F(HelperTest, forgets_the_job_once_its_owner_has_written_the_end) {
    work();
    helper.answered(now);
    helper.outcome_seen(kOther, kNonce);
    EXPECT_TRUE(helper.serves(kBeta, kNonce));
    helper.outcome_seen(kBeta, kNonce);
    EXPECT_FALSE(helper.serves(kBeta, kNonce));
}

}  // namespace
}  // namespace compot::job
