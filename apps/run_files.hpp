#pragma once

#include <fstream>
#include <optional>
#include <string>

#include "observe/pcap.hpp"
#include "observe/recording.hpp"
#include "sim/simulation.hpp"

/// The files that a run leaves behind: its recording and its capture. Each is nothing when no file
/// was asked for.

namespace compot::apps {

class OutputFile final : public observe::ByteSink {
public:
    explicit OutputFile(const std::string& path) : out_(path, std::ios::binary | std::ios::trunc) {}

    bool write(std::string_view bytes) override;

    /// Everything has arrived at the file.
    [[nodiscard]] bool good() { return out_.flush().good(); }

private:
    std::ofstream out_;
};

/// What `compotastic replay` and the page show again.
class Recording {
public:
    Recording(const std::string& path, const observe::World& label);

    /// Before a long run. ERRORS: one sentence when the file can't be written.
    [[nodiscard]] Result<void, std::string> ready();

    [[nodiscard]] observe::Sink* sink() { return recorder_ ? &*recorder_ : nullptr; }

    /// ERRORS: one sentence.
    [[nodiscard]] Result<void, std::string> finish(Time at, const std::string& outcome,
                                                   const std::string& reason);

private:
    std::string path_;
    std::optional<OutputFile> file_;
    std::optional<observe::Recorder> recorder_;
};

/// Every transmission as a sniffer's pcap file.
class Capture final : public sim::FrameTap {
public:
    Capture(const std::string& path, const observe::LoraTapTerms& terms);

    /// As Recording's.
    [[nodiscard]] Result<void, std::string> ready();

    [[nodiscard]] sim::FrameTap* tap() { return writer_ ? this : nullptr; }

    void frame(Time at, NodeId transmitter, BytesView bytes) override;

    /// ERRORS: one sentence.
    [[nodiscard]] Result<void, std::string> finish();

private:
    std::string path_;
    std::optional<OutputFile> file_;
    std::optional<observe::PcapWriter> writer_;
};

}  // namespace compot::apps
