#include <unistd.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "apps/command.hpp"
#include "apps/files.hpp"
#include "apps/run_files.hpp"
#include "apps/sweep_folder.hpp"
#include "apps/sweep_mpi.hpp"
#include "apps/sweep_workers.hpp"
#include "core/crypto/crypto.hpp"
#include "edge/scene/net_classifier.hpp"
#include "observe/hex.hpp"
#include "observe/report/page.hpp"
#include "sim/sweep/run.hpp"
#include "sim/sweep/summary.hpp"

namespace compot::apps {

namespace {

struct Options {
    std::string scenario;
    std::string folder;
    std::string seeds = "1-20";
    std::vector<std::string> vary;
    std::vector<std::string> set;
    std::vector<std::string> without;
    std::size_t workers = 0;  ///< 0: one for each core
    std::optional<std::size_t> cell;
    std::string commands;
    std::string report;
    bool mpi = false;
    bool json = false;
};

constexpr std::size_t kScenarioBytesMost = 1U << 20;
constexpr std::size_t kProgramBytesMost = 1U << 30;

template <typename T>
T need(Result<T, sweep::Failure> result) {
    if (!result) throw std::runtime_error("sweep: " + result.error().sentence);
    return *std::move(result);
}

/// Two builds may give two results: each has its own cells.
std::string this_program() {
    return observe::hex(crypto::digest(read_file("/proc/self/exe", kProgramBytesMost)));
}

sweep::Plan plan_of(const Options& options) {
    sweep::Plan plan;
    plan.file = options.scenario;
    const auto text = read_file(options.scenario, kScenarioBytesMost);
    plan.text.assign(text.begin(), text.end());
    plan.program = this_program();
    for (const std::string& one : options.set)
        plan.settings.push_back(need(scenario::parse_override(one)));
    plan.without = options.without;
    for (const std::string& one : options.vary) plan.axes.push_back(need(sweep::parse_axis(one)));
    plan.seeds = need(sweep::parse_seeds(options.seeds));
    const auto checked = sweep::check(plan);
    if (!checked) throw std::runtime_error("sweep: " + checked.error().sentence);
    return plan;
}

SweepFolder folder_of(const Options& options) {
    if (options.scenario.empty() && options.folder.empty())
        throw std::runtime_error("sweep: a scenario, or --folder with a sweep to go on with");
    if (options.scenario.empty()) {
        SweepFolder folder = SweepFolder::open(options.folder);
        if (folder.plan().program != this_program())
            throw std::runtime_error(options.folder +
                                     ": was begun by another build of this program; name the "
                                     "scenario and a new folder");
        return folder;
    }
    if (options.folder.empty()) return SweepFolder(plan_of(options));
    return SweepFolder::create(options.folder, plan_of(options));
}

/// A line for whoever hands out the cells, to be run where the folder is.
void print_commands(const Options& options, const sweep::Plan& plan) {
    if (options.folder.empty()) throw std::runtime_error("sweep: --commands needs --folder");
    const std::size_t last = plan.cells() - 1;
    const char* folder = options.folder.c_str();
    if (options.commands == "parallel") {
        std::printf("seq 0 %zu | parallel compotastic sweep --folder '%s' --cell {}\n", last,
                    folder);
    } else {
        std::printf(
            "sbatch --array=0-%zu --wrap \"compotastic sweep --folder '%s' --cell "
            "\\$SLURM_ARRAY_TASK_ID\"\n",
            last, folder);
    }
    std::printf("compotastic sweep --folder '%s'  # afterwards: what is missing, and the tables\n",
                folder);
}

/// Before hours of runs.
void require_report_place(const Options& options) {
    if (options.report.empty()) return;
    const auto ready = report_ready(report_name(options.report));
    if (!ready) throw std::runtime_error(ready.error());
}

void run_one(SweepFolder& folder, std::size_t index) {
    if (index >= folder.plan().cells())
        throw std::runtime_error("sweep: --cell " + std::to_string(index) + ": the sweep has " +
                                 std::to_string(folder.plan().cells()) + " cells, from 0");
    const sweep::Cell cell = sweep::cell(folder.plan(), index);
    if (!folder.result(cell)) {
        const auto classifier = scene::NetClassifier::built_in();
        folder.keep(cell, sweep::run_cell(folder.plan(), cell, *classifier));
    }
    std::printf("%s\n", folder.result(cell)->c_str());
}

void show_progress(std::size_t done, std::size_t all) {
    static const bool shown = isatty(STDERR_FILENO) == 1;
    if (!shown) return;
    std::fprintf(stderr, "\r[%-40.*s] %zu of %zu runs ", static_cast<int>(done * 40 / all),
                 "########################################", done, all);
    if (done == all) std::fprintf(stderr, "\r%70s\r", "");
}

std::string at_text(const std::vector<scenario::Override>& at) {
    std::string text;
    for (const scenario::Override& one : at)
        text += (text.empty() ? "" : ", ") + one.path + "=" + one.value;
    return text.empty() ? "all runs" : text;
}

/// Four digits, or all that stand before the point.
std::string number(double value) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), std::abs(value) < 1000 ? "%.4g" : "%.0f", value);
    return text.data();
}

