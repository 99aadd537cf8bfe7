#include "core/ledger/ledger.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <vector>

#include "core/base/random.hpp"

namespace compot::ledger {
namespace {

constexpr std::uint32_t kAuthors = 6;

const Signer& signer(std::uint32_t id) {
    static const std::vector<Signer> kSigners = [] {
        std::vector<Signer> out(32);
        for (std::uint32_t i = 0; i < out.size(); ++i) {
            out[i].id = NodeId{i};
            out[i].seed.fill(static_cast<std::uint8_t>(i));
            out[i].signing_public = crypto::signing_public(out[i].seed);
        }
        return out;
    }();
    return kSigners[id];
}

Body note(std::uint32_t nonce) { return write_body(OutcomeBody{nonce, NodeId{1}, 1, 0}); }

Entry write(Ledger& ledger, std::uint32_t author, std::uint32_t nonce = 0) {
    const Result<Entry> entry =
        ledger.append(signer(author), Kind::Outcome, note(nonce), ledger.order_after(0));
    EXPECT_TRUE(entry.ok());
    return *entry;
}

Result<Merged> tell(Ledger& ledger, const Entry& entry) {
    return ledger.merge(entry, signer(entry.author.value).signing_public);
}

// A chain of one author, written by somebody else.
std::vector<Entry> chain(std::uint32_t author, std::size_t length, std::uint32_t nonce = 0) {
    Ledger ledger;
    std::vector<Entry> out;
    for (std::size_t i = 0; i < length; ++i) out.push_back(write(ledger, author, nonce));
    return out;
}

// Two chains of one author that part after `common` entries.
std::array<std::vector<Entry>, 2> forked_chains(std::size_t common, std::size_t length) {
    std::array<Ledger, 2> ledgers;
    std::array<std::vector<Entry>, 2> out;
    for (std::size_t i = 0; i < length; ++i)
        for (std::uint32_t side = 0; side < 2; ++side)
            out[side].push_back(write(ledgers[side], 3, i < common ? 0 : 1 + side));
    return out;
}

// What a node does with its ledger on a round of sync: sends what the other lacks, and is told what
// it should have had instead; the entries that it cost. `lose` decides for each entry.
template <typename Lose>
unsigned sync_once(Ledger& to, Ledger& from, Lose lose) {
    std::vector<Entry> sent;
    for (const std::uint8_t i : from.missing_against(to.marks(), to.digest()))
        sent.push_back(from[i]);
    for (const Entry& entry : sent) {
        if (lose()) continue;
        const Result<Merged> merged = tell(to, entry);
        if (merged.ok() && *merged == Merged::ForkLost && !lose())
            (void)tell(from, *to.at(entry.author, entry.sequence));
    }
    return static_cast<unsigned>(sent.size());
}

template <typename Lose>
unsigned rounds_until_equal(std::vector<Ledger>& ledgers, unsigned rounds_max, Lose lose) {
    for (unsigned round = 0; round < rounds_max; ++round) {
        bool equal = true;
        for (const Ledger& one : ledgers) equal = equal && one.digest() == ledgers[0].digest();
        if (equal) return round;
        for (Ledger& to : ledgers)
            for (Ledger& from : ledgers)
                if (&to != &from) (void)sync_once(to, from, lose);
        for (Ledger& one : ledgers) one.end_round();
    }
    return rounds_max;
}

bool never() { return false; }

TEST(Ledger, is_empty_at_first) {
    const Ledger ledger;
    EXPECT_EQ(ledger.digest(), 0U);
    EXPECT_TRUE(ledger.heads().empty());
    EXPECT_EQ(ledger.order_after(5), 5U << 8U);
}

TEST(Ledger, chains_what_its_owner_writes) {
    Ledger ledger;
    const Entry first = write(ledger, 3);
    const Entry second = write(ledger, 3);
    EXPECT_EQ(first.sequence, 1);
    EXPECT_EQ(first.previous, Hash{});
    EXPECT_EQ(second.sequence, 2);
    EXPECT_EQ(second.previous, hash(first));
    EXPECT_GT(second.order, first.order);
    ASSERT_EQ(ledger.heads().size(), 1U);
    EXPECT_EQ(ledger.heads()[0].hash, hash(second));
}

TEST(Ledger, takes_an_entry_once) {
    Ledger ledger;
    const Entry entry = chain(3, 1)[0];
    EXPECT_EQ(*tell(ledger, entry), Merged::Added);
    EXPECT_EQ(*tell(ledger, entry), Merged::Known);
    EXPECT_EQ(ledger.size(), 1U);
}

TEST(Ledger, refuses_what_its_author_did_not_sign) {
    Ledger ledger;
    Entry entry = chain(3, 1)[0];
    EXPECT_EQ(ledger.merge(entry, signer(4).signing_public).error(), Error::Forged);
    entry.order += 1;
    EXPECT_EQ(tell(ledger, entry).error(), Error::Forged);
    EXPECT_EQ(ledger.size(), 0U);
    EXPECT_EQ(ledger.digest(), 0U);
}

TEST(Ledger, waits_for_a_predecessor) {
    const std::vector<Entry> entries = chain(3, 4);
    Ledger ledger;
    EXPECT_EQ(*tell(ledger, entries[2]), Merged::Waiting);
    EXPECT_EQ(*tell(ledger, entries[3]), Merged::Waiting);
    EXPECT_EQ(*tell(ledger, entries[3]), Merged::Known);
    EXPECT_EQ(ledger.digest(), 0U);
    EXPECT_EQ(*tell(ledger, entries[0]), Merged::Added);
    EXPECT_EQ(ledger.heads()[0].sequence, 1);
    EXPECT_EQ(*tell(ledger, entries[1]), Merged::Added);
    EXPECT_EQ(ledger.heads()[0].sequence, 4);
}

TEST(Ledger, lets_only_a_few_wait) {
    const std::vector<Entry> entries = chain(3, kLedgerWaitingMax + 3);
    Ledger ledger;
    for (std::size_t i = 0; i < kLedgerWaitingMax; ++i)
        EXPECT_EQ(*tell(ledger, entries[i + 1]), Merged::Waiting);
    EXPECT_EQ(tell(ledger, entries.back()).error(), Error::NotReady);
    EXPECT_EQ(ledger.size(), kLedgerWaitingMax);
}

TEST(Ledger, gives_up_a_gap_that_nobody_fills) {
    const std::vector<Entry> entries = chain(3, 7);
    Ledger ledger;
    for (const std::size_t i : {0U, 4U, 5U}) (void)tell(ledger, entries[i]);
    ledger.end_round();
    ledger.end_round();
    EXPECT_EQ(ledger.heads()[0].sequence, 1);
    ledger.end_round();
    EXPECT_EQ(ledger.heads()[0].sequence, 6);
    EXPECT_EQ(*tell(ledger, entries[6]), Merged::Added);
    EXPECT_EQ(tell(ledger, entries[2]).error(), Error::Stale);
}

TEST(Ledger, forgets_the_oldest_of_the_longest_chain_and_no_head) {
    Ledger ledger;
    for (std::uint32_t author = 1; author <= kLedgerAuthorsMax; ++author) write(ledger, author);
    for (int i = 0; i < 60; ++i) write(ledger, 3);
    EXPECT_EQ(ledger.size(), kLedgerEntriesMax);
    EXPECT_EQ(ledger.heads().size(), kLedgerAuthorsMax);
    for (const Head& head : ledger.heads())
        EXPECT_NE(ledger.at(head.author, head.sequence), nullptr);
    EXPECT_EQ(ledger.at(NodeId{3}, 1), nullptr);
    EXPECT_EQ(tell(ledger, chain(3, 1)[0]).error(), Error::Stale);
    EXPECT_EQ(tell(ledger, chain(20, 1)[0]).error(), Error::NoRoom);
}

TEST(Ledger, goes_on_where_it_was_restored) {
    const std::vector<Entry> entries = chain(3, 5);
    Ledger ledger;
    ledger.restore(entries[4]);
    EXPECT_EQ(ledger.heads()[0].sequence, 5);
    const Entry next = write(ledger, 3);
    EXPECT_EQ(next.sequence, 6);
    EXPECT_EQ(next.previous, hash(entries[4]));
}

TEST(Ledger, tells_a_newcomer_all_and_one_who_has_all_nothing) {
    std::vector<Ledger> ledgers(2);
    for (std::uint32_t author = 1; author <= 3; ++author) {
        write(ledgers[0], author);
        write(ledgers[0], author);
    }
    EXPECT_EQ(ledgers[0].missing_against({}, 0).size(), 6U);
    EXPECT_EQ(sync_once(ledgers[1], ledgers[0], never), 6U);
    EXPECT_EQ(ledgers[1].digest(), ledgers[0].digest());
    EXPECT_EQ(sync_once(ledgers[1], ledgers[0], never), 0U);
    EXPECT_EQ(sync_once(ledgers[0], ledgers[1], never), 0U);
}

TEST(Ledger, keeps_the_same_side_of_a_fork_whatever_came_first) {
    for (std::size_t common = 0; common < 3; ++common) {
        const auto sides = forked_chains(common, common + 1);
        std::array<Ledger, 2> ledgers;
        for (std::size_t first = 0; first < 2; ++first) {
            for (const Entry& entry : sides[first]) (void)tell(ledgers[first], entry);
            (void)tell(ledgers[first], sides[1 - first].back());
            ASSERT_EQ(ledgers[first].heads().size(), 1U);
            EXPECT_TRUE(ledgers[first].heads()[0].forked);
            ASSERT_EQ(ledgers[first].forks().size(), 1U);
        }
        EXPECT_EQ(ledgers[0].digest(), ledgers[1].digest());
        EXPECT_EQ(ledgers[0].forks()[0], ledgers[1].forks()[0]);
    }
}

TEST(Ledger, says_which_side_of_a_fork_stays) {
    const auto sides = forked_chains(1, 2);
    const std::size_t winner = hash(sides[0][1]) < hash(sides[1][1]) ? 0 : 1;
    Ledger ours;
    for (const Entry& entry : sides[winner]) (void)tell(ours, entry);
    EXPECT_EQ(*tell(ours, sides[1 - winner][1]), Merged::ForkLost);
    Ledger theirs;
    for (const Entry& entry : sides[1 - winner]) (void)tell(theirs, entry);
    EXPECT_EQ(*tell(theirs, sides[winner][1]), Merged::ForkWon);
}

// Forks of every depth and with every pair of lengths, met by plain rounds of sync.
TEST(Ledger, agrees_after_a_fork_of_any_depth) {
    for (std::size_t common = 0; common < 4; ++common) {
        for (std::size_t left = common + 1; left < common + 6; ++left) {
            for (std::size_t right = common + 1; right < common + 6; ++right) {
                const auto sides = forked_chains(common, common + 6);
                std::vector<Ledger> ledgers(3);
                for (std::size_t i = 0; i < left; ++i) (void)tell(ledgers[0], sides[0][i]);
                for (std::size_t i = 0; i < right; ++i) (void)tell(ledgers[1], sides[1][i]);
                EXPECT_LT(rounds_until_equal(ledgers, 12, never), 12U)
                    << common << ' ' << left << ' ' << right;
            }
        }
    }
}

RC_GTEST_PROP(Ledger, is_the_same_in_any_order_and_however_often_it_hears, ()) {
    std::vector<Entry> entries;
    for (std::uint32_t author = 1; author <= kAuthors; ++author) {
        const auto length = *rc::gen::inRange<std::size_t>(0, 3);
        for (const Entry& entry : chain(author, length)) entries.push_back(entry);
    }
    Ledger expected;
    for (const Entry& entry : entries) (void)tell(expected, entry);
    // Two extra places repeat something; with at most two entries for each of six authors nobody
    // is short of places to wait.
    std::vector<std::size_t> places(entries.size());
    for (std::size_t i = 0; i < places.size(); ++i) places[i] = i;
    std::vector<std::size_t> order = places;
    for (std::size_t i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[*rc::gen::inRange<std::size_t>(0, i)]);
    if (!order.empty()) order.push_back(*rc::gen::elementOf(places));
    Ledger ledger;
    for (const std::size_t i : order) (void)tell(ledger, entries[i]);
    RC_ASSERT(ledger.digest() == expected.digest());
    RC_ASSERT(ledger.size() == expected.size());
}

// Nodes write while they are apart, then meet in lossy rounds, one of them full enough to have
// forgotten.
RC_GTEST_PROP(Ledger, converges_whatever_is_lost, ()) {
    const auto seed = *rc::gen::arbitrary<std::uint64_t>();
    Random random(seed);
    std::vector<Ledger> ledgers(4);
    for (std::uint32_t author = 0; author < ledgers.size(); ++author) {
        const std::uint32_t count = random.below(author == 0 ? 60 : 12);
        for (std::uint32_t i = 0; i < count; ++i) write(ledgers[author], author + 1, i);
    }
    const auto lose = [&random] { return random.chance(300'000); };
    RC_ASSERT(rounds_until_equal(ledgers, 60, lose) < 60U);
}

// The same, when authors fork besides: every node heard some part of one of the two sides.
RC_GTEST_PROP(Ledger, converges_after_forks_whatever_is_lost, ()) {
    const auto seed = *rc::gen::arbitrary<std::uint64_t>();
    Random random(seed);
    const auto sides = forked_chains(random.below(5), 8);
    std::vector<Ledger> ledgers(4);
    for (std::uint32_t i = 0; i < ledgers.size(); ++i) {
        const std::uint32_t heard = random.below(9);
        const std::vector<Entry>& side = sides[random.below(2)];
        for (std::uint32_t n = 0; n < heard; ++n) (void)tell(ledgers[i], side[n]);
        if (random.below(2) == 1) write(ledgers[i], 10 + i);
    }
    const auto lose = [&random] { return random.chance(300'000); };
    RC_ASSERT(rounds_until_equal(ledgers, 60, lose) < 60U);
}

}  // namespace
}  // namespace compot::ledger
