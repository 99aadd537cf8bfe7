#include "apps/node_world.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cstdio>
#include <map>
#include <set>
#include <thread>
#include <utility>

#include "apps/node_setup.hpp"
#include "apps/signed_ledger.hpp"
#include "core/base/check.hpp"
#include "core/ledger/ledger.hpp"
#include "observe/event_json.hpp"
#include "observe/happening.hpp"

namespace compot::apps {
namespace {

class Beyond final : public Outside {
public:
    void send(const radio::Packet& packet) override { sent.push_back(packet); }

    void act(learn::Action action) override { acts.push_back(action); }

    void look(learn::Action way) override { looks.push_back(way); }

    void complain(const std::string& sentence) override { complaints.push_back(sentence); }

    std::vector<radio::Packet> sent;
    std::vector<learn::Action> acts;
    std::vector<learn::Action> looks;
    std::vector<std::string> complaints;
};

class Eyes final : public observe::EventSink {
public:
    void event(observe::Event event) override { events.push_back(std::move(event)); }

    std::vector<observe::Event> events;
};

/// The last card of each node.
std::map<NodeId, observe::NodeCard> cards_of(const Eyes& eyes) {
    std::map<NodeId, observe::NodeCard> cards;
    for (const auto& event : eyes.events)
        if (const auto* card = std::get_if<observe::NodeCard>(&event.what)) cards[card->id] = *card;
    return cards;
}

class NodeWorldTest : public ::testing::Test {
protected:
    NodeWorldTest() : file(::testing::TempDir() + "compot_node_world.db") {
        remove();
        store = *store::Store::open(file);
        terms = setup_from_scenario("scenarios/blocked-cat.toml", "beta")->terms;
        terms.has_body = true;
        terms.config.timing.beacon_min = 100ms;
    }

    ~NodeWorldTest() override { remove(); }

    void remove() const {
        for (const char* part : {"", "-wal", "-shm"}) std::remove((file + part).c_str());
    }

    std::unique_ptr<World> boot() {
        auto world = NodeWorld::start(terms, *store, beyond, eyes);
        EXPECT_TRUE(world) << world.error();
        return *std::move(world);
    }

