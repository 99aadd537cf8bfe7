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
        terms.helps = terms.looks = self_ == kCompot || self_ == kOther;
        site = std::make_unique<Site>(terms, *this);
        for (const auto& [key, value] : site_records_) site->restore({key, value});
    }

    [[nodiscard]] const node::Node& node() const override { return *node_; }

    void learn(const node::Learned& learned) override { tell(learned); }

    void look(JobId id, const ByteString& jpeg) override { looks.emplace_back(id, jpeg); }

    void seen(JobId, const std::optional<scene::Scene>& scene) override { sights.push_back(scene); }

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
    std::vector<std::pair<JobId, ByteString>> looks;
    std::vector<std::optional<scene::Scene>> sights;

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
    explicit Sites(const LinkProfile& link = lan()) : hut(kHut, link), compot(kCompot, link) {}

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

    Place hut;
    Place compot;
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

const scene::Scene kBoulder{learn::TileClass::Immovable, 930, "a model"};

TEST_F(Sites, look_at_each_others_pictures_once) {
    link(true);
    pass(10s);
    const auto id = hut.site->look(test_jpeg(9000), now);
    ASSERT_TRUE(id.ok());
    pass(5s);
    ASSERT_EQ(compot.looks.size(), 1U);
    EXPECT_EQ(compot.looks[0], (std::pair{*id, test_jpeg(9000)}));
    EXPECT_TRUE(hut.sights.empty());
    compot.site->looked(*id, kBoulder, now);
    pass(5s);
    ASSERT_EQ(hut.sights.size(), 1U);
    EXPECT_EQ((*hut.sights[0]).what, kBoulder.what);
    EXPECT_EQ((*hut.sights[0]).backend, "a model");
    EXPECT_EQ(*hut.site->look(test_jpeg(9000), now), *id);
    bytes = 0;
    pass(10min);
    EXPECT_EQ(bytes, 0U) << "what was seen is known here now";
    EXPECT_EQ(hut.sights.size(), 2U);
    EXPECT_EQ(compot.looks.size(), 1U);
    EXPECT_EQ(hut.site->jobs_open(), 0U);
    EXPECT_EQ(compot.site->counters().pictures_looked, 1U);
}

TEST_F(Sites, believe_what_was_seen_only_from_who_may_sign_facts) {
    Terms terms;
    terms.config = enrolled(kCompot);
    terms.link = lan();
    terms.looks = true;
    terms.epoch = 99;
    compot.site = std::make_unique<Site>(terms, compot);
    link(true);
    pass(10s);
    const auto id = compot.site->look(test_jpeg(2000), now);  // the hut publishes nothing
    pass(5s);
    EXPECT_TRUE(hut.looks.empty());
    Terms meddler;
    meddler.config = enrolled(kHut);
    meddler.link = lan();
    meddler.looks = true;
    meddler.epoch = 99;
    hut.site = std::make_unique<Site>(meddler, hut);
    link(true);
    pass(20s);
    ASSERT_EQ(hut.looks.size(), 1U);
    hut.site->looked(*id, kBoulder, now);
    pass(5s);
    EXPECT_TRUE(compot.sights.empty());
    EXPECT_EQ(compot.site->jobs_open(), 1U) << "another may look";
}

