#include "core/sync/exchange.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "core/sync/marks.hpp"

namespace compot::sync {
namespace {

constexpr Duration kSlot = 1s;

// One exchange and its clock: hear something, let time pass, see what it did.
class Alone {
public:
    explicit Alone(std::uint64_t seed = 1) : random_(seed) {}

    void hear_digest(std::uint64_t theirs) { exchange_.hear_digest(1, theirs, now_, random_); }

    void hear_summary(bool same, bool newer, std::vector<Key> they_lack, std::uint8_t hops = 0) {
        exchange_.hear_summary({same, newer, they_lack, hops}, now_, random_);
    }

    void hear_item(Key key, bool news = false) { exchange_.hear_item(key, news, now_, random_); }

    // What it did within `span`, in order.
    std::vector<Exchange::Due> pass(Duration span) {
        std::vector<Exchange::Due> done;
        const Time until = now_ + span;
        while (exchange_.wake_at() <= until) {
            now_ = std::max(now_, exchange_.wake_at());
            const Exchange::Due due = exchange_.take(now_, random_);
            EXPECT_NE(due.step, Exchange::Step::Nothing) << "woke for nothing";
            if (due.step == Exchange::Step::Nothing) break;
            done.push_back(due);
        }
        now_ = until;
        return done;
    }

    static std::size_t count(const std::vector<Exchange::Due>& done, Exchange::Step step) {
        std::size_t found = 0;
        for (const Exchange::Due& due : done)
            if (due.step == step) ++found;
        return found;
    }

private:
    Exchange exchange_{kSlot};
    Random random_;
    Time now_{};
};

using Step = Exchange::Step;

TEST(Exchange, is_silent_among_equals) {
    Alone node;
    for (int i = 0; i < 20; ++i) {
        node.hear_digest(1);
        EXPECT_TRUE(node.pass(60s).empty());
    }
}

TEST(Exchange, tells_once_when_another_digest_is_heard_and_ends_the_round) {
    Alone node;
    node.hear_digest(2);
    node.hear_digest(2);
    const auto done = node.pass(60s);
    ASSERT_EQ(done.size(), 2U);
    EXPECT_EQ(done[0].step, Step::Tell);
    EXPECT_EQ(done[1].step, Step::EndRound);
}

TEST(Exchange, lets_a_summary_equal_to_its_own_speak_for_it) {
    Alone node;
    node.hear_digest(2);
    node.hear_summary(true, false, {});
    EXPECT_EQ(Alone::count(node.pass(120s), Step::Tell), 0U);
}

TEST(Exchange, sends_what_another_lacks_in_order) {
    Alone node;
    node.hear_summary(false, false, {7, 8, 9});
    const auto done = node.pass(60s);
    ASSERT_EQ(done.size(), 4U);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(done[i].step, Step::Send);
        EXPECT_EQ(done[i].key, 7 + i);
    }
    EXPECT_EQ(done[3].step, Step::EndRound);
}

TEST(Exchange, does_not_send_what_it_overheard) {
    Alone node;
    node.hear_summary(false, false, {7, 8, 9}, 3);
    node.hear_item(7);
    node.hear_item(9);
    const auto done = node.pass(120s);
    ASSERT_EQ(Alone::count(done, Step::Send), 1U);
    EXPECT_EQ(done[0].key, 8U);
}

TEST(Exchange, answers_the_later_the_further_away) {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        Alone near(seed);
        Alone far(seed + 100);
        near.hear_summary(false, false, {7}, 0);
        far.hear_summary(false, false, {7}, 1);
        EXPECT_EQ(Alone::count(near.pass(6s), Step::Send), 1U);
        EXPECT_EQ(Alone::count(far.pass(6s - 1us), Step::Send), 0U);
    }
}

TEST(Exchange, tells_after_a_summary_that_has_more) {
    Alone node;
    node.hear_summary(false, true, {});
    EXPECT_EQ(Alone::count(node.pass(60s), Step::Tell), 1U);
}

TEST(Exchange, tells_ever_more_seldom_while_nothing_comes_and_soon_again_after_news) {
    Alone node;
    std::vector<std::size_t> told;
    for (int i = 0; i < 600; ++i) {  // ten hours, a beacon a minute
        node.hear_digest(2);
        if (Alone::count(node.pass(60s), Step::Tell) > 0)
            told.push_back(static_cast<std::size_t>(i));
    }
    EXPECT_LE(told.size(), 30U);
    EXPECT_GE(told.size(), 10U);
    const std::size_t last = told.back();
    EXPECT_GE(last - told[told.size() - 2], 20U);
    node.hear_item(5, true);
    (void)node.pass(30min);
    std::size_t times = 0;
    for (int i = 0; i < 4; ++i) {
        node.hear_digest(2);
        times += Alone::count(node.pass(60s), Step::Tell);
    }
    EXPECT_GE(times, 2U);
}

TEST(Exchange, leaves_to_the_next_round_what_its_queue_cannot_hold) {
    Alone node;
    std::vector<Key> many;
    for (Key key = 0; key < kExchangeQueueMax + 10; ++key) many.push_back(key);
    node.hear_summary(false, false, many);
    EXPECT_EQ(Alone::count(node.pass(10min), Step::Send), kExchangeQueueMax);
}

TEST(Marks, know_who_goes_further) {
    const Marks mine{{NodeId{1}, 3}, {NodeId{2}, 1}};
    EXPECT_EQ(version_of(mine, NodeId{1}), 3);
    EXPECT_EQ(version_of(mine, NodeId{9}), 0);
    EXPECT_FALSE(any_newer(mine, mine));
    EXPECT_FALSE(any_newer(mine, {{NodeId{1}, 2}}));
    EXPECT_TRUE(any_newer(mine, {{NodeId{2}, 2}}));
    EXPECT_TRUE(any_newer(mine, {{NodeId{3}, 1}}));
}

}  // namespace
}  // namespace compot::sync
