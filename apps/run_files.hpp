#pragma once

#include <optional>
#include <string>

#include "observe/packing.hpp"
#include "observe/pcap.hpp"
#include "observe/recording.hpp"
#include "observe/report/tally.hpp"
#include "sim/simulation.hpp"

/// The files that a run leaves behind: its recording, its capture and its report. Each is nothing
/// when no file was asked for.

namespace compot::apps {

/// A file that is written from its beginning on. What has been written stays when something fails.
class OutputFile final : public observe::ByteSink {
public:
    explicit OutputFile(const std::string& path);
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;
    ~OutputFile() override;

    bool write(std::string_view bytes) override;

    /// ERRORS: one sentence, the first thing that went wrong since the file was opened.
    [[nodiscard]] Result<void, std::string> good() const;

private:
    void fail();

    std::string path_;
    int file_;
    std::string trouble_;
};

/// What `compotastic replay` and the page show again. Packed, unless the file is called .ndjson.
class Recording {
public:
    Recording(const std::string& path, const observe::World& label);

    /// Before a long run, and during it. ERRORS: one sentence when the file can't be written.
    [[nodiscard]] Result<void, std::string> ready() const;

    [[nodiscard]] observe::Sink* sink() { return recorder_ ? &*recorder_ : nullptr; }

    /// ERRORS: one sentence.
    [[nodiscard]] Result<void, std::string> finish(Time at, const std::string& outcome,
                                                   const std::string& reason);

private:
    std::optional<OutputFile> file_;
    std::optional<observe::Packer> packer_;
    std::optional<observe::Recorder> recorder_;
};

/// Every transmission as a sniffer's pcap file.
class Capture final : public sim::FrameTap {
public:
    Capture(const std::string& path, const observe::LoraTapTerms& terms);

    /// As Recording's.
    [[nodiscard]] Result<void, std::string> ready() const;

    [[nodiscard]] sim::FrameTap* tap() { return writer_ ? this : nullptr; }

    void frame(Time at, NodeId transmitter, BytesView bytes) override;

private:
    std::optional<OutputFile> file_;
    std::optional<observe::PcapWriter> writer_;
};

/// NAME.html, NAME.json and NAME.csv; `path` is NAME or NAME.html.
class ReportFiles {
public:
    ReportFiles(const std::string& path, const observe::World& label);

    /// Before a long run. ERRORS: one sentence when the files can't be written there.
    [[nodiscard]] Result<void, std::string> ready() const;

    [[nodiscard]] observe::Sink* sink() { return tally_ ? &*tally_ : nullptr; }

    /// Each file is written whole or not at all. ERRORS: one sentence.
    [[nodiscard]] Result<void, std::string> finish(Time at, const std::string& outcome,
                                                   const std::string& reason, bool whole = true);

private:
    std::string name_;
    std::optional<report::Tally> tally_;
};

/// Recording and report of what goes on until somebody ends it.
class LiveFiles {
public:
    LiveFiles(const std::string& record, const std::string& report, const observe::World& label);

    /// As Recording's.
    [[nodiscard]] Result<void, std::string> ready() const;

    /// Null when neither was asked for.
    [[nodiscard]] observe::Sink* sink() { return asked_ ? &both_ : nullptr; }

    /// ERRORS: one sentence.
    [[nodiscard]] Result<void, std::string> finish(Time at, const std::string& outcome,
                                                   const std::string& reason);

private:
    Recording recording_;
    ReportFiles report_;
    observe::Fanout both_;
    bool asked_;
};

/// `json` with its table and its page. ERRORS: one sentence.
[[nodiscard]] Result<void, std::string> write_report(const std::string& name,
                                                     const std::string& json,
                                                     const std::string& csv,
                                                     const std::string& page);

/// NAME of NAME.html, or of NAME itself.
[[nodiscard]] std::string report_name(const std::string& path);

/// ERRORS: one sentence when no file can be made beside `name`.
[[nodiscard]] Result<void, std::string> report_ready(const std::string& name);

}  // namespace compot::apps
