#include "sim/simulation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "edge/scene/net_classifier.hpp"
#include "observe/happening.hpp"
#include "sim/camera/camera.hpp"

namespace compot::sim {
namespace {

/// The report of a whole run, as the command prints it.
std::string whole_run(std::uint64_t seed, const std::vector<std::string>& sets = {}) {
    std::vector<scenario::Override> overrides;
    for (const std::string& set : sets) overrides.push_back(*scenario::parse_override(set));
    const auto loaded = scenario::load("scenarios/blocked-cat.toml", overrides);
    EXPECT_TRUE(loaded.ok()) << (loaded.ok() ? "" : loaded.error().sentence);
    if (!loaded) return {};
    Options options;
    options.seed = seed;
    auto world = Simulation::create(*loaded, options);
    EXPECT_TRUE(world.ok()) << (world.ok() ? "" : world.error().sentence);
    if (!world) return {};
    while (!(*world)->finished() && (*world)->now() < Time{5min})
        (*world)->run_until((*world)->now() + 1s);
    return to_json((*world)->report());
}

TEST(Simulation, of_one_seed_is_the_same_run_each_time_and_of_another_seed_another) {
    const std::vector<std::string> hard{"air.loss_percent=20", "foreign.load_percent=10",
                                        "blockage.known_to=[\"compot\"]"};
    const std::string easy_run = whole_run(3);
    EXPECT_EQ(whole_run(3), easy_run);
    EXPECT_NE(whole_run(4), easy_run);
    const std::string hard_run = whole_run(3, hard);
    EXPECT_EQ(whole_run(3, hard), hard_run);
    EXPECT_NE(hard_run, easy_run);
}

TEST(Simulation, does_not_care_in_what_steps_it_is_run) {
    const auto loaded = scenario::load("scenarios/blocked-cat.toml", {});
    ASSERT_TRUE(loaded.ok());
    Options options;
    options.seed = 5;
    auto at_once = Simulation::create(*loaded, options);
    auto in_steps = Simulation::create(*loaded, options);
    ASSERT_TRUE(at_once.ok() && in_steps.ok());
    (*at_once)->run_until(Time{60s});
    while ((*in_steps)->next_at() <= Time{60s}) ASSERT_TRUE((*in_steps)->step());
    (*in_steps)->run_until(Time{60s});
    EXPECT_EQ(to_json((*at_once)->report()), to_json((*in_steps)->report()));
}

/// The blocked cat in fog too thick for Compot's own net.
class Fog : public testing::Test {
protected:
    void SetUp() override {
        const auto loaded = scenario::load("scenarios/blocked-cat.toml",
                                           {*scenario::parse_override("field.fog_percent=90")});
        ASSERT_TRUE(loaded.ok()) << loaded.error().sentence;
        Options options;
        options.seed = 1;
        options.classifier = net.get();
        auto made = Simulation::create(*loaded, options);
        ASSERT_TRUE(made.ok()) << made.error().sentence;
        world = *std::move(made);
        world->add_sink(eyes);
    }

    void TearDown() override { world->remove_sink(eyes); }

    /// The first step of a job with this name, once there is one.
    const observe::JobStep* wait_for(const std::string& step, Duration most) {
        for (const Time end = world->now() + most; world->now() < end;) {
            world->run_until(world->now() + 1s);
            for (const observe::JobStep& each : eyes.steps)
                if (each.step == step) return &each;
        }
        return nullptr;
    }

    [[nodiscard]] std::uint32_t texts() const {
        const auto messages = world->report().messages;
        const auto found = messages.find("text");
        return found == messages.end() ? 0 : found->second.messages;
    }

    /// Everything that happens to jobs.
    struct Eyes final : observe::EventSink {
        void event(observe::Event event) override {
            if (auto* step = std::get_if<observe::JobStep>(&event.what)) steps.push_back(*step);
        }

        std::vector<observe::JobStep> steps;
    };