void print_spread(const sweep::Spread& spread, const char* of) {
    std::printf("%s%s", of, number(spread.mean).c_str());
    if (spread.low)
        std::printf(" (95 %% sure: %s to %s)", number(*spread.low).c_str(),
                    number(*spread.high).c_str());
}

void print_row(const sweep::Row& row, const std::vector<std::string>& figures) {
    std::printf("%s\n", at_text(row.at).c_str());
    for (const std::string& name : figures) {
        const sweep::Finding* finding = row.find(name);
        if (finding == nullptr || (!finding->share && !finding->spread)) continue;
        std::printf("  %-20s ", name.c_str());
        if (const auto& share = finding->share)
            std::printf("%zu of %zu (95 %% sure: %.1f to %.1f %%)", share->hits, share->runs,
                        share->low * 100, share->high * 100);
        if (const auto& spread = finding->spread) {
            print_spread(*spread, "mean ");
            std::printf(", median %s, 95 of 100 within %s", number(spread->median).c_str(),
                        number(spread->p95).c_str());
        }
        std::printf("\n");
    }
    if (row.failed > 0) std::printf("  %zu could not be run\n", row.failed);
}

constexpr std::size_t kDifferencesPrinted = 30;

/// Only what is sure, as far as a screen holds it: the interval does not hold 0.
void print_differences(const sweep::Study& study) {
    std::string heading;
    std::size_t sure = 0;
    for (const sweep::Difference& one : study.differences) {
        const auto& change = one.change;
        if (!change.low || (*change.low <= 0 && *change.high >= 0)) continue;
        if (++sure > kDifferencesPrinted) continue;
        std::string what = one.key + "=" + one.to + " instead of " + one.from;
        if (!one.at.empty()) what += " with " + at_text(one.at);
        if (what != heading) std::printf("%s, seed by seed\n", what.c_str());
        heading = what;
        std::printf("  %-20s ", one.figure.c_str());
        print_spread(change, change.mean < 0 ? "" : "+");
        std::printf("\n");
    }
    if (sure > kDifferencesPrinted)
        std::printf("and %zu more differences: see --json or --report\n",
                    sure - kDifferencesPrinted);
}

std::string first_error(const std::vector<std::string>& results) {
    for (const std::string& one : results) {
        const auto json = nlohmann::json::parse(one, nullptr, false);
        if (json.is_object() && json.contains("error")) return json["error"].get<std::string>();
    }
    return "";
}

/// A folder has a report of its own.
std::string report_place(const Options& options) {
    if (!options.report.empty()) return report_name(options.report);
    return options.folder.empty() ? "" : options.folder + "/report";
}

void write_pictures(const std::string& place, const sweep::Plan& plan,
                    const std::vector<std::string>& results, const std::string& json) {
    const auto written = write_report(place, json, need(sweep::to_csv(plan, results)),
                                      report::sweep_page("A sweep of " + plan.file, json));
    if (!written) throw std::runtime_error(written.error());
}

