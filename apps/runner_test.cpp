#include "apps/runner.hpp"

#include <gtest/gtest.h>

#include <future>
#include <nlohmann/json.hpp>
#include <thread>

#include "apps/playback.hpp"

namespace compot::apps {
namespace {

using Json = nlohmann::json;
using Do = web::Control::Do;

/// A world with a log line each second and a flight each ten, for ever.
class Ticker final : public World {
public:
    Ticker(std::uint64_t seed, observe::Sink& sink) : seed_(seed), sink_(sink) {
        sink.log(now_, {NodeId{1}, "begin"});
    }

    observe::World label() const override {
        return {"ticker", seed_, "", 25, observe::Source::Live, {}};
    }

    Time now() const override { return now_; }

    Time next_at() const override { return now_ + 1s; }

    void step() override {
        now_ += 1s;
        sink_.log(now_, {NodeId{1}, "tick"});
        if (to_us(now_) % to_us(10s) == 0) sink_.flight_started(now_, {});
    }

    Ending ending() const override { return {now_ >= Time{100s}, "over", ""}; }

    std::string control(const web::Control& control) override {
        return control.what == Do::Drop ? "" : "not in this world";
    }

    std::string show(learn::Cell, const scene::Image&, const scene::Scene&) override { return ""; }

    std::string act(NodeId, learn::Action) override { return ""; }

    Result<PacketId, std::string> submit(NodeId, const radio::Packet& packet) override {
        return packet.id;
    }

private:
    std::uint64_t seed_;
    observe::Sink& sink_;
    Time now_{};
};

Result<std::unique_ptr<World>, std::string> make_ticker(std::optional<std::uint64_t> seed,
                                                        observe::Sink& sink) {
    if (seed == 666U) return std::string("that seed is cursed");
    return Result<std::unique_ptr<World>, std::string>(
        std::make_unique<Ticker>(seed.value_or(1), sink));
}

class RunnerTest : public ::testing::Test {
protected:
    void start(double speed, MakeWorld make = make_ticker) {
        auto made = Runner::start(std::move(make), std::nullopt, speed);
        ASSERT_TRUE(made);
        runner = *std::move(made);
        thread = std::thread([this] { runner->run(stop); });
    }

    ~RunnerTest() override {
        stop = true;
        if (thread.joinable()) thread.join();
    }

    std::string ask(Do what, double speed = 1, std::optional<std::uint64_t> seed = {},
                    Time to = {}) {
        web::Control control;
        control.what = what;
        control.speed = speed;
        control.seed = seed;
        control.to = to;
        std::promise<std::string> answer;
        runner->control(control, [&answer](std::string error) { answer.set_value(error); });
        return answer.get_future().get();
    }

    /// False if the world is not there in 20 seconds, which only a stopped one is not.
    bool reaches(Time to) {
        for (int i = 0; i < 2000 && runner->now() < to; ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        return runner->now() >= to;
    }

    /// The state as a newcomer gets it.
    Json snapshot() {
        auto reader = runner->reader(std::nullopt, "");
        hello = Json::parse(*runner->next(reader));
        return Json::parse(*runner->next(reader))["state"];
    }

    std::atomic<bool> stop{false};
    std::unique_ptr<Runner> runner;
    std::thread thread;
    Json hello;
};

TEST_F(RunnerTest, steps_one_event_and_stays_paused) {
    start(0.001);
    EXPECT_EQ(ask(Do::Pause), "");
    EXPECT_EQ(ask(Do::Step), "");
    EXPECT_EQ(ask(Do::Step), "");
    const Json state = snapshot();
    EXPECT_EQ(state["clock"]["t"], 2'000'000);
    EXPECT_EQ(state["clock"]["running"], false);
    EXPECT_EQ(state["log"].size(), 3U);
}

TEST_F(RunnerTest, steps_to_the_next_packet) {
    start(0.001);
    EXPECT_EQ(ask(Do::StepPacket), "");
    EXPECT_EQ(snapshot()["clock"]["t"], 10'000'000);
    EXPECT_EQ(ask(Do::StepPacket), "");
    EXPECT_EQ(snapshot()["clock"]["t"], 20'000'000);
}

TEST_F(RunnerTest, keeps_the_pace_it_was_given) {
    const auto began = std::chrono::steady_clock::now();
    start(1000);
    EXPECT_TRUE(reaches(Time{300s}));
    EXPECT_EQ(ask(Do::Pause), "");
    const Duration reached{snapshot()["clock"]["t"].get<std::int64_t>()};
    const auto passed = std::chrono::steady_clock::now() - began;
    EXPECT_LE(reached, passed * 1000) << "faster than 1000 times real time";
}

TEST_F(RunnerTest, tells_outcome_and_goes_on) {
    start(0);
    EXPECT_TRUE(reaches(Time{200s}));
    EXPECT_EQ(ask(Do::Pause), "");
    const Json clock = snapshot()["clock"];
    EXPECT_EQ(clock["finished"], true);
    EXPECT_EQ(clock["outcome"], "over");
    EXPECT_EQ(clock["speed"], 0);
}

TEST_F(RunnerTest, a_reset_is_a_new_world_and_a_failed_one_changes_nothing) {
    start(0.001);
    EXPECT_EQ(ask(Do::Pause), "");
    EXPECT_EQ(ask(Do::Step), "");
    EXPECT_EQ(ask(Do::Reset, 1, 666), "that seed is cursed");
    EXPECT_EQ(snapshot()["log"].size(), 2U);
    EXPECT_EQ(ask(Do::Reset, 1, 5), "");
    const Json state = snapshot();
    EXPECT_EQ(hello["seed"], 5);
    EXPECT_EQ(state["log"].size(), 1U);
    EXPECT_EQ(state["clock"]["t"], 0);
}

TEST_F(RunnerTest, passes_on_what_only_the_world_can_do) {
    start(1);
    EXPECT_EQ(ask(Do::Drop), "");
    EXPECT_EQ(ask(Do::Put), "not in this world");
    EXPECT_EQ(ask(Do::Seek), "only a recording can be moved in");
}

/// A world that can do nothing but be watched, as a real node.
class Standing final : public World {
public:
    observe::World label() const override {
        observe::World label;
        label.scenario = "standing";
        label.source = observe::Source::Node;
        return label;
    }

