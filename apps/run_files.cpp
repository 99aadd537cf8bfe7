#include "apps/run_files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include "apps/files.hpp"
#include "observe/report/json.hpp"
#include "observe/report/page.hpp"

namespace compot::apps {

namespace {

bool ends_with(const std::string& text, const std::string& end) {
    return text.size() >= end.size() &&
           text.compare(text.size() - end.size(), end.size(), end) == 0;
}

}  // namespace

OutputFile::OutputFile(const std::string& path)
    : path_(path), file_(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) {
    if (file_ < 0) fail();
}

OutputFile::~OutputFile() {
    if (file_ >= 0) close(file_);
}

void OutputFile::fail() {
    if (trouble_.empty()) trouble_ = path_ + ": can't be written: " + std::strerror(errno);
}

bool OutputFile::write(std::string_view bytes) {
    while (trouble_.empty() && !bytes.empty()) {
        const ssize_t wrote = ::write(file_, bytes.data(), bytes.size());
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote < 0)
            fail();
        else
            bytes.remove_prefix(static_cast<std::size_t>(wrote));
    }
    return trouble_.empty();
}

Result<void, std::string> OutputFile::good() const {
    if (!trouble_.empty()) return trouble_;
    return {};
}

Recording::Recording(const std::string& path, const observe::World& label) {
    if (path.empty()) return;
    file_.emplace(path);
    const bool plain = ends_with(path, ".ndjson") || ends_with(path, ".json");
    if (!plain) packer_.emplace(*file_);
    if (plain)
        recorder_.emplace(*file_, label);
    else
        recorder_.emplace(*packer_, label);
}

Result<void, std::string> Recording::ready() const {
    if (!file_) return {};
    return file_->good();
}

Result<void, std::string> Recording::finish(Time at, const std::string& outcome,
                                            const std::string& reason) {
    if (!recorder_) return {};
    recorder_->finish(at, outcome, reason);
    if (packer_) static_cast<void>(packer_->finish());
    return file_->good();
}

Capture::Capture(const std::string& path, const observe::LoraTapTerms& terms) {
    if (path.empty()) return;
    file_.emplace(path);
    writer_.emplace(*file_, terms);
}

Result<void, std::string> Capture::ready() const {
    if (!file_) return {};
    return file_->good();
}

void Capture::frame(Time at, NodeId, BytesView bytes) { writer_->frame(at, bytes); }

ReportFiles::ReportFiles(const std::string& path, const observe::World& label) {
    if (path.empty()) return;
    name_ = report_name(path);
    tally_.emplace(label);
}

Result<void, std::string> ReportFiles::ready() const {
    if (!tally_) return {};
    return report_ready(name_);
}

Result<void, std::string> ReportFiles::finish(Time at, const std::string& outcome,
                                              const std::string& reason, bool whole) {
    if (!tally_) return {};
    const report::Account account = tally_->finish(at, outcome, reason, whole);
    const std::string json = report::to_json(account);
    const std::string title =
        account.world.scenario + ", seed " + std::to_string(account.world.seed);
    return write_report(name_, json, report::to_csv(json), report::run_page(title, json));
}

LiveFiles::LiveFiles(const std::string& record, const std::string& report,
                     const observe::World& label)
    : recording_(record, label),
      report_(report, label),
      asked_(!record.empty() || !report.empty()) {
    for (observe::Sink* sink : {recording_.sink(), report_.sink()})
        if (sink != nullptr) both_.add(*sink);
}

Result<void, std::string> LiveFiles::ready() const {
    const auto recording = recording_.ready();
    return recording ? report_.ready() : recording;
}

Result<void, std::string> LiveFiles::finish(Time at, const std::string& outcome,
                                            const std::string& reason) {
    const auto recorded = recording_.finish(at, outcome, reason);
    const auto reported = report_.finish(at, outcome, reason);
    return recorded ? reported : recorded;
}

std::string report_name(const std::string& path) {
    return ends_with(path, ".html") ? path.substr(0, path.size() - 5) : path;
}

Result<void, std::string> report_ready(const std::string& name) {
    const auto folder = std::filesystem::path(name + ".html").parent_path();
    const std::string place = folder.empty() ? "." : folder.string();
    std::error_code error;
    if (!std::filesystem::is_directory(place, error)) return place + ": is no folder";
    if (access(place.c_str(), W_OK) != 0)
        return place + ": no report can be written here: " + std::strerror(errno);
    return {};
}

Result<void, std::string> write_report(const std::string& name, const std::string& json,
                                       const std::string& csv, const std::string& page) {
    try {
        write_file(name + ".json", {json.begin(), json.end()});
        write_file(name + ".csv", {csv.begin(), csv.end()});
        write_file(name + ".html", {page.begin(), page.end()});
    } catch (const std::runtime_error& error) {
        return std::string(error.what());
    }
    return {};
}

}  // namespace compot::apps
