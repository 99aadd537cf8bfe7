#include "host/bridge/site.hpp"

#include <gtest/gtest.h>

#include <map>
#include <memory>

#include "host/bridge/fixture.hpp"

namespace compot::bridge {
namespace {

/// A node with its bridge, and what was kept of both.
class Place final : public Local {
public:
    Place(NodeId self, const LinkProfile& link) : self_(self), link_(link) { boot(); }

    void boot() {
        ++boots_;
        node_ = std::make_unique<node::Node>(enrolled(self_));
        for (const auto& [key, value] : node_records_) tell(node::Restored{key, value});
        tell(node::Booted{self_.value * 100 + boots_});
        Terms terms;
        terms.config = enrolled(self_);
        terms.link = link_;
        terms.epoch = boots_;
        terms.entropy = boots_;
        terms.helps = self_ == kCompot || self_ == kOther;
        site = std::make_unique<Site>(terms, *this);
        for (const auto& [key, value] : site_records_) site->restore({key, value});
    }

    [[nodiscard]] const node::Node& node() const override { return *node_; }

    void learn(const node::Learned& learned) override { tell(learned); }

    void tell(const node::Event& event) {
        auto out = std::make_unique<node::Effects>();
        node_->handle(event, now, *out);
        for (const node::Effect& effect : *out) {
            if (const auto* persist = std::get_if<node::Persist>(&effect))
                node_records_[persist->key].assign(persist->value.begin(), persist->value.end());
        }
        if (site != nullptr) site->told(event, *out, now);
    }

    void wake(Time at) {
        now = at;
        while (node_->wake_at() <= now) tell(node::Woke{});
        if (site->wake_at() <= now) site->wake(now);
        for (const Record& record : site->take_records()) site_records_[record.key] = record.value;
    }

    /// Something for others to lack: as if heard from its author.
    void write(const ledger::Signer& author, std::uint16_t entries) {
        ledger::Ledger own;
        for (std::uint16_t i = 0; i < entries; ++i) {
            const auto entry = own.append(author, ledger::Kind::Joined,
                                          ledger::write_body(ledger::JoinedBody{1, i, 0}), i + 1);
            const auto bytes = ledger::encode(*entry);
            node::Learned learned;
            learned.what = static_cast<std::uint8_t>(profile::MessageType::LedgerEntry);
            learned.body = bytes.view();
            tell(learned);
        }
    }

    std::unique_ptr<Site> site;
    Time now{};

private:
    NodeId self_;
    LinkProfile link_;
    std::uint32_t boots_ = 0;
    std::unique_ptr<node::Node> node_;
    std::map<std::uint16_t, std::vector<std::uint8_t>> node_records_;
    std::map<std::uint16_t, ByteString> site_records_;
};

ledger::Signer signer(NodeId id) {
    return {id, test_key(id, 2), crypto::signing_public(test_key(id, 2))};
}

/// Two places and a broker that delivers at once while the link is up.
class Sites : public ::testing::Test {
protected:
    void link(bool is_up) {
        up = is_up;
        hut.site->link(up, now);
        compot.site->link(up, now);
    }

    void carry(Place& from, Place& to) {
        for (const Out& out : from.site->take_output()) {
            bytes += out.envelope.size();
            sent.push_back(out.envelope);
            if (up) to.site->heard(out.envelope, now);
        }
    }

    void pass(Duration span) {
        for (const Time end = now + span; now < end; now += 1s) {
            hut.wake(now);
            compot.wake(now);
            carry(hut, compot);
            carry(compot, hut);
        }
    }

    [[nodiscard]] bool equal() const { return hut.site->heads() == compot.site->heads(); }

    Place hut{kHut, lan()};
    Place compot{kCompot, lan()};
    Time now{};
    bool up = false;
    std::size_t bytes = 0;
    std::vector<ByteString> sent;
};

TEST_F(Sites, come_to_hold_the_same_and_then_are_silent) {
    hut.write(signer(kBeta), 5);
    compot.write(signer(kOther), 3);
    pass(10s);
    EXPECT_FALSE(equal());
    EXPECT_EQ(bytes, 0U);  // without a link nothing is said
    link(true);
    pass(1min);
    EXPECT_TRUE(equal());
    EXPECT_EQ(compot.node().ledger().size(), hut.node().ledger().size());
    EXPECT_NE(compot.node().registry().find(kHut), nullptr);
    EXPECT_NE(hut.node().registry().find(kCompot), nullptr);
    bytes = 0;
    pass(1h);
    EXPECT_EQ(bytes, 0U);
}

TEST_F(Sites, say_little_more_than_what_differs) {
    hut.write(signer(kBeta), 10);
    link(true);
    pass(2min);
    ASSERT_TRUE(equal());
    const std::size_t entries = 10 * 93;  // of a Joined entry
    EXPECT_LT(bytes, entries + 1000);
    EXPECT_GT(bytes, entries);
}

TEST_F(Sites, take_no_harm_from_repeated_and_foreign_words) {
    hut.write(signer(kBeta), 5);
    link(true);
    pass(1min);
    const Heads before = compot.site->heads();
    for (const ByteString& envelope : sent) {
        compot.site->heard(envelope, now);
        hut.site->heard(envelope, now);
    }
    ByteString garbage(100, 0x43);
    compot.site->heard(garbage, now);
    compot.site->heard({}, now);
    bytes = 0;
    pass(10min);
    EXPECT_EQ(bytes, 0U);
    EXPECT_EQ(compot.site->heads(), before);
    EXPECT_EQ(compot.site->counters().refused, 2U);
    EXPECT_GT(compot.site->counters().stale, 0U);
}

TEST_F(Sites, go_on_after_one_was_killed_in_the_middle) {
    hut.write(signer(kBeta), 12);
    link(true);
    pass(4s);
    compot.boot();
    compot.site->link(true, now);
    compot.now = now;
    pass(2min);
    EXPECT_TRUE(equal());
    EXPECT_EQ(compot.node().ledger().at(kBeta, 12) != nullptr, true);
}

TEST(Budget, is_kept_over_any_hour) {
    Budget budget(60'000);
    Time now{};
    std::size_t paid = 0;
    for (; now < Time{3h}; now += 1s) {
        if (budget.pay(700, 0, now)) paid += 700;
    }
    EXPECT_LE(paid, 4U * 60'000);  // an hour's worth was put by
    EXPECT_GT(paid, 4U * 60'000 - 1400);
    const Time when = budget.affordable_at(5000, 0, now);
    EXPECT_FALSE(budget.pay(5000, 0, when - 1s));
    EXPECT_TRUE(budget.pay(5000, 0, when));
}

TEST(LinkProfile, is_known_by_name) {
    EXPECT_EQ(profile_named("satellite")->lease, 1h);
    EXPECT_NE(profile_named("carrier pigeon").error().find("lan and satellite"), std::string::npos);
    const LinkProfile fast = hurried(satellite(), 60);
    EXPECT_EQ(fast.lease, 1min);
    EXPECT_EQ(fast.bytes_per_hour, 3'600'000U);
}

}  // namespace
}  // namespace compot::bridge
