#include "apps/run_files.hpp"

namespace compot::apps {

namespace {

std::string unwritable(const std::string& path) {
    return path + ": can't be written; is the folder there, and the disk not full?";
}

Result<void, std::string> writable(const std::string& path, std::optional<OutputFile>& file) {
    if (file && !file->good()) return unwritable(path);
    return {};
}

}  // namespace

bool OutputFile::write(std::string_view bytes) {
    out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return out_.good();
}

Recording::Recording(const std::string& path, const observe::World& label) : path_(path) {
    if (path.empty()) return;
    file_.emplace(path);
    recorder_.emplace(*file_, label);
}

Result<void, std::string> Recording::ready() { return writable(path_, file_); }

Result<void, std::string> Recording::finish(Time at, const std::string& outcome,
                                            const std::string& reason) {
    if (!recorder_) return {};
    recorder_->finish(at, outcome, reason);
    if (recorder_->failed()) return unwritable(path_);
    return writable(path_, file_);
}

Capture::Capture(const std::string& path, const observe::LoraTapTerms& terms) : path_(path) {
    if (path.empty()) return;
    file_.emplace(path);
    writer_.emplace(*file_, terms);
}

Result<void, std::string> Capture::ready() { return writable(path_, file_); }

void Capture::frame(Time at, NodeId, BytesView bytes) { writer_->frame(at, bytes); }

Result<void, std::string> Capture::finish() {
    if (!writer_) return {};
    if (writer_->failed()) return unwritable(path_);
    return writable(path_, file_);
}

}  // namespace compot::apps
