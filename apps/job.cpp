#include <fmt/format.h>
#include <sodium.h>

#include <chrono>
#include <cstdio>
#include <thread>

#include "apps/at_server.hpp"
#include "apps/command.hpp"
#include "apps/files.hpp"
#include "apps/serve.hpp"
#include "edge/scene/decode.hpp"

/// compotastic job: what a running swarm is asked and how it goes, and a picture of one's own for
/// it to classify. A job among nodes is its asker's: it ends where that node is served.

namespace compot::apps {

namespace {

using namespace std::chrono_literals;

constexpr auto kPollEvery = 300ms;
constexpr auto kClassifiedWithin = 60s;

struct JobOptions : AtOptions {
    std::string nonce;
    std::string picture;
    std::vector<int> tile;
    std::string prompt;
};

using Done = Result<void, std::string>;
using Names = std::map<std::string, std::string>;

std::string text_of(const Json& json, const char* key) { return json.value(key, std::string()); }

bool ended(const Json& job) {
    const Json& steps = job.at("steps");
    return !steps.empty() && text_of(steps.back(), "step") == "ended";
}

std::string line_of(const Json& job, const Names& names) {
    const Json& steps = job.at("steps");
    const Json last = steps.empty() ? Json::object() : steps.back();
    return fmt::format("{}  {:<8} {:<8} {:9.3f} s  {} {}\n", text_of(job, "nonce"),
                       named(names, text_of(job, "asker")), named(names, text_of(job, "helper")),
                       steps.empty() ? 0.0 : seconds_of(last.at("t")), text_of(last, "step"),
                       text_of(last, "text"));
}

std::string line_of_step(const Json& step) {
    return fmt::format("{:9.3f} s  {:<12} {}\n", seconds_of(step.at("t")), text_of(step, "step"),
                       text_of(step, "text"));
}

/// ERRORS: one sentence; that there is no such job counts.
Result<Json, std::string> find(const AtServer& server, const std::string& nonce) {
    const auto jobs = server.get("/api/jobs");
    if (!jobs) return jobs.error();
    for (const Json& job : *jobs)
        if (text_of(job, "nonce") == nonce) return job;
    return fmt::format("no job is called {}; `compotastic job list` names {}", nonce,
                       jobs->empty() ? "none yet" : "those that are known");
}

Done list(const JobOptions& options) {
    const AtServer server(options.at);
    const auto jobs = server.get("/api/jobs");
    if (!jobs) return jobs.error();
    if (options.json) {
        fmt::print("{}\n", jobs->dump());
        return {};
    }
    const auto names = server.names();
    if (!names) return names.error();
    for (const Json& job : *jobs) fmt::print("{}", line_of(job, *names));
    if (jobs->empty()) fmt::print(stderr, "nobody has asked for anything yet\n");
    return {};
}

Done show(const JobOptions& options) {
    const AtServer server(options.at);
    const auto job = find(server, options.nonce);
    if (!job) return job.error();
    if (options.json) {
        fmt::print("{}\n", job->dump());
        return {};
    }
    const auto names = server.names();
    if (!names) return names.error();
    fmt::print("job {} of {}, helped by {}\n", options.nonce, named(*names, text_of(*job, "asker")),
               named(*names, text_of(*job, "helper")));
    for (const Json& step : job->at("steps")) fmt::print("{}", line_of_step(step));
    return {};
}

/// The asker calls its helper off and writes the end; it stays where it is and asks no more.
Done cancel(const JobOptions& options) {
    const AtServer server(options.at);
    const auto job = find(server, options.nonce);
    if (!job) return job.error();
    const auto done = server.post("/api/jobs/" + options.nonce + "/cancel", "application/json", "");
    if (!done) return fmt::format("{}: {}", options.nonce, done.error());
    if (options.json) fmt::print("{}\n", Json{{"nonce", options.nonce}}.dump());
    return {};
}

/// Prints what is new of a job since `seen` steps.
void print_news(const Json& job, std::size_t& seen, bool json) {
    const Json& steps = job.at("steps");
    for (; seen < steps.size(); ++seen) {
        Json line = steps[seen];
        line["nonce"] = job.at("nonce");
        if (json) {
            fmt::print("{}\n", line.dump());
        } else {
            fmt::print("{}  {}", text_of(job, "nonce"), line_of_step(steps[seen]));
        }
    }
    std::fflush(stdout);
}

/// Follows one job to its end, or all of them until somebody presses Ctrl-C.
Done watch(const JobOptions& options) {
    const AtServer server(options.at);
    const auto& stop = stop_requested();
    std::map<std::string, std::size_t> seen;
    if (!options.nonce.empty()) {
        const auto job = find(server, options.nonce);
        if (!job) return job.error();
    }
    while (!stop) {
        const auto jobs = server.get("/api/jobs");
        if (!jobs) return jobs.error();
        for (const Json& job : *jobs) {
            const std::string nonce = text_of(job, "nonce");
            if (!options.nonce.empty() && nonce != options.nonce) continue;
            print_news(job, seen[nonce], options.json);
            if (!options.nonce.empty() && ended(job)) return {};
        }
        std::this_thread::sleep_for(kPollEvery);
    }
    return {};
}

std::string boundary() {
    std::array<std::uint8_t, 16> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    std::string text = "compotastic-";
    for (const std::uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
    return text;
}

std::string form(const std::string& mark, const Json& metadata, const std::string& picture) {
    return fmt::format(
        "--{0}\r\nContent-Disposition: form-data; name=\"metadata\"\r\n\r\n{1}\r\n--{0}\r\n"
        "Content-Disposition: form-data; name=\"file\"; filename=\"picture\"\r\n\r\n{2}\r\n"
        "--{0}--\r\n",
        mark, metadata.dump(-1, ' ', false, Json::error_handler_t::replace), picture);
}

/// Asks until the task is over.
Result<Json, std::string> outcome_of(const AtServer& server, const std::string& task) {
    const auto until = std::chrono::steady_clock::now() + kClassifiedWithin;
    while (std::chrono::steady_clock::now() < until && !stop_requested()) {
        auto answer = server.get("/api/tasks/" + task);
        if (!answer) return answer;
        const std::string status = text_of(*answer, "status");
        if (status == "completed" || status == "failed") return answer;
        std::this_thread::sleep_for(kPollEvery);
    }
    return fmt::format("task {} is not done yet; GET /api/tasks/{} tells when it is", task, task);
}

Done submit(const JobOptions& options) {
    if (sodium_init() < 0) return std::string("libsodium does not start");
    const auto picture = read_file(options.picture, scene::kFileBytesMax);
    const AtServer server(options.at);
    const std::string mark = boundary();
    Json metadata{{"tileX", options.tile[0]}, {"tileY", options.tile[1]}};
    if (!options.prompt.empty()) metadata["prompt"] = options.prompt;
    const auto taken =
        server.post("/api/tasks", "multipart/form-data; boundary=" + mark,
                    form(mark, metadata, std::string(picture.begin(), picture.end())));
    if (!taken) return options.picture + ": " + taken.error();
    const auto task = outcome_of(server, text_of(*taken, "task_id"));
    if (!task) return task.error();
    if (options.json) {
        fmt::print("{}\n", task->dump());
    } else if (task->contains("result")) {
        const Json& result = task->at("result");
        fmt::print("{}, {} %, by {}\n", text_of(result, "classification"),
                   result.at("confidence_permille").get<int>() / 10, text_of(result, "backend"));
    }
    if (text_of(*task, "status") == "failed") return text_of(*task, "error");
    return {};
}

}  // namespace

void add_job(Program& program) {
    auto options = std::make_shared<JobOptions>();
    CLI::App* group = program.cli.add_subcommand("job", "The jobs of a running swarm");
    group->require_subcommand(1);
    const auto add = [&](const std::string& name, const std::string& what,
                         Done (*work)(const JobOptions&)) {
        CLI::App* command = group->add_subcommand(name, what);
        options->add_to(*command);
        command->callback([&program, options, name, work] {
            program.exit_status = told("job " + name, work(*options));
        });
        return command;
    };
    add("list", "Every job with its newest step", list);
    add("show", "One job, step by step", show)
        ->add_option("nonce", options->nonce, "The job's name, 8 hexadecimal digits")
        ->required();
    add("cancel", "End a job at the node that asked: its helper is called off", cancel)
        ->add_option("nonce", options->nonce, "The job's name, 8 hexadecimal digits")
        ->required();
    add("watch", "Steps as they happen, a line each", watch)
        ->add_option("nonce", options->nonce, "Only this job, to its end");
    CLI::App* submitting = add("submit", "Hand in a picture of a tile to be classified", submit);
    submitting->add_option("picture", options->picture, "A JPEG or PNG, at most 8 MB")->required();
    submitting->add_option("--tile", options->tile, "Which tile it shows: X,Y")
        ->delimiter(',')
        ->expected(2)
        ->check(CLI::Range(0, 15))
        ->required();
    submitting->add_option("--prompt", options->prompt, "What to tell the classifier");
}

}  // namespace compot::apps
