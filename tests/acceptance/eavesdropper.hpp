#pragma once

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "edge/scene/net_classifier.hpp"
#include "observe/sink.hpp"
#include "radio/frame.hpp"
#include "sim/simulation.hpp"

/// A stranger in the scenario's field, for the checks beside this: it keeps every frame of the air
/// and can send any bytes itself. It has no key, and it sees what onlookers see only to judge.

namespace compot::acceptance {

struct Overheard {
    Time at{};
    NodeId transmitter;
    std::vector<std::uint8_t> bytes;
};

/// What the nodes did since the last forget(): the counters by which a check judges them.
class Eavesdropper final : public sim::FrameTap, public observe::Sink {
public:
    void frame(Time at, NodeId transmitter, BytesView bytes) override {
        if (keeps) heard.push_back({at, transmitter, {bytes.begin(), bytes.end()}});
    }

    void node(Time, const observe::NodeCard&) override {}

    void policy(Time, const observe::PolicyMap&) override {}

    void flight_started(Time, const observe::FlightStarted& flight) override {
        flights[flight.flight] = flight;
        if (flight.transmitter == flight.from && flight.transmitter != kNoNode) {
            ++originated[flight.kind];
        }
    }

    void flight_ended(Time, const observe::FlightEnded& flight) override {
        ended.emplace_back(flights[flight.flight], flight.receptions);
        flights.erase(flight.flight);
    }

    void job(Time, const observe::JobStep& step) override { jobs.push_back(step.step); }

    void ledger(Time, const observe::LedgerLine&) override { ++ledger_lines; }

    void obstacle(Time, const observe::Obstacle&) override {}

    void site(Time, const observe::Site&) override {}

    void photo(Time, const observe::Photo&) override {}

    void log(Time, const observe::LogLine& line) override { logs.push_back(line.text); }

    void forget() {
        jobs.clear();
        logs.clear();
        originated.clear();
        ended.clear();
        ledger_lines = 0;
    }

    [[nodiscard]] bool job_reached(const std::string& step) const {
        return std::find(jobs.begin(), jobs.end(), step) != jobs.end();
    }

    bool keeps = true;
    std::vector<Overheard> heard;
    std::vector<std::string> jobs;
    std::vector<std::string> logs;
    std::map<std::string, unsigned> originated;
    std::vector<std::pair<observe::FlightStarted, std::vector<observe::Reception>>> ended;
    unsigned ledger_lines = 0;

private:
    std::map<std::uint64_t, observe::FlightStarted> flights;
};

/// The blocked cat's world with a stranger in the middle of its field.
struct Scene {
    explicit Scene(std::uint64_t seed) {
        const auto loaded = scenario::load("scenarios/blocked-cat.toml", {});
        if (!loaded) stop(loaded.error().sentence);
        sim::Options options;
        options.seed = seed;
        options.classifier = classifier.get();
        auto created = sim::Simulation::create(*loaded, options);
        if (!created) stop(created.error().sentence);
        world = std::move(*created);
        const std::int32_t middle_cm = loaded->cell_cm * learn::kGridSide / 2;
        stranger = world->add_outsider({middle_cm, middle_cm, 300});
        world->set_tap(&ears);
        world->add_sink(ears);
    }

    [[noreturn]] static void stop(const std::string& why) {
        std::fprintf(stderr, "%s\n", why.c_str());
        std::exit(1);
    }

    void run_to_the_end() {
        while (!world->finished() && world->now() < Time{20min})
            world->run_until(world->now() + 1s);
        if (!world->finished()) stop("the story did not end");
    }

    void run_for(Duration span) { world->run_until(world->now() + span); }

    void reboot_all() {
        for (const sim::Unit& unit : world->units()) {
            if (unit.alive() && !world->drop(unit.id())) stop("a node can't be switched off");
        }
        for (const sim::Unit& unit : world->units()) {
            if (!world->revive(unit.id())) stop("a node can't be switched on");
        }
    }

    /// The stranger sends these bytes, and the channel has time to carry the relays.
    void inject(const std::vector<std::uint8_t>& bytes) {
        if (!world->transmit_raw(stranger, bytes)) stop("the stranger can't send");
        run_for(500ms);
    }

    std::unique_ptr<scene::NetClassifier> classifier = scene::NetClassifier::built_in();
    Eavesdropper ears;
    std::unique_ptr<sim::Simulation> world;
    ether::Station stranger = 0;
};

inline bool verdict(const char* what, unsigned long figure, const char* threshold, bool good) {
    std::printf("%s: %lu, %s: %s\n", what, figure, threshold, good ? "ok" : "NOT MET");
    return good;
}

}  // namespace compot::acceptance