/// Tables in the folder, rows on standard output.
int tell(const Options& options, const SweepFolder& folder) {
    std::vector<std::string> results;
    std::string all;
    for (std::size_t i = 0; i < folder.plan().cells(); ++i) {
        results.push_back(*folder.result(sweep::cell(folder.plan(), i)));
        all += results.back() + '\n';
    }
    folder.write_tables(results);
    const sweep::Study study = need(sweep::study(folder.plan(), results));
    const std::string digest = observe::hex(
        crypto::digest({reinterpret_cast<const std::uint8_t*>(all.data()), all.size()}));
    const std::string json = sweep::to_json(folder.plan(), study);
    const std::string place = report_place(options);
    if (!place.empty()) write_pictures(place, folder.plan(), results, json);
    if (options.json) {
        std::printf("{\"cells\":%zu,\"results\":\"%s\",\"study\":%s}\n", results.size(),
                    digest.c_str(), json.c_str());
    } else {
        for (const sweep::Row& row : study.rows) print_row(row, study.figures);
        print_differences(study);
        std::printf("%zu runs, results %.16s\n", results.size(), digest.c_str());
    }
    const std::string error = first_error(results);
    if (error.empty()) return 0;
    std::fprintf(stderr, "compotastic sweep: not every cell could be run: %s\n", error.c_str());
    return 1;
}

int run_on_cores(const Options& options) {
    require_report_place(options);
    SweepFolder folder = folder_of(options);
    if (!options.commands.empty()) {
        print_commands(options, folder.plan());
        return 0;
    }
    if (options.cell) {
        run_one(folder, *options.cell);
        return 0;
    }
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    run_cells(folder, options.workers > 0 ? options.workers : cores, show_progress);
    return tell(options, folder);
}

/// One process of an MPI job: what one throws would leave the others waiting.
int run_on_ranks(const Options& options) {
    MpiJob job;
    try {
        if (!job.leads()) {
            job.serve(this_program());
            return 0;
        }
        SweepFolder folder = folder_of(options);
        job.hand_out(folder, show_progress);
        return tell(options, folder);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "compotastic: %s\n", error.what());
        job.abort();
        return 1;
    }
}

}  // namespace

void add_sweep(Program& program) {
    auto options = std::make_shared<Options>();
    CLI::App* command = program.cli.add_subcommand(
        "sweep", "Run a scenario with many seeds and values, on all cores");
    command->add_option("scenario", options->scenario,
                        "A scenario; leave it out to go on with the sweep in --folder");
    command->add_option("--seeds", options->seeds, "1-100, or 3,7,20-29")->capture_default_str();
    command
        ->add_option("--vary", options->vary,
                     "A key of the scenario and its values: air.loss_percent=0,10,20; several "
                     "are combined")
        ->allow_extra_args(false);
    command->add_option("--set", options->set, "Change a key in every run")
        ->allow_extra_args(false);
    command->add_option("--without", options->without, "Leave this node out; may be repeated")
        ->allow_extra_args(false);
    command->add_option("--folder", options->folder,
                        "Keep plan, results and report.html here, go on with what is there");
    command->add_option("--workers", options->workers, "Runs at a time (one for each core)")
        ->check(CLI::Range(1, 4096));
    command->add_option("--cell", options->cell, "Run this cell of --folder alone, from 0")
        ->needs("--folder");
    command
        ->add_option("--commands", options->commands,
                     "Print the command by which GNU parallel or Slurm runs the cells")
        ->check(CLI::IsMember({"parallel", "slurm"}));
    command->add_flag("--json", options->json, "Print what was found as JSON");
    command->add_option("--report", options->report,
                        "Write FILE.html with a chart for each figure, FILE.json and FILE.csv");
    command
        ->add_flag("--mpi", options->mpi, "One process of mpirun or srun: rank 0 hands out cells")
        ->excludes("--cell", "--commands", "--workers");
    command->callback([&program, options] {
        program.exit_status = options->mpi ? run_on_ranks(*options) : run_on_cores(*options);
    });
}

}  // namespace compot::apps