TEST_F(Sites, send_no_picture_that_is_none_or_too_much) {
    link(true);
    EXPECT_EQ(hut.site->look(ByteString(100), now).error(), "only a JPEG crosses between sites");
    EXPECT_NE(
        hut.site->look(test_jpeg(60'001), now).error().find("60001 bytes: the link lan takes"),
        std::string::npos);
    for (std::size_t i = 0; i < kJobsMax; ++i)
        ASSERT_TRUE(hut.site->look(test_jpeg(1000 + i), now).ok());
    EXPECT_NE(hut.site->look(test_jpeg(2000), now).error().find("64 jobs"), std::string::npos);
}

/// A captured hut that says what it likes in envelopes of its own.
class CapturedHut : public Sites {
protected:
    void say(Kind kind, const ByteString& body) {
        compot.site->heard(captured.seal(kind, kCompot, body), now);
    }

    /// What Compot answers to it; of one kind there is at most one.
    std::map<Kind, ByteString> answers() {
        now += 1s;
        compot.wake(now);
        std::map<Kind, ByteString> bodies;
        for (const Out& out : compot.site->take_output()) {
            const auto opened = captured.open(out.envelope);
            if (opened.ok()) bodies[opened->kind] = opened->body;
        }
        return bodies;
    }

    /// Compot is offered `file` under that description, takes it, and is sent all of it.
    void send(const Description& description, const ByteString& file) {
        compot.site->link(true, now);
        const JobId id{kHut, ++nonce};
        say(Kind::Picture, encode(Job{id, 1, encode(description)}));
        const auto said = answers();
        if (said.count(Kind::Claim) == 0) return;
        const auto claim = parse<Claim>(said.at(Kind::Claim));
        say(Kind::Award, encode(Award{id, 1, claim->word, 5, 60}));
        for (std::size_t i = 0; i < pieces_of(description); ++i)
            say(Kind::Piece,
                encode(Piece{id, 5, static_cast<std::uint8_t>(i), piece_of(description, file, i)}));
    }

    Envelopes captured{enrolled(kHut), 50};
    std::uint32_t nonce = 0;
};

TEST_F(CapturedHut, makes_nobody_look_at_what_is_no_picture_as_offered) {
    const ByteString png(3000, 'P');
    send(describe(png, 1024), png);
    EXPECT_EQ(compot.site->counters().refused, 1U);
    EXPECT_EQ(compot.site->take_news(),
              std::vector<std::string>{"a picture of !000000a1 is refused: it is no JPEG"});
    const auto result = parse<JobResult>(answers().at(Kind::Result));
    EXPECT_TRUE(result->answer.empty()) << "and the owner may ask another";

    Description other = describe(test_jpeg(3000), 1024);
    other.digest ^= 1U;
    send(other, test_jpeg(3000));
    EXPECT_EQ(compot.site->take_news(),
              std::vector<std::string>{"a picture of !000000a1 is refused: its digest is another"});

    Description huge = describe(test_jpeg(3000), 1024);
    huge.bytes = 70'000;
    send(huge, test_jpeg(3000));  // not even claimed
    EXPECT_EQ(compot.site->counters().refused, 3U);
    EXPECT_TRUE(compot.looks.empty());

    send(describe(test_jpeg(3000), 1024), test_jpeg(3000));
    EXPECT_EQ(compot.looks.size(), 1U);
}

class FarSites : public Sites {
protected:
    FarSites() : Sites(satellite()) {}
};

TEST_F(FarSites, keep_the_hours_budget_with_pictures) {
    constexpr std::size_t kPictures = 40;
    link(true);
    for (std::size_t i = 0; i < kPictures; ++i)
        ASSERT_TRUE(hut.site->look(test_jpeg(2900 + i), now).ok());
    const auto work = [&](int minutes) {
        for (int minute = 0; minute < minutes; ++minute) {
            const std::size_t before = compot.looks.size();
            pass(1min);
            for (std::size_t i = before; i < compot.looks.size(); ++i)
                compot.site->looked(compot.looks[i].first, kBoulder, now);
        }
    };
    work(60);
    EXPECT_LE(hut.site->counters().bytes_priced, 120'000U);  // an hour's worth was put by
    EXPECT_GT(hut.site->counters().unpaid, 0U);
    EXPECT_GT(compot.looks.size(), 10U);
    EXPECT_LT(compot.looks.size(), kPictures);
    work(3 * 60);
    EXPECT_EQ(compot.looks.size(), kPictures) << "what is put off comes later, once";
    EXPECT_EQ(hut.sights.size(), kPictures);
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
