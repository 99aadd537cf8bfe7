#include "apps/sweep_folder.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "apps/files.hpp"
#include "sim/sweep/summary.hpp"

namespace compot::apps {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kPlanBytesMost = 64U << 20;
constexpr std::size_t kResultBytesMost = 1U << 20;

void write_text(const std::string& path, const std::string& text) {
    write_file(path, {text.begin(), text.end()});
}

std::string plan_file(const std::string& folder) { return folder + "/plan.json"; }

sweep::Plan read_plan(const std::string& folder) {
    const auto bytes = read_file(plan_file(folder), kPlanBytesMost);
    auto plan = sweep::from_json({bytes.begin(), bytes.end()});
    if (!plan) throw std::runtime_error(plan_file(folder) + " " + plan.error().sentence);
    const auto checked = sweep::check(*plan);
    if (!checked) throw std::runtime_error(plan_file(folder) + ": " + checked.error().sentence);
    return *std::move(plan);
}

}  // namespace

SweepFolder::SweepFolder(sweep::Plan plan) : plan_(std::move(plan)), kept_(plan_.cells()) {}

SweepFolder::SweepFolder(std::string path, sweep::Plan plan)
    : path_(std::move(path)), plan_(std::move(plan)) {
    std::error_code failure;
    fs::create_directories(path_ + "/cells", failure);
    if (failure) throw std::runtime_error(path_ + ": can't be made a folder: " + failure.message());
}

SweepFolder SweepFolder::create(const std::string& path, sweep::Plan plan) {
    SweepFolder folder(path, std::move(plan));
    const std::string text = sweep::to_json(folder.plan_);
    if (!fs::exists(plan_file(path))) {
        write_text(plan_file(path), text);
    } else if (sweep::to_json(read_plan(path)) != text) {
        throw std::runtime_error(path +
                                 ": holds another sweep, or one of another build of this program; "
                                 "name another folder, or leave the scenario out to go on with it");
    }
    return folder;
}

SweepFolder SweepFolder::open(const std::string& path) { return {path, read_plan(path)}; }

std::string SweepFolder::cell_file(const sweep::Cell& cell) const {
    return path_ + "/cells/" + sweep::name(plan_, cell) + ".json";
}

std::optional<std::string> SweepFolder::result(const sweep::Cell& cell) const {
    if (path_.empty()) return kept_[cell.index];
    const std::string file = cell_file(cell);
    std::error_code missing;
    if (fs::file_size(file, missing) == 0 || missing) return std::nullopt;
    const auto bytes = read_file(file, kResultBytesMost);
    // Whatever a full disk or another hand has left is run again.
    if (!nlohmann::json::accept(bytes.begin(), bytes.end())) return std::nullopt;
    return std::string(bytes.begin(), bytes.end());
}

void SweepFolder::keep(const sweep::Cell& cell, const std::string& result) {
    if (path_.empty()) {
        kept_[cell.index] = result;
    } else {
        write_text(cell_file(cell), result);
    }
}

void SweepFolder::write_tables(const std::vector<std::string>& results) const {
    if (path_.empty()) return;
    std::string lines;
    for (const std::string& one : results) lines += one + '\n';
    const auto csv = sweep::to_csv(plan_, results);
    if (!csv) throw std::runtime_error(path_ + ": " + csv.error().sentence);
    write_text(path_ + "/results.ndjson", lines);
    write_text(path_ + "/results.csv", *csv);
}

}  // namespace compot::apps
