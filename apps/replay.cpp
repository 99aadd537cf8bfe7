#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>

#include "apps/command.hpp"
#include "apps/playback.hpp"
#include "apps/run_files.hpp"
#include "apps/serve.hpp"
#include "observe/event_json.hpp"

namespace compot::apps {

namespace {

/// A recording is read into memory whole; a packed hour of the blocked Cat is 0.7 MB.
constexpr std::uintmax_t kRecordingBytesMax = 1'000'000'000;

struct ReplayOptions {
    std::string file;
    bool json = false;
    bool events = false;
    std::string report;
    double speed = 1;
    ServeOptions serve;
};

Result<observe::Recording, std::string> load(const std::string& name) {
    std::error_code error;
    const auto bytes = std::filesystem::file_size(name, error);
    if (error) return fmt::format("{}: {}", name, error.message());
    if (bytes > kRecordingBytesMax) return fmt::format("{}: larger than 1 GB", name);
    std::ifstream stream(name, std::ios::binary);
    if (!stream) return fmt::format("{}: cannot be read", name);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    auto recording = observe::read_recording(text);
    if (!recording) return fmt::format("{}: {}", name, recording.error());
    return recording;
}

/// What a person wants to know of a recording without watching it.
class Summary final : public observe::EventSink {
public:
    explicit Summary(const observe::Recording& recording) : recording_(recording) {
        for (const observe::Event& event : recording.events) observe::tell(*this, event);
    }

    void event(observe::Event event) override {
        if (const auto* card = std::get_if<observe::NodeCard>(&event.what)) {
            names_[card->id] = card->name;
        } else if (const auto* flight = std::get_if<observe::FlightStarted>(&event.what)) {
            ++flights_[flight->kind].count;
            flights_[flight->kind].airtime += flight->airtime;
        } else if (const auto* step = std::get_if<observe::JobStep>(&event.what)) {
            steps_.push_back({event.at, *step});
        }
    }

    void print_text() const {
        fmt::print("{}, seed {}: {}{}{}\n", recording_.world.scenario, recording_.world.seed,
                   recording_.outcome, recording_.reason.empty() ? "" : ": ", recording_.reason);
        fmt::print("{:.1f} s, {} events, {} nodes\n", seconds(recording_.world.until),
                   recording_.events.size(), names_.size());
        for (const auto& [at, step] : steps_) {
            fmt::print("{:9.3f} s  {:08x}  {:<12} {:<8} {:<8} {}\n", seconds(at), step.nonce,
                       step.step, name(step.asker), name(step.helper), step.text);
        }
        for (const auto& [kind, air] : flights_)
            fmt::print("{:>6} x {:<12} {} ms on air\n", air.count, kind, to_ms(air.airtime));
    }

    void print_json() const {
        using Json = nlohmann::json;
        Json steps = Json::array();
        for (const auto& [at, step] : steps_) {
            steps.push_back({{"t", to_us(at)},
                             {"nonce", fmt::format("{:08x}", step.nonce)},
                             {"asker", name(step.asker)},
                             {"helper", name(step.helper)},
                             {"step", step.step},
                             {"text", step.text}});
        }
        Json flights = Json::object();
        for (const auto& [kind, air] : flights_)
            flights[kind] = {{"count", air.count}, {"airtime_ms", to_ms(air.airtime)}};
        const Json json{{"scenario", recording_.world.scenario},
                        {"seed", recording_.world.seed},
                        {"until_us", to_us(recording_.world.until)},
                        {"events", recording_.events.size()},
                        {"nodes", names_.size()},
                        {"outcome", recording_.outcome},
                        {"reason", recording_.reason},
                        {"whole", recording_.state == observe::Recording::State::Whole},
                        {"steps", steps},
                        {"flights", flights}};
        fmt::print("{}\n", json.dump(2, ' ', false, Json::error_handler_t::replace));
    }

private:
    struct Air {
        std::uint64_t count = 0;
        Duration airtime{};
    };