    std::unique_ptr<scene::NetClassifier> net = scene::NetClassifier::built_in();
    Eyes eyes;
    std::unique_ptr<Simulation> world;
};

TEST_F(Fog, makes_compot_ask_a_person_whose_picture_frees_beta) {
    const observe::JobStep* asked = wait_for("person asked", 10min);
    ASSERT_NE(asked, nullptr);
    const std::uint32_t nonce = asked->nonce;
    world->run_until(world->now() + 1h);
    EXPECT_EQ(texts(), 1U);
    EXPECT_EQ(world->report().outcome, "blocked");

    const auto obstacle =
        std::find_if(world->field().things().begin(), world->field().things().end(),
                     [](const auto& thing) { return thing.id >= 4; });
    ASSERT_NE(obstacle, world->field().things().end()) << "the scenario lists four";
    scene::Scene seen;
    scene::Image picture;
    for (std::uint64_t seed = 0; seen.what != obstacle->what || seen.confidence_permille < 900;
         ++seed) {
        picture = camera::render_scene(seed, obstacle->what);
        seen = *net->classify(picture);
    }
    const auto unclear = world->show(obstacle->at, picture, {seen.what, 699, "somebody"});
    ASSERT_FALSE(unclear.ok());
    EXPECT_NE(unclear.error().sentence.find("69 %"), std::string::npos);
    ASSERT_TRUE(world->show(obstacle->at, picture, seen).ok());
    eyes.steps.clear();
    const observe::JobStep* resumed = wait_for("resumed", 30s);
    ASSERT_NE(resumed, nullptr);
    EXPECT_EQ(resumed->nonce, nonce);
    for (int i = 0; i < 300 && !world->finished(); ++i) world->run_until(world->now() + 1s);
    const Report report = world->report();
    EXPECT_EQ(report.outcome, "resumed");
    EXPECT_TRUE(report.ledgers_equal);
    EXPECT_TRUE(report.mission_done);
    EXPECT_FALSE(report.purse_exceeded);
    EXPECT_EQ(texts(), 1U);
}

TEST_F(Fog, job_that_a_person_withdraws_ends_where_it_was_asked) {
    const observe::JobStep* asked = wait_for("asked", 5min);
    ASSERT_NE(asked, nullptr);
    const std::uint32_t nonce = asked->nonce;
    EXPECT_FALSE(world->withdraw(nonce + 1).ok());
    ASSERT_TRUE(world->withdraw(nonce).ok());
    EXPECT_EQ(eyes.steps.back().step, "ended");
    EXPECT_EQ(eyes.steps.back().text, "withdrawn");
    EXPECT_FALSE(world->withdraw(nonce).ok());
    world->run_until(world->now() + 60s);
    EXPECT_EQ(world->report().reason, "blocked: job withdrawn");
    EXPECT_TRUE(world->report().ledgers_equal);
}

/// A scenario of two nodes in reach of each other, and a firmware's antenna between them.
Result<scenario::Scenario, scenario::Failure> with_guest() {
    return scenario::parse(
        "swarm = {secret = \"x\"}\ntiming = {beacon_min_s = 3600, beacon_max_s = 3600}\n"
        "[[node]]\nname = \"a\"\nat = [1, 1]\n[[node]]\nname = \"b\"\nat = [3, 1]\n"
        "[[firmware]]\nname = \"f\"\nat = [2, 1]\n",
        "guest.toml", {});
}

struct Antenna final : GuestListener {
    void heard(std::size_t guest, BytesView frame, std::int16_t, std::int16_t) override {
        EXPECT_EQ(guest, 0U);
        frames.emplace_back(frame.begin(), frame.end());
    }

    std::vector<std::vector<std::uint8_t>> frames;
};

TEST(Guest, takes_part_in_real_time_alone) {
    const auto scenario = with_guest();
    ASSERT_TRUE(scenario.ok()) << scenario.error().sentence;
    const auto refused = Simulation::create(*scenario, {});
    ASSERT_FALSE(refused.ok());
    EXPECT_NE(refused.error().sentence.find("real firmware"), std::string::npos);
}

TEST(Guest, hears_our_radios_and_is_relayed_by_them) {
    Options options;
    options.real_time = true;
    auto world = Simulation::create(*with_guest(), options);
    ASSERT_TRUE(world.ok()) << world.error().sentence;
    Antenna antenna;
    (*world)->set_guest_listener(&antenna);
    (*world)->run_until(Time{20s});
    antenna.frames.clear();
    radio::Header header;
    header.from = NodeId{0x51B00D45};
    header.id = PacketId{7};
    header.channel_hash = 0x11;
    std::vector<std::uint8_t> frame(40, 0xAB);
    const auto head = radio::encode(header);
    std::copy(head.begin(), head.end(), frame.begin());
    ASSERT_TRUE((*world)->guest_sends(0, header.from, frame).ok());
    (*world)->run_until(Time{30s});
    ASSERT_FALSE(antenna.frames.empty());  // a relay of its own packet, by a radio that can't read
    const auto relayed = radio::decode_header(antenna.frames[0]);
    ASSERT_TRUE(relayed.ok());
    EXPECT_EQ(relayed->from, header.from);
    EXPECT_EQ(relayed->hop_limit, header.hop_limit - 1);
    EXPECT_TRUE(std::equal(antenna.frames[0].begin() + 16, antenna.frames[0].end(),
                           frame.begin() + 16, frame.end()));
}

TEST(Guest, has_a_queue_like_a_radios_and_sends_all_that_it_took) {
    Options options;
    options.real_time = true;
    auto world = Simulation::create(*with_guest(), options);
    ASSERT_TRUE(world.ok());
    (*world)->run_until(Time{20s});
    radio::Header header;
    header.from = NodeId{0x51B00D45};
    header.hop_limit = 0;
    std::uint32_t taken = 0;
    for (std::uint32_t i = 1; i <= 20; ++i) {
        header.id = PacketId{i};
        const auto frame = radio::encode(header);
        if ((*world)->guest_sends(0, header.from, frame).ok()) ++taken;
    }
    EXPECT_EQ(taken, Guests::kQueueMax);
    const std::vector<std::uint8_t> nothing;
    EXPECT_FALSE((*world)->guest_sends(0, header.from, nothing).ok());
    const auto before = (*world)->report().foreign_frames;
    (*world)->run_until(Time{30s});
    EXPECT_EQ((*world)->report().foreign_frames - before, taken);
}

}  // namespace
}  // namespace compot::sim
