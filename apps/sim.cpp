#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/command.hpp"
#include "edge/scene/net_classifier.hpp"
#include "observe/recording.hpp"
#include "sim/simulation.hpp"

namespace compot::apps {

namespace {

struct Options {
    std::string scenario;
    std::uint64_t seed = 1;
    double until_s = 0;  ///< 0: the scenario's own
    std::vector<std::string> without;
    std::vector<std::string> set;
    double loss = 0;
    std::string record;
    bool json = false;
};

int fail(const std::string& sentence) {
    std::fprintf(stderr, "compotastic sim: %s\n", sentence.c_str());
    return 1;
}

Result<scenario::Scenario, scenario::Failure> load(const Options& options) {
    std::vector<scenario::Override> overrides;
    for (const std::string& text : options.set) {
        const auto parsed = scenario::parse_override(text);
        if (!parsed) return parsed.error();
        overrides.push_back(*parsed);
    }
    if (options.loss > 0) {
        // A share of 1 on the command line; the scenario counts in percent.
        std::array<char, 16> percent{};
        std::snprintf(percent.data(), percent.size(), "%.2f", options.loss * 100);
        overrides.push_back({"air.loss_percent", percent.data()});
    }
    return scenario::load(options.scenario, overrides);
}

/// A recording into a file, or nothing when no file was asked for.
class RecordFile final : public observe::ByteSink {
public:
    explicit RecordFile(const std::string& path) : out_(path, std::ios::binary | std::ios::trunc) {}

    bool write(std::string_view bytes) override {
        out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        return out_.good();
    }

    [[nodiscard]] bool good() { return out_.flush().good(); }

private:
    std::ofstream out_;
};

/// How far the run has come, on a terminal only.
class Progress {
public:
    Progress() : shown_(isatty(STDERR_FILENO) == 1) {}

    void at(Time now, Time until) {
        if (!shown_ || now < next_) return;
        const auto part = static_cast<int>(now.time_since_epoch() * 40 / until.time_since_epoch());
        std::fprintf(
            stderr, "\r[%-40.*s] %lld of %lld s ", part, "########################################",
            static_cast<long long>(to_ms(now) / 1000), static_cast<long long>(to_ms(until) / 1000));
        next_ = now + (until.time_since_epoch() / 200);
    }

    void done() const {
        if (shown_) std::fprintf(stderr, "\r%70s\r", "");
    }

private:
    bool shown_;
    Time next_{};
};

void run(sim::Simulation& world, Time until) {
    Progress progress;
    while (!world.finished() && world.now() < until) {
        world.run_until(std::min(until, world.now() + 1s));
        progress.at(world.now(), until);
    }
    progress.done();
}

void print_text(const sim::Report& report) {
    const auto seconds = [](const std::optional<Duration>& span) {
        return span ? std::to_string(to_ms(*span) / 1000) + " s" : std::string("never");
    };
    std::printf("%s, seed %llu: %s%s%s\n", report.scenario.c_str(),
                static_cast<unsigned long long>(report.seed), report.outcome.c_str(),
                report.reason.empty() ? "" : ": ", report.reason.c_str());
    std::printf("helped after %s; %u frames of ours, %u foreign; delta of %u bytes; ended at %s\n",
                seconds(report.time_to_help).c_str(), report.frames, report.foreign_frames,
                report.delta_bytes, seconds(report.ended.time_since_epoch()).c_str());
    std::printf("ledgers %s, mission %s, purse %s\n", report.ledgers_equal ? "equal" : "differ",
                report.mission_done ? "done" : "not done",
                report.purse_exceeded ? "exceeded" : "never exceeded");
    for (const sim::NodeReport& node : report.nodes) {
        std::printf("  %-10s %6lld ms of air, %8lld mJ, ledger %016llx\n", node.name.c_str(),
                    static_cast<long long>(to_ms(node.airtime)),
                    static_cast<long long>(node.energy_mj),
                    static_cast<unsigned long long>(node.ledger_digest));
    }
}

int simulate(const Options& options) {
    const auto scenario = load(options);
    if (!scenario) return fail(scenario.error().sentence);
    const std::unique_ptr<scene::NetClassifier> classifier = scene::NetClassifier::built_in();
    sim::Options terms;
    terms.seed = options.seed;
    terms.without = options.without;
    terms.classifier = classifier.get();
    auto world = sim::Simulation::create(*scenario, terms);
    if (!world) return fail(world.error().sentence);
    std::optional<RecordFile> file;
    std::optional<observe::Recorder> recorder;
    if (!options.record.empty()) {
        file.emplace(options.record);
        observe::World label;
        label.scenario = scenario->name;
        label.seed = options.seed;
        label.cell_m = static_cast<std::uint32_t>(scenario->cell_cm / 100);
        recorder.emplace(*file, label);
        (*world)->add_sink(*recorder);
    }
    const auto wished = static_cast<std::int64_t>(options.until_s * 1e6);
    run(**world, wished > 0 ? Time{Duration{wished}} : Time{scenario->until});
    const sim::Report report = (*world)->report();
    if (recorder) {
        recorder->finish((*world)->now(), report.outcome, report.reason);
        if (recorder->failed() || !file->good()) {
            return fail(options.record + ": can't be written; is the disk full?");
        }
    }
    if (options.json) {
        std::printf("%s\n", sim::to_json(report).c_str());
    } else {
        print_text(report);
    }
    return 0;
}

}  // namespace

void add_sim(Program& program) {
    auto options = std::make_shared<Options>();
    CLI::App* command = program.cli.add_subcommand("sim", "Simulate a swarm from a scenario file");
    command
        ->add_option("scenario", options->scenario,
                     "A scenario, such as scenarios/blocked-cat.toml")
        ->required();
    command->add_option("--seed", options->seed, "Chooses everything that is left to chance")
        ->capture_default_str();
    command->add_option("--until", options->until_s, "Seconds to simulate at most")
        ->check(CLI::Range(0.001, 1e8));
    command->add_option("--without", options->without, "Leave this node out; may be repeated");
    command->add_option("--set", options->set, "Change a key of the scenario: air.loss_percent=10");
    command->add_option("--loss", options->loss, "Extra chance that a reception fails")
        ->check(CLI::Range(0.0, 1.0));
    command->add_option("--record", options->record, "Write everything that happens to this file");
    command->add_flag("--json", options->json, "Print the outcome as one JSON object");
    command->callback([&program, options] { program.exit_status = simulate(*options); });
}

}  // namespace compot::apps
