#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "observe/feed.hpp"

/// A run as a file (doc/recording.md): one JSON object a line, the same events as the feed's
/// (doc/feed.md), grouped by the swarm's own time; packed or not. It holds no wall clock and no
/// floating point, so two runs with one seed give the same bytes. Knows nothing of files: bytes go
/// to a ByteSink and come from memory.

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

    /// What is held back to be joined with what lies within a tenth of a second.
    void flush();

    [[nodiscard]] bool failed() const { return failed_; }

private:
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
    std::string outcome;        ///< "cut off" or "damaged" when it is not whole
    std::string reason;         ///< then the sentence that says where

    enum class State : std::uint8_t {
        Whole,
        CutOff,  ///< it ends before its end line: the run was interrupted, or a copy was
        Damaged  ///< a line can't be believed, whatever follows
    };
    State state = State::Whole;
};

/// Reads a recording line by line and believes nothing.
class RecordingReader {
public:
    /// `line` without its end. ERRORS: a sentence that begins with the line's number.
    [[nodiscard]] Result<void, std::string> line(std::string_view line);

    /// What was read up to here, whole or not. ERRORS: there was no first line that could be read.
    [[nodiscard]] Result<Recording, std::string> finish() &&;

    /// What follows can't be had: `state` and a sentence, unless that was said before.
    void stop(Recording::State state, const std::string& why);

private:
    [[nodiscard]] std::string read(std::string_view line);
    [[nodiscard]] std::string read_hello(const nlohmann::json& json);
    [[nodiscard]] std::string read_delta(const nlohmann::json& json);
    [[nodiscard]] std::string read_end(const nlohmann::json& json);

    Recording recording_;
    std::uint64_t lines_ = 0;
    std::uint64_t seq_ = 0;
    Time last_{};
    bool greeted_ = false;
    bool ended_ = false;
};

/// The whole file in memory, packed or plain; what comes before a cut or a damaged line. ERRORS: a
/// sentence when nothing can be replayed: no recording, or one of another version.
[[nodiscard]] Result<Recording, std::string> read_recording(std::string_view text);

}  // namespace compot::observe