    static double seconds(Time at) { return static_cast<double>(to_us(at)) / 1e6; }

    [[nodiscard]] std::string name(NodeId id) const {
        const auto found = names_.find(id);
        if (found != names_.end()) return found->second;
        return id == kNoNode ? "-" : observe::node_name(id);
    }

    const observe::Recording& recording_;
    std::map<NodeId, std::string> names_;
    std::map<std::string, Air> flights_;
    std::vector<std::pair<Time, observe::JobStep>> steps_;
};

/// The recording as plain text, line by line.
class Printer final : public observe::ByteSink {
public:
    bool write(std::string_view bytes) override {
        return std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size();
    }
};

Result<void, std::string> print_events(const observe::Recording& recording) {
    Printer printer;
    observe::Recorder recorder(printer, recording.world);
    for (const observe::Event& event : recording.events) observe::tell(recorder, event);
    // A recording that is cut off stays one: no end line.
    if (recording.state == observe::Recording::State::Whole)
        recorder.finish(recording.world.until, recording.outcome, recording.reason);
    else
        recorder.flush();
    if (recorder.failed() || std::fflush(stdout) != 0) return std::string("can't print it all");
    return {};
}

Result<void, std::string> report(const observe::Recording& recording, const std::string& path) {
    ReportFiles files(path, recording.world);
    if (const auto ready = files.ready(); !ready) return ready;
    for (const observe::Event& event : recording.events) observe::tell(*files.sink(), event);
    return files.finish(recording.world.until, recording.outcome, recording.reason,
                        recording.state == observe::Recording::State::Whole);
}

Result<void, std::string> show(const std::shared_ptr<const observe::Recording>& recording,
                               const ReplayOptions& options) {
    if (!options.report.empty()) return report(*recording, options.report);
    if (options.events) return print_events(*recording);
    if (!options.serve.endpoint.empty()) {
        auto runner = Runner::start(playback(recording), std::nullopt, options.speed);
        if (!runner) return runner.error();
        return serve(**runner, options.serve, {});
    }
    const Summary summary(*recording);
    options.json ? summary.print_json() : summary.print_text();
    return {};
}

/// What can be shown is shown. One that is cut off, as after Ctrl-C, is shown and said to be; a
/// damaged one is an error besides.
Result<void, std::string> replay(const ReplayOptions& options) {
    auto loaded = load(options.file);
    if (!loaded) return loaded.error();
    const auto recording = std::make_shared<const observe::Recording>(*std::move(loaded));
    using State = observe::Recording::State;
    if (recording->state == State::CutOff)
        fmt::print(stderr, "compotastic replay: {}: {}\n", options.file, recording->reason);
    const auto shown = show(recording, options);
    if (!shown || recording->state != State::Damaged) return shown;
    return fmt::format("{}: {}; this was what comes before", options.file, recording->reason);
}

}  // namespace

void add_replay(Program& program) {
    CLI::App* command =
        program.cli.add_subcommand("replay", "A recording, as text or (--serve) in the page");
    const auto options = std::make_shared<ReplayOptions>();
    command->add_option("file", options->file, "Made by `compotastic sim --record FILE`")
        ->required();
    command->add_flag("--json", options->json, "Print the summary as JSON");
    command->add_flag("--events", options->events,
                      "Print every event, as doc/feed.md has them, one JSON object a line");
    command->add_option("--report", options->report,
                        "Write FILE.html with pictures of how it went, FILE.json and FILE.csv");
    command->add_option("--speed", options->speed, "Times real time; 0 is as fast as it goes")
        ->check(CLI::Range(0.0, web::kSpeedMax));
    add_serve_options(*command, options->serve);
    command->callback([&program, options] {
        const auto done = replay(*options);
        if (done) return;
        fmt::print(stderr, "compotastic replay: {}\n", done.error());
        program.exit_status = 1;
    });
}

}  // namespace compot::apps
