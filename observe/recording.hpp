#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "observe/feed.hpp"

/// A run as a file: one JSON object a line, the same events as the feed's (doc/feed.md), grouped by
/// the swarm's own time. It holds no wall clock and no floating point, so two runs with one seed
/// give the same bytes. Knows nothing of files: bytes go to a ByteSink and come from memory.

namespace compot::observe {

class ByteSink {
public:
    virtual ~ByteSink() = default;
    /// False when the bytes could not be kept; nothing is written after that.
    virtual bool write(std::string_view bytes) = 0;
};

class Recorder final : public EventSink {
public:
    /// Writes the first line. `out` must outlive the recorder.
    Recorder(ByteSink& out, const World& world);

    void event(Event event) override;

    /// Writes the last line; a file without it is known to be cut off.
    void finish(Time at, const std::string& outcome, const std::string& reason);

    [[nodiscard]] bool failed() const { return failed_; }

private:
    void flush();
    void write(std::string_view line);

    ByteSink& out_;
    bool failed_ = false;
    std::uint64_t seq_ = 0;
    Time batch_began_{};
    Time batch_ended_{};
    std::string batch_;
};

struct Recording {
    World world;
    std::vector<Event> events;  ///< in order of time
    std::string outcome;
    std::string reason;
};

/// Reads a recording line by line and believes nothing.
class RecordingReader {
public:
    /// `line` without its end. ERRORS: a sentence that begins with the line's number.
    [[nodiscard]] Result<void, std::string> line(std::string_view line);

    /// After the last line. ERRORS: as line(), when the end is missing.
    [[nodiscard]] Result<Recording, std::string> finish() &&;

private:
    [[nodiscard]] std::string read(std::string_view line);
    [[nodiscard]] std::string read_hello(const nlohmann::json& json);
    [[nodiscard]] std::string read_delta(const nlohmann::json& json);
    [[nodiscard]] std::string read_end(const nlohmann::json& json);

    Recording recording_;
    std::uint64_t lines_ = 0;
    std::uint64_t seq_ = 0;
    Time last_{};
    bool ended_ = false;
};

/// The whole file in memory.
[[nodiscard]] Result<Recording, std::string> read_recording(std::string_view text);

}  // namespace compot::observe