    Time now() const override { return {}; }

    Time next_at() const override { return kNever; }

    void step() override {}

    Ending ending() const override { return {}; }

    std::string refuses(Do what) const override { return what == Do::Drop ? "" : "it is real"; }

    std::string control(const web::Control&) override { return ""; }

    std::string show(learn::Cell, const scene::Image&, const scene::Scene&) override { return ""; }

    std::string act(NodeId, learn::Action) override { return ""; }

    Result<PacketId, std::string> submit(NodeId, const radio::Packet& packet) override {
        return packet.id;
    }
};

TEST_F(RunnerTest, tells_what_a_world_can_do_and_refuses_the_rest) {
    start(1, [](std::optional<std::uint64_t>, observe::Sink&) {
        return Result<std::unique_ptr<World>, std::string>(std::make_unique<Standing>());
    });
    snapshot();
    EXPECT_EQ(hello["source"], "node");
    EXPECT_EQ(hello["controls"], Json::parse(R"(["drop"])"));
    for (const Do what : web::kEveryDo)
        EXPECT_EQ(ask(what), what == Do::Drop ? "" : "it is real") << web::word(what);
}

TEST_F(RunnerTest, a_simulation_can_do_all_but_be_moved_in) {
    start(1);
    snapshot();
    EXPECT_EQ(hello["source"], "live");
    EXPECT_EQ(hello["controls"].dump(), R"(["pause","run","step","step_packet","speed","reset",)"
                                        R"("drop","revive","put","remove","cancel"])");
}

TEST_F(RunnerTest, a_reader_that_never_reads_does_not_hold_up_the_world) {
    start(0);
    auto stalled = runner->reader(std::nullopt, "");
    EXPECT_TRUE(reaches(Time{1h}));
    EXPECT_EQ(ask(Do::Pause), "");
    EXPECT_EQ(Json::parse(*runner->next(stalled))["type"], "hello");
    EXPECT_EQ(Json::parse(*runner->next(stalled))["type"], "snapshot");
    EXPECT_EQ(runner->next(stalled), nullptr);
}

TEST_F(RunnerTest, moves_in_a_recording_both_ways) {
    auto recording = std::make_shared<observe::Recording>();
    recording->world.source = observe::Source::Recording;
    recording->world.until = Time{60s};
    recording->outcome = "resumed";
    for (int i = 1; i < 60; ++i)
        recording->events.push_back(
            {Time{std::chrono::seconds(i)}, observe::LogLine{NodeId{1}, std::to_string(i)}});
    observe::JobStep asked;
    asked.step = "asked";
    recording->events.push_back({Time{59s}, asked});
    recording->events.push_back({Time{59s}, observe::FlightStarted{}});
    start(1, playback(recording));
    const Json timeline = Json::parse(runner->list(web::Swarm::List::Timeline));
    EXPECT_EQ(timeline["bin_us"], 250'000);
    EXPECT_EQ(timeline["packets"][236], 1);
    EXPECT_EQ(timeline["marks"], Json::parse(R"([{"t":59000000,"text":"asked"}])"));
    EXPECT_EQ(ask(Do::Pause), "");
    EXPECT_EQ(ask(Do::Seek, 1, {}, Time{30s}), "");
    Json state = snapshot();
    EXPECT_EQ(hello["source"], "recording");
    EXPECT_EQ(hello["controls"].dump(), R"(["pause","run","step","step_packet","speed","seek"])");
    EXPECT_EQ(hello["until_us"], 60'000'000);
    EXPECT_EQ(state["log"].size(), 30U);
    EXPECT_EQ(state["clock"]["t"], 30'000'000);
    EXPECT_EQ(ask(Do::Seek, 1, {}, Time{4500ms}), "");
    state = snapshot();
    EXPECT_EQ(state["log"].size(), 4U);
    EXPECT_EQ(state["clock"]["t"], 4'500'000);
    EXPECT_EQ(ask(Do::Seek, 1, {}, Time{1h}), "");
    state = snapshot();
    EXPECT_EQ(state["clock"]["finished"], true);
    EXPECT_EQ(state["clock"]["outcome"], "resumed");
    EXPECT_EQ(ask(Do::Step), "nothing happens any more");
    EXPECT_EQ(ask(Do::Put), "a recording can't be changed");
}

}  // namespace
}  // namespace compot::apps
