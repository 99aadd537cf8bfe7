// Many nodes that hold ledgers, on a channel that carries one frame at a time: after a partition
// heals all become equal, and what that costs is compared with the least that it could cost.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <vector>

#include "core/base/random.hpp"
#include "core/ledger/ledger.hpp"
#include "core/sync/exchange.hpp"

namespace compot::ledger {
namespace {

constexpr Duration kSlot = 600ms;  // a full frame on ShortFast with two relays
constexpr Duration kBeaconEvery = 60s;
constexpr std::size_t kHeader = 12;

Signer signer(std::uint32_t id) {
    Signer out;
    out.id = NodeId{id};
    out.seed.fill(static_cast<std::uint8_t>(id));
    out.signing_public = crypto::signing_public(out.seed);
    return out;
}

struct Node {
    Signer self;
    Ledger ledger;
    sync::Exchange exchange{kSlot};
    Time beacon_at{};
};

struct Frame {
    std::size_t from = 0;
    sync::Exchange::Step kind = sync::Exchange::Step::Nothing;  // Nothing: a beacon
    std::uint64_t digest = 0;
    sync::Marks marks;
    Entry entry;
};

class Swarm {
public:
    Swarm(std::size_t count, std::uint32_t loss_millionths, std::uint64_t seed)
        : nodes_(count), loss_(loss_millionths), random_(seed) {
        for (std::size_t i = 0; i < count; ++i) {
            nodes_[i].self = signer(static_cast<std::uint32_t>(i + 1));
            nodes_[i].beacon_at = Time{} + to_duration(random_.below(60'000));
        }
    }

    std::vector<Node>& nodes() { return nodes_; }

    void write(std::size_t node) {
        Node& one = nodes_[node];
        const Body body = write_body(OutcomeBody{random_.next32(), NodeId{1}, 1, 2});
        ASSERT_TRUE(
            one.ledger.append(one.self, Kind::Outcome, body, one.ledger.order_after(0)).ok());
    }

    // Everybody in [first, last) gets everything that they have, without any cost.
    void equalise(std::size_t first, std::size_t last) {
        for (int twice = 0; twice < 2; ++twice)
            for (std::size_t a = first; a < last; ++a)
                for (std::size_t b = first; b < last; ++b)
                    for (const std::uint8_t i : nodes_[b].ledger.missing_against(
                             nodes_[a].ledger.marks(), nodes_[a].ledger.digest()))
                        give(nodes_[a], nodes_[b].ledger[i]);
    }

    bool equal() const {
        return std::all_of(nodes_.begin(), nodes_.end(), [this](const Node& node) {
            return node.ledger.digest() == nodes_[0].ledger.digest();
        });
    }

    // Until all are equal; false if they are not within `limit`.
    bool run(Duration limit) {
        const Time until = now_ + limit;
        while (!equal() && now_ <= until) step();
        return equal();
    }

    void pass(Duration span) {
        for (const Time until = now_ + span; now_ <= until;) step();
    }

    Duration elapsed() const { return now_ - Time{}; }

    std::size_t sync_bytes = 0;
    std::size_t summaries = 0;
    std::size_t entries = 0;

private:
    // To the next moment at which anybody acts.
    void step() {
        Time next = kNever;
        for (const Node& node : nodes_)
            next = std::min({next, node.beacon_at, node.exchange.wake_at()});
        now_ = std::max(now_, next);
        for (std::size_t i = 0; i < nodes_.size(); ++i) act(i);
    }

    static Duration to_duration(std::uint32_t ms) { return std::chrono::milliseconds{ms}; }

    bool give(Node& node, const Entry& entry) {
        const auto merged = node.ledger.merge(entry, signer(entry.author.value).signing_public);
        return merged.ok() && (*merged == Merged::Added || *merged == Merged::Waiting);
    }

    void act(std::size_t index) {
        Node& node = nodes_[index];
        if (now_ >= node.beacon_at) {
            node.beacon_at = now_ + kBeaconEvery + to_duration(random_.below(10'000));
            Frame beacon;
            beacon.from = index;
            beacon.digest = node.ledger.digest();
            broadcast(beacon);
        }
        if (now_ < node.exchange.wake_at()) return;
        const sync::Exchange::Due due = node.exchange.take(now_, random_);
        Frame frame;
        frame.from = index;
        frame.kind = due.step;
        frame.digest = node.ledger.digest();
        if (due.step == sync::Exchange::Step::EndRound) node.ledger.end_round();
        if (due.step == sync::Exchange::Step::Tell) {
            frame.marks = node.ledger.marks();
            sync_bytes += kHeader + 9 + 6 * frame.marks.size();
            ++summaries;
            broadcast(frame);
        }
        if (due.step == sync::Exchange::Step::Send) {
            const auto sequence = static_cast<std::uint16_t>(due.key & 0xFFFFU);
            const Entry* entry =
                node.ledger.at(NodeId{static_cast<std::uint32_t>(due.key >> 16U)}, sequence);
            if (entry == nullptr) return;
            frame.entry = *entry;
            sync_bytes += kHeader + encode(*entry).size();
            ++entries;
            broadcast(frame);
        }
    }

    void broadcast(const Frame& frame) {
        // Carrier sense: a frame waits for the one before it.
        free_at_ = std::max(free_at_, now_) + kSlot;
        now_ = free_at_;
        for (std::size_t i = 0; i < nodes_.size(); ++i)
            if (i != frame.from && !random_.chance(loss_)) hear(nodes_[i], frame);
    }

    void hear(Node& node, const Frame& frame) {
        using Step = sync::Exchange::Step;
        if (frame.kind == Step::Nothing)
            node.exchange.hear_digest(node.ledger.digest(), frame.digest, now_, random_);
        if (frame.kind == Step::Tell) {
            std::vector<sync::Key> lacking;
            for (const std::uint8_t i : node.ledger.missing_against(frame.marks, frame.digest))
                lacking.push_back(sync::make_key(node.ledger[i].author, node.ledger[i].sequence));
            node.exchange.hear_summary(
                {frame.digest == node.ledger.digest(),
                 sync::any_newer(node.ledger.marks(), frame.marks), lacking, 0},
                now_, random_);
        }
        if (frame.kind == Step::Send) {
            const bool news = give(node, frame.entry);
            node.exchange.hear_item(sync::make_key(frame.entry.author, frame.entry.sequence), news,
                                    now_, random_);
        }
    }

    std::vector<Node> nodes_;
    std::uint32_t loss_;
    Random random_;
    Time now_{};
    Time free_at_{};
};

struct Cost {
    double bytes = 0;
    double least = 0;
    double seconds = 0;
    double summaries = 0;
    double entries = 0;
    int converged = 0;
};

// `count` nodes in two halves that each wrote `written` entries a node while they were apart.
Cost heal(std::size_t count, int written, std::uint32_t loss, int runs) {
    Cost cost;
    for (int run = 0; run < runs; ++run) {
        Swarm swarm(count, loss, static_cast<std::uint64_t>(1000 * run) + count);
        for (std::size_t i = 0; i < count; ++i) swarm.write(i);
        swarm.equalise(0, count);
        for (std::size_t i = 0; i < count; ++i)
            for (int n = 0; n < written; ++n) swarm.write(i);
        swarm.equalise(0, count / 2);
        swarm.equalise(count / 2, count);
        const std::size_t difference = count * static_cast<std::size_t>(written);
        const std::size_t entry = kHeader + encode(swarm.nodes()[0].ledger[0]).size();
        if (swarm.run(4h)) ++cost.converged;
        cost.seconds += static_cast<double>(to_ms(swarm.elapsed())) / 1000 / runs;
        swarm.pass(10min);  // what was still queued or planned costs too
        cost.bytes += static_cast<double>(swarm.sync_bytes) / runs;
        cost.least += static_cast<double>(difference * entry) / runs;
        cost.summaries += static_cast<double>(swarm.summaries) / runs;
        cost.entries += static_cast<double>(swarm.entries) / runs;
    }
    return cost;
}

void print(std::size_t count, int written, std::uint32_t loss, const Cost& cost) {
    std::printf(
        "%2zu nodes, %3d entries apart, loss %2u %%: %6.0f bytes, least %6.0f, ratio %.2f; "
        "%4.0f s, %.1f summaries, %.1f entries\n",
        count, static_cast<int>(count) * written, loss / 10'000, cost.bytes, cost.least,
        cost.bytes / cost.least, cost.seconds, cost.summaries, cost.entries);
}

TEST(Convergence, costs_little_more_than_the_difference_when_nothing_is_lost) {
    for (const std::size_t count : {4U, 8U, 16U}) {
        for (const int written : {1, 2}) {
            constexpr int kRuns = 5;
            const Cost cost = heal(count, written, 0, kRuns);
            print(count, written, 0, cost);
            EXPECT_EQ(cost.converged, kRuns);
            EXPECT_LE(cost.bytes, 1.6 * cost.least);
        }
    }
}

TEST(Convergence, comes_about_under_loss_too) {
    for (const std::uint32_t loss : {100'000U, 300'000U}) {
        constexpr int kRuns = 5;
        const Cost cost = heal(8, 2, loss, kRuns);
        print(8, 2, loss, cost);
        EXPECT_EQ(cost.converged, kRuns);
        EXPECT_LE(cost.bytes, 4 * cost.least);
    }
}

TEST(Convergence, costs_nothing_among_equals) {
    Swarm swarm(8, 0, 1);
    for (std::size_t i = 0; i < 8; ++i) swarm.write(i);
    swarm.equalise(0, 8);
    swarm.pass(1h);
    EXPECT_TRUE(swarm.equal());
    EXPECT_EQ(swarm.sync_bytes, 0U);
}

}  // namespace
}  // namespace compot::ledger