    /// Lets what is due happen until a packet is sent, for ten seconds at most.
    void run_until_sent(World& world) {
        for (int i = 0; i < 1000 && beyond.sent.empty(); ++i) {
            while (world.next_at() <= world.now()) world.step();
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
    }

    std::string file;
    std::unique_ptr<store::Store> store;
    NodeTerms terms;
    Beyond beyond;
    Eyes eyes;
};

TEST_F(NodeWorldTest, decides_for_its_body_and_beacons_by_its_radio) {
    const auto world = boot();
    node::Sensed sensed;
    sensed.at = sensed.fix = {1, 2};
    static_cast<NodeWorld&>(*world).felt(sensed);
    EXPECT_EQ(beyond.acts.size(), 1U);
    run_until_sent(*world);
    ASSERT_FALSE(beyond.sent.empty());
    EXPECT_EQ(beyond.sent[0].data.portnum, mesh::port::kPrivate);
    EXPECT_NE(beyond.sent[0].id.value, 0U);
    bool card = false;
    for (const auto& event : eyes.events)
        card = card || std::holds_alternative<observe::NodeCard>(event.what);
    EXPECT_TRUE(card);
}

TEST_F(NodeWorldTest, never_says_a_packet_id_twice_over_reboots) {
    std::uint16_t epoch = 0;
    for (int i = 0; i < 3; ++i) {
        beyond.sent.clear();
        const auto world = boot();
        run_until_sent(*world);
        ASSERT_FALSE(beyond.sent.empty());
        EXPECT_GT(beyond.sent[0].id.epoch(), epoch);
        epoch = beyond.sent[0].id.epoch();
    }
}

TEST_F(NodeWorldTest, does_not_start_when_its_records_can_not_be_written) {
    sqlite3* other = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &other), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
    const auto world = NodeWorld::start(terms, *store, beyond, eyes);
    ASSERT_FALSE(world);
    EXPECT_EQ(world.error().find(file), 0U) << world.error();
    EXPECT_TRUE(beyond.complaints.empty()) << "it is said once: by whoever starts it";
    EXPECT_TRUE(beyond.sent.empty()) << "what it can't remember it does not say";
    sqlite3_close(other);
}

TEST_F(NodeWorldTest, knows_what_was_seen_on_a_tile_after_a_reboot) {
    terms = setup_from_scenario("scenarios/blocked-cat.toml", "compot")->terms;
    scene::Image image{16, 16, {}};
    image.rgb.resize(16UL * 16 * 3, 77);
    EXPECT_EQ(boot()->show({3, 4}, image, {learn::TileClass::Immovable, 700, "somebody"}), "");
    const auto records = *store->records();
    const std::vector<std::uint8_t> seen{2, 0xBC, 2, 's', 'o', 'm', 'e', 'b', 'o', 'd', 'y'};
    EXPECT_EQ(records.back(), (store::Record{0x8000 + 4 * 16 + 3, seen}));
    boot();
    EXPECT_EQ((*store->records()).back(), records.back()) << "it is no record of the node's own";
}

TEST_F(NodeWorldTest, picture_that_leaves_doubt_is_shown_and_kept_from_the_node) {
    terms = setup_from_scenario("scenarios/blocked-cat.toml", "compot")->terms;
    scene::Image image{16, 16, {}};
    image.rgb.resize(16UL * 16 * 3, 77);
    const auto world = boot();
    const auto before = *store->records();
    EXPECT_EQ(world->show({3, 4}, image, {learn::TileClass::Immovable, 699, "somebody"}),
              "IMMOVABLE at 69 % leaves doubt: 70 % are asked for");
    EXPECT_NE(world->show({3, 4}, image, {learn::TileClass::Clear, 1000, "somebody"}), "");
    EXPECT_EQ(*store->records(), before);
    std::size_t photos = 0;
    for (const auto& event : eyes.events)
        photos += std::holds_alternative<observe::Photo>(event.what) ? 1U : 0U;
    EXPECT_EQ(photos, 2U);
}

TEST_F(NodeWorldTest, ends_only_a_job_that_it_has_asked_for) {
    const auto world = boot();
    web::Control control;
    control.what = web::Control::Do::Cancel;
    control.nonce = 0x2A;
    EXPECT_NE(world->control(control).find("only who asked"), std::string::npos);
    auto& beta = static_cast<NodeWorld&>(*world);
    node::Sensed sensed;
    sensed.at = sensed.fix = {1, 2};
    sensed.occupied_moves = 0x0F;  // something stands on each side that nobody has classified
    const auto asked = [&]() -> const observe::JobStep* {
        for (const auto& event : eyes.events)
            if (const auto* step = std::get_if<observe::JobStep>(&event.what)) return step;
        return nullptr;
    };
    for (int i = 0; i < 100 && asked() == nullptr; ++i) beta.felt(sensed);
    ASSERT_NE(asked(), nullptr);
    control.nonce = asked()->nonce;
    EXPECT_EQ(world->control(control), "");
    const auto told = check_ledger(nlohmann::json::parse(world->signed_ledger()));
    ASSERT_TRUE(told) << told.error();
    EXPECT_EQ(told->entries, 1U) << "the end that it has written";
    EXPECT_NE(world->control(control), "");
}

TEST_F(NodeWorldTest, tells_a_page_of_the_ledger_that_it_had_before) {
    const auto enrolled = setup_from_scenario("scenarios/blocked-cat.toml", "gamma")->terms.config;
    ledger::Ledger ledger;
    const ledger::Signer signer{enrolled.self, enrolled.signing_seed,
                                crypto::signing_public(enrolled.signing_seed)};
    const auto entry =
        ledger.append(signer, ledger::Kind::Outcome, ledger::write_body(ledger::OutcomeBody{}), 1);
    ASSERT_TRUE(entry);
    const auto bytes = ledger::encode(*entry);
    ASSERT_TRUE(store->keep({{0x0300, {bytes.begin(), bytes.end()}}}));
    boot();
    std::size_t lines = 0;
    for (const auto& event : eyes.events)
        if (const auto* line = std::get_if<observe::LedgerLine>(&event.what))
            lines += line->author == enrolled.self && line->sequence == 1 ? 1U : 0U;
    EXPECT_EQ(lines, 1U);
}

TEST_F(NodeWorldTest, drops_what_others_say_on_our_port_without_our_keys) {
    const auto world = boot();
    radio::Packet packet;
    packet.from = NodeId{0xBAD};
    packet.id = PacketId{1};
    packet.data.portnum = mesh::port::kPrivate;
    packet.data.payload.resize(40);
    static_cast<NodeWorld&>(*world).heard(packet);
    packet.from = terms.config.self;  // an echo of our own
    static_cast<NodeWorld&>(*world).heard(packet);
    std::uint32_t dropped = 0;
    for (int i = 0; i < 1000 && dropped == 0; ++i) {
        while (world->next_at() <= world->now()) world->step();
        dropped = cards_of(eyes)[terms.config.self].frames_dropped.value_or(0);
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    EXPECT_EQ(dropped, 1U);
}

/// Another node of the swarm, within reach of ours.
class Other {
public:
    explicit Other(const std::string& name) : config_(config_of(name)), node_(config_) {
        tell(node::Booted{7}, Time{});
    }

    /// What it says by `at`, after it has heard what ours has sent.
    std::vector<radio::Packet> until(Time at, const std::vector<radio::Packet>& sent) {
        for (; heard_ < sent.size(); ++heard_) {
            node::Heard heard;
            heard.from = sent[heard_].from;
            heard.id = sent[heard_].id;
            heard.payload = sent[heard_].data.payload.view();
            tell(heard, at);
        }
        if (node_.wake_at() <= at) tell(node::Woke{}, at);
        return std::exchange(said_, {});
    }

    [[nodiscard]] NodeId id() const { return config_.self; }

private:
    static node::Config config_of(const std::string& name) {
        auto config = setup_from_scenario("scenarios/blocked-cat.toml", name)->terms.config;
        config.timing.beacon_min = 100ms;
        return config;
    }

    void tell(const node::Event& event, Time at) {
        node::Effects effects;
        node_.handle(event, at, effects);
        for (const node::Effect& effect : effects) {
            const auto* send = std::get_if<node::Send>(&effect);
            if (send == nullptr) continue;
            radio::Packet packet;
            packet.from = config_.self;
            packet.id = send->id;
            packet.hop_limit = packet.hop_start = send->hop_limit;
            packet.rssi_cdbm = -9000;
            packet.snr_cdb = 525;
            packet.data.portnum = mesh::port::kPrivate;
            COMPOT_CHECK(packet.data.payload.assign(send->payload.view()));
            said_.push_back(packet);
        }
    }

    node::Config config_;
    node::Node node_;
    std::size_t heard_ = 0;
    std::vector<radio::Packet> said_;
};

TEST_F(NodeWorldTest, who_is_enrolled_and_silent_has_a_card_that_says_so_and_no_more) {
    boot();
    const auto cards = cards_of(eyes);
    ASSERT_EQ(cards.size(), 4U);
    std::set<std::string> silent;
    for (const auto& [id, card] : cards) {
        if (!card.peer) continue;
        silent.insert(card.name);
        EXPECT_FALSE(card.heard || card.at || card.mood || card.battery_permille || card.alive);
    }
    EXPECT_EQ(silent, (std::set<std::string>{"alpha", "compot", "gamma"}));
    const observe::NodeCard& own = cards.at(terms.config.self);
    EXPECT_FALSE(own.peer);
    EXPECT_FALSE(own.at || own.battery_permille) << "its body has said nothing yet";
    EXPECT_FALSE(own.queue) << "only its radio knows";
}

TEST_F(NodeWorldTest, shows_what_its_facts_say_of_the_field) {
    boot();
    std::map<learn::Cell, std::string> standing;
    for (const auto& event : eyes.events) {
        if (const auto* thing = std::get_if<observe::Obstacle>(&event.what)) {
            EXPECT_TRUE(thing->present);
            EXPECT_EQ(thing->truth, "") << "what it really is nobody knows";
            standing[thing->at] = thing->label;
        }
    }
    ASSERT_FALSE(terms.config.facts.empty());
    EXPECT_EQ(standing.size(), terms.config.facts.size());
    for (const learn::Fact& fact : terms.config.facts)
        EXPECT_EQ(standing[fact.at], learn::to_string(fact.what));
}

TEST_F(NodeWorldTest, shows_another_by_what_its_frames_say_once_it_has_proved_to_be_live) {
    const auto world = boot();
    auto& ours = static_cast<NodeWorld&>(*world);
    Other compot("compot");
    const auto seen = [&] { return cards_of(eyes)[compot.id()]; };
    /// Both live until the card says so; the other hears ours only where it is `told`.
    const auto live_until = [&](const auto& done, bool told) {
        for (int i = 0; i < 2000 && !done(seen()); ++i) {
            while (world->next_at() <= world->now()) world->step();
            const auto& sent = told ? beyond.sent : std::vector<radio::Packet>{};
            for (const auto& packet : compot.until(world->now(), sent)) ours.heard(packet);
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        return seen();
    };
    const auto unproved =
        live_until([](const auto& card) { return card.heard.has_value(); }, false);
    ASSERT_TRUE(unproved.heard);
    EXPECT_FALSE(unproved.heard->live) << "it may be a recording: it has echoed nothing of ours";
    EXPECT_FALSE(unproved.mood || unproved.at || unproved.battery_permille);
    const auto card =
        live_until([](const auto& one) { return one.heard && one.heard->live; }, true);
    ASSERT_TRUE(card.heard && card.heard->live);
    for (std::size_t i = 1; i < eyes.events.size(); ++i)
        EXPECT_GE(eyes.events[i].at, eyes.events[i - 1].at) << "no recording goes back in time";
    EXPECT_TRUE(card.heard->direct());
    EXPECT_EQ(card.heard->snr_cdb, 525);
    EXPECT_EQ(card.mood, observe::Mood::Patrolling);
    const auto own = cards_of(eyes)[terms.config.self];
    ASSERT_TRUE(own.neighbours);
    ASSERT_EQ(own.neighbours->size(), 1U);
    EXPECT_EQ(own.neighbours->at(0).id, compot.id());
    EXPECT_NE(world->registries().find(observe::node_name(terms.config.self)), std::string::npos);
}

TEST_F(NodeWorldTest, does_not_take_an_author_for_the_relay_that_was_heard) {
    const auto world = boot();
    radio::Packet packet;
    packet.from = NodeId{0xBAD};
    packet.hop_start = 3;
    for (const std::uint8_t left : {std::uint8_t{3}, std::uint8_t{2}}) {
        packet.id = PacketId{left};
        packet.hop_limit = left;
        static_cast<NodeWorld&>(*world).heard(packet);
    }
    std::vector<NodeId> transmitters;
    for (const auto& event : eyes.events) {
        const auto* flight = std::get_if<observe::FlightStarted>(&event.what);
        if (flight != nullptr && flight->from == packet.from)
            transmitters.push_back(flight->transmitter);
    }
    EXPECT_EQ(transmitters, (std::vector<NodeId>{packet.from, kNoNode}));
}

TEST_F(NodeWorldTest, a_forged_frame_in_anothers_name_is_no_sign_of_it) {
    const auto world = boot();
    radio::Packet packet;
    packet.from = terms.config.members[0].id == terms.config.self ? terms.config.members[1].id
                                                                  : terms.config.members[0].id;
    packet.id = PacketId{1};
    packet.rssi_cdbm = -9000;
    packet.data.portnum = mesh::port::kPrivate;
    packet.data.payload.resize(40);
    static_cast<NodeWorld&>(*world).heard(packet);
    for (int i = 0; i < 50; ++i) {
        while (world->next_at() <= world->now()) world->step();
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    EXPECT_FALSE(cards_of(eyes)[packet.from].heard);
}

TEST(AirMeter, counts_the_last_minute) {
    AirMeter meter;
    meter.add(Time{1s}, 3s);
    meter.add(Time{50s}, 6s);
    EXPECT_EQ(meter.permille(Time{60s}), 150);
    EXPECT_EQ(meter.permille(Time{62s}), 100);
    EXPECT_EQ(meter.permille(Time{200s}), 0);
}

}  // namespace
}  // namespace compot::apps
